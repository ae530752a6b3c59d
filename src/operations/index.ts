import { CONFLICT_OPERATIONS } from './conflict/index.ts'
import type { ListedOperation } from './define.ts'
import { ENTRY_OPERATIONS } from './entry/index.ts'
import { EVENT_OPERATIONS } from './event/index.ts'
import { FILE_LOCK_OPERATIONS } from './file-lock/index.ts'
import { check as healthCheck } from './health/check.ts'
import { QUERY_OPERATIONS } from './query/index.ts'
import { RELATION_OPERATIONS } from './relation/index.ts'
import { SCOPE_OPERATIONS } from './scope/index.ts'
import { TAG_OPERATIONS } from './tag/index.ts'
import { VOTING_OPERATIONS } from './voting/index.ts'

/** The catalogue: every operation, in the order in which they are shown. */
export const OPERATIONS: readonly ListedOperation[] = [
  ...QUERY_OPERATIONS,
  ...ENTRY_OPERATIONS,
  ...SCOPE_OPERATIONS,
  ...TAG_OPERATIONS,
  ...RELATION_OPERATIONS,
  ...CONFLICT_OPERATIONS,
  ...FILE_LOCK_OPERATIONS,
  ...VOTING_OPERATIONS,
  ...EVENT_OPERATIONS,
  healthCheck,
]
