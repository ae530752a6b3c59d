import type { Migration } from '../migrate.ts'
import { initial } from './0001-initial.ts'
import { keptVersions } from './0002-kept-versions.ts'
import { identity } from './0003-identity.ts'
import { tagIndex } from './0004-tag-index.ts'
import { words } from './0005-words.ts'
import { http } from './0006-http.ts'
import { primaryKeys } from './0007-primary-keys.ts'
import { tombstones } from './0008-tombstones.ts'
import { agents } from './0009-agents.ts'
import { reviews } from './0010-reviews.ts'
import { importedTombstones } from './0011-imported-tombstones.ts'
import { permissions } from './0012-permissions.ts'
import { audit } from './0013-audit.ts'
import { embeddings } from './0014-embeddings.ts'
import { vocabulary } from './0015-vocabulary.ts'
import { narrowLocks } from './0016-narrow-locks.ts'
import { voteDecisions } from './0017-vote-decisions.ts'
import { voteScopes } from './0018-vote-scopes.ts'
import { callClaims } from './0019-call-claims.ts'
import { wordsOfMany } from './0020-words-of-many.ts'
import { restoredRows } from './0021-restored-rows.ts'

export const MIGRATIONS: readonly Migration[] = [
  initial,
  keptVersions,
  identity,
  tagIndex,
  words,
  http,
  primaryKeys,
  tombstones,
  agents,
  reviews,
  importedTombstones,
  permissions,
  audit,
  embeddings,
  vocabulary,
  narrowLocks,
  voteDecisions,
  voteScopes,
  callClaims,
  wordsOfMany,
  restoredRows,
]
