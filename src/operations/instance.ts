import type { Config } from '../config.ts'
import type { Caller } from '../services/running/caller.ts'
import type { Services } from '../services/running/services.ts'
import type { OperationContext } from './define.ts'
import type { Pipeline } from './run.ts'

type CallContext = Pick<
  OperationContext,
  'signal' | 'progress' | 'isStrict' | 'isTold' | 'mostWaitMs' | 'granted'
>

/** One running instance: what every transport needs to serve calls. */
export interface Instance {
  readonly config: Config
  readonly instanceId: string
  readonly services: Services
  readonly pipeline: Pipeline
  /** The per-call object for this caller. */
  context(caller: Caller, call?: Partial<CallContext>): OperationContext
  /** For one that goes on serving: tells the others on its server so (`instance.up`), and at the end that it is gone. */
  announce(): void
  close(): Promise<void>
}
