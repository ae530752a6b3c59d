import type { z } from 'zod'
import type { DeepReadonly } from '../domain/deep-readonly.ts'
import type { ToolName } from '../domain/toolsets.ts'
import type { Caller } from '../services/running/caller.ts'
import type { Services } from '../services/running/services.ts'
import type { Route } from './routes.ts'

/** The per-call object: who calls, what they may use, and the way to stop or to show progress. */
export interface OperationContext extends Services {
  readonly caller: Caller
  /** Aborted when the client cancels the call or goes away. */
  readonly signal: AbortSignal
  /** Nothing is merged into what has moved on since `base_version` (HTTP's If-Match). */
  readonly isStrict: boolean
  /** Progress of a long call, as done of total. */
  readonly progress: (done: number, total: number) => void
  /** The caller hears of the answer no later than this from now; it gives a longer wait up. */
  readonly mostWaitMs: number
  /** Takes what is to be undone should the answer reach nobody. */
  readonly unlessDelivered: (undo: () => Promise<void>) => void
}

export interface OperationHints {
  readonly readOnly: boolean
  readonly destructive: boolean
  readonly idempotent: boolean
}

/** One action of one tool: the only definition that MCP, the command line and the reference pages are derived from. */
export interface Operation<
  I extends z.ZodObject = z.ZodObject,
  O extends z.ZodType = z.ZodType,
  T extends string = string,
> {
  readonly tool: T
  /** The word after the tool; null for a tool that has no actions. */
  readonly action: string | null
  /** How REST asks for it; the first is the usual way. */
  readonly routes: readonly [Route, ...Route[]]
  /** One sentence in the imperative, for agents and people alike. */
  readonly summary: string
  readonly hints: OperationHints
  readonly input: I
  readonly output: O
  /** Arguments that work on a fresh database, or a command line that shows the use: for --help and the reference. */
  readonly example: string
  /** Answers however many calls there were: whoever looks after the server needs it just then. */
  readonly isUnlimited?: true
  /** Waits for other agents, with an answer that is small: it takes nobody's turn. */
  readonly mayWait?: true
  /** Positional arguments of the command line, in order. */
  readonly positional?: readonly string[]
  // A method, so that the catalogue can hold operations of every input; runOperation parses before it runs.
  run(ctx: OperationContext, input: z.output<I>): Promise<DeepReadonly<z.input<O>>>
}

/** One of the catalogue: a toolset lists its tool. */
export type ListedOperation = Operation<z.ZodObject, z.ZodType, ToolName>

/** The identity function with types. `agent_id` is every operation's argument and is added by the pipeline. */
export function defineOperation<I extends z.ZodObject, O extends z.ZodType, T extends string>(
  operation: Operation<I, O, T>,
): Operation<I, O, T> {
  return operation
}
