import type { HttpBindings } from '@hono/node-server'
import type { Instance } from '../../operations/instance.ts'
import type { Caller } from '../../services/running/caller.ts'
import type { Log } from '../log.ts'
import type { MakeServer } from '../mcp/server.ts'
import type { Identity } from './guards/access.ts'
import type { Tracing } from './tracing/tracing.ts'

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
  /** Left out where traces go nowhere. */
  readonly tracing?: Tracing
  /** What is served at `/mcp`; left out for this program's own tools. */
  readonly mcpServer?: MakeServer
}
