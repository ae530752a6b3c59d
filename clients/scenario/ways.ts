import type { CliClient } from '../agents/client.ts'
import type { Stage } from '../stage.ts'
import { HTTP_STEPS, overHttp } from './over-http.ts'
import { overStdio, STDIO_STEPS } from './over-stdio.ts'
import { HOOK_STEPS, withHooks } from './with-hooks.ts'

/** A way to the server, by the model's calls or by the client's hooks, and what is tried on it. */
export interface Way {
  readonly name: string
  readonly steps: readonly string[]
  readonly play: (client: CliClient, stage: Stage) => Promise<void>
}

export const WAYS: readonly Way[] = [
  { name: 'stdio', steps: STDIO_STEPS, play: overStdio },
  { name: 'http', steps: HTTP_STEPS, play: overHttp },
  { name: 'hooks', steps: HOOK_STEPS, play: withHooks },
]
