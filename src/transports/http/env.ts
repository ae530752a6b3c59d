import type { HttpBindings } from '@hono/node-server'
import type { Instance } from '../../operations/instance.ts'
import type { Caller } from '../../services/running/caller.ts'
import type { Log } from '../log.ts'
import type { Identity } from './access.ts'

/** What the parts of the HTTP server hand on with a request. */
export interface HttpEnv {
  Bindings: HttpBindings
  Variables: { identity: Identity; caller: Caller; requestId: string }
}

export interface HttpParts {
  readonly app: Instance
  readonly log: Log
  /** Aborted when the server ends. */
  readonly ending: AbortSignal
}
