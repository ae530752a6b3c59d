import type { Operation } from '../../../operations/define.ts'
import { list as listEvents } from '../../../operations/event/list.ts'
import type { Instance } from '../../../operations/instance.ts'
import { runOperation } from '../../../operations/run.ts'
import { current } from '../../../operations/scope/current.ts'
import { presence } from '../../../operations/scope/presence.ts'
import type { Caller } from '../../../services/running/caller.ts'
import type { Row } from '../view/cells.ts'

/** What the screen shows. */
export interface Status {
  readonly project: Row
  readonly agents: readonly Row[]
  /** Newest first. */
  readonly events: readonly Row[]
  readonly more_agents?: unknown
  readonly locks_known?: unknown
}

const SHOWN_EVENTS = 8
/** Most of them may be of other projects. */
const READ_EVENTS = 100

/** The state by the operations that every client has. */
export async function readStatus(app: Instance, caller: Caller): Promise<Status> {
  const ctx = app.context(caller)
  // A person's screen is not counted as calls of an agent, nor cut to what a model reads.
  const { now, secrets, permissions } = app.pipeline
  const pipeline = { now, record: () => {}, secrets, permissions }
  const ask = (operation: Operation, args: Row) => runOperation(pipeline, ctx, operation, args)
  const here = await ask(current, {})
  const {
    agents,
    scope_type: _type,
    scope_id: _id,
    scope: _scope,
    ...more
  } = await ask(presence, { limit: 100 })
  const newest = await app.services.events.newest()
  const { events } = await ask(listEvents, { since: Math.max(0, newest - READ_EVENTS), limit: READ_EVENTS })
  return {
    project: here,
    agents: agents as Row[],
    events: (events as Row[]).slice(-SHOWN_EVENTS).reverse(),
    ...more,
  }
}
