import type { ToolName } from '../domain/toolsets.ts'
import { AUDIT_OPERATIONS } from './audit/index.ts'
import { CONFLICT_OPERATIONS } from './conflict/index.ts'
import type { AnswerOf, ListedOperation } from './define.ts'
import { ENTRY_OPERATIONS } from './entry/index.ts'
import { EVENT_OPERATIONS } from './event/index.ts'
import { FILE_LOCK_OPERATIONS } from './file-lock/index.ts'
import { check as healthCheck } from './health/check.ts'
import { KEY_OPERATIONS } from './key/index.ts'
import { PERMISSION_OPERATIONS } from './permission/index.ts'
import { QUERY_OPERATIONS } from './query/index.ts'
import { RELATION_OPERATIONS } from './relation/index.ts'
import { SCOPE_OPERATIONS } from './scope/index.ts'
import { TAG_OPERATIONS } from './tag/index.ts'
import { VOTING_OPERATIONS } from './voting/index.ts'

const CATALOGUE = [
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
  ...PERMISSION_OPERATIONS,
  ...KEY_OPERATIONS,
  ...AUDIT_OPERATIONS,
] as const

/** The catalogue: every operation, in the order in which they are shown. */
export const OPERATIONS: readonly ListedOperation[] = CATALOGUE

type Catalogued = (typeof CATALOGUE)[number]

/** The key of an operation; `null` stands for no action. */
type NameOf<O extends Catalogued> = `${O['tool']} ${O['action']}`

type ByName = { [O in Catalogued as NameOf<O>]: O }

/** The actions of a tool; null of a tool without. */
export type ActionOf<T extends ToolName> = {
  [N in keyof ByName]: N extends `${T} ${string}` ? ByName[N]['action'] : never
}[keyof ByName]

/** The operation of that tool and action, with the types of its input and output. */
export type OperationOf<T extends ToolName, A extends string | null> = ByName[`${T} ${A}` & keyof ByName]

/** What the pipeline answers to it. */
export type OutputOf<T extends ToolName, A extends string | null> = AnswerOf<OperationOf<T, A>['output']>
