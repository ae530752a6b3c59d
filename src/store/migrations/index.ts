import type { Migration } from '../migrate.ts'
import { initial } from './0001-initial.ts'
import { keptVersions } from './0002-kept-versions.ts'
import { identity } from './0003-identity.ts'
import { tagIndex } from './0004-tag-index.ts'
import { words } from './0005-words.ts'
import { http } from './0006-http.ts'
import { primaryKeys } from './0007-primary-keys.ts'
import { tombstones } from './0008-tombstones.ts'

export const MIGRATIONS: readonly Migration[] = [
  initial,
  keptVersions,
  identity,
  tagIndex,
  words,
  http,
  primaryKeys,
  tombstones,
]
