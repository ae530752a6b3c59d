import { SCOPE_TYPES, type ScopeType } from '../../domain/scope.ts'
import type { Schema } from '../schema.ts'

/**
 * All that is stored. A database keeps its own identity: where the old one still runs, the two can be
 * distinguished.
 */
export type Table = Exclude<keyof Schema, 'memory_identity'>

/** Rows of one table, in an order that both databases agree on. */
export interface Step {
  readonly table: Table
  /** The columns of the primary key: what orders the rows. */
  readonly key: readonly string[]
  /** Only the scopes of this type: a scope refers to one of a type before it. */
  readonly scopeType?: ScopeType
  /** How many rows are read, and written in one transaction. */
  readonly rowsAtOnce: number
}

/** Rows that may take a megabyte each, and small ones. */
const LARGE = 50
const SMALL = 500

type Plan = Pick<Step, 'key' | 'rowsAtOnce'>

/**
 * What a move takes from each table; what others refer to comes first. Null stays behind: the holders and
 * waiters of locks are true only in the database where they were granted, and so are the answers given there,
 * and the agents at work.
 */
const PLANS: Readonly<Record<Table, Plan | null>> = {
  scope: { key: ['id'], rowsAtOnce: SMALL },
  entry: { key: ['seq'], rowsAtOnce: LARGE },
  entry_tag: { key: ['entry_id', 'tag'], rowsAtOnce: SMALL },
  revision: { key: ['entry_id', 'version'], rowsAtOnce: LARGE },
  retired_name: { key: ['scope_id', 'type', 'name'], rowsAtOnce: SMALL },
  tombstone: { key: ['id'], rowsAtOnce: SMALL },
  scope_revision: { key: ['scope_id', 'version'], rowsAtOnce: SMALL },
  relation: { key: ['id'], rowsAtOnce: SMALL },
  conflict: { key: ['id'], rowsAtOnce: LARGE },
  vote: { key: ['scope_id', 'task_id', 'agent_id'], rowsAtOnce: SMALL },
  vote_decision: { key: ['scope_id', 'task_id', 'k', 'quorum'], rowsAtOnce: SMALL },
  change_log: { key: ['id'], rowsAtOnce: SMALL },
  scope_version: { key: ['scope_key'], rowsAtOnce: SMALL },
  counter: { key: ['name'], rowsAtOnce: SMALL },
  api_key: { key: ['id'], rowsAtOnce: SMALL },
  permission: { key: ['id'], rowsAtOnce: SMALL },
  answered_call: null,
  audit: { key: ['seq'], rowsAtOnce: SMALL },
  audit_head: { key: ['id'], rowsAtOnce: SMALL },
  agent: null,
  embedding: null,
  embedding_index: null,
  lease: null,
  lease_waiter: null,
}

/** Every table of the schema. */
const TABLES = Object.keys(PLANS) as Table[]
export const MOVED = TABLES.filter((table) => PLANS[table] !== null)
export const LEFT_BEHIND = TABLES.filter((table) => PLANS[table] === null)

export const STEPS: readonly Step[] = TABLES.flatMap((table): Step[] => {
  const plan = PLANS[table]
  if (plan === null) return []
  return table === 'scope'
    ? SCOPE_TYPES.map((scopeType) => ({ table, scopeType, ...plan }))
    : [{ table, ...plan }]
})
