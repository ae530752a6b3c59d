import type { z } from 'zod'
import type { DeepReadonly } from '../domain/deep-readonly.ts'
import type { Lease } from '../domain/leases/lease.ts'
import type { ToolName } from '../domain/toolsets.ts'
import type { Caller } from '../services/running/caller.ts'
import type { Services } from '../services/running/services.ts'
import type { Need } from './need.ts'
import type { Route } from './routes.ts'

/** The per-call object: the caller, the services it may use, and the way to stop or to show progress. */
export interface OperationContext extends Services {
  readonly caller: Caller
  /** Aborted when the client cancels the call or goes away. */
  readonly signal: AbortSignal
  /** Nothing is merged into what has moved on since `base_version` (HTTP's If-Match). */
  readonly isStrict: boolean
  /** The caller reads the whole answer: what it should know may stand beside it (`notices`). */
  readonly isTold: boolean
  /** Progress of a long call, as done of total. */
  readonly progress: (done: number, total: number) => void
  /** The caller hears of the answer no later than this from now; it gives a longer wait up. */
  readonly mostWaitMs: number
  /** Hears of the file locks that the caller did not have before. */
  readonly granted: (fresh: readonly Lease[]) => void
}

export interface OperationHints {
  readonly readOnly: boolean
  readonly destructive: boolean
  readonly idempotent: boolean
}

interface WithoutSchemas<
  I extends z.ZodObject,
  O extends z.ZodType,
  T extends string,
  A extends string | null,
> {
  readonly tool: T
  /** The word after the tool; null for a tool that has no actions. */
  readonly action: A
  /** How REST asks for it; the first is the usual way. */
  readonly routes: readonly [Route, ...Route[]]
  /** One sentence in the imperative, for agents and people alike. */
  readonly summary: string
  readonly hints: OperationHints
  /** Arguments that work on a fresh database, or a command line that shows the use: for --help and the reference. */
  readonly example: string
  /** What the caller must have been granted, where that is asked (`authorize.ts`). What it lists it narrows by itself. */
  needs(
    ctx: Pick<OperationContext, 'caller' | 'places' | 'permissions'>,
    input: z.output<I>,
  ): Promise<readonly Need[]>
  /** It changes rights: never for callers over a network without a key of an administrator. */
  readonly isAdministration?: true
  /** Its answer holds what must be kept nowhere. */
  readonly answersSecret?: true
  /** Answers however many calls there were: an operator needs it just when there are too many. */
  readonly isUnlimited?: true
  /** Its answer follows from its arguments and from what it reads in the database: a transport may give it again as it is. */
  readonly isRepeatable?: true
  /** Makes an overview for people. It can be called over MCP too, but is not listed there: every agent reads that list at its start. */
  readonly isForPeople?: true
  /** Waits for other agents, with an answer that is small: it takes no turn from other calls. */
  readonly mayWait?: true
  /** An answer that a script must not take for a success: the command line then ends with 1. */
  readonly isBad?: (answer: Readonly<Record<string, unknown>>) => boolean
  /** Positional arguments of the command line, in order. */
  readonly positional?: readonly string[]
  // A method, so that the catalogue can hold operations of every input; runOperation parses before it runs.
  run(ctx: OperationContext, input: z.output<I>): Promise<DeepReadonly<z.input<O>>>
}

/** One action of one tool: the only definition that MCP, the command line and the reference pages are derived from. */
export interface Operation<
  I extends z.ZodObject = z.ZodObject,
  O extends z.ZodType = z.ZodType,
  T extends string = string,
  A extends string | null = string | null,
> extends WithoutSchemas<I, O, T, A> {
  readonly input: I
  readonly output: O
}

/** How it is written down. */
interface Definition<I extends z.ZodObject, O extends z.ZodType, T extends string, A extends string | null>
  extends WithoutSchemas<I, O, T, A> {
  readonly input: () => I
  readonly output: () => O
}

/** One of the catalogue: a toolset lists its tool. */
export type ListedOperation = Operation<z.ZodObject, z.ZodType, ToolName>

/**
 * The operation, its schemas made when they are first asked for: a program that starts for one call would build those of all
 * others. `agent_id` is every operation's argument and is added by the pipeline.
 */
export function defineOperation<
  I extends z.ZodObject,
  O extends z.ZodType,
  T extends string,
  const A extends string | null,
>(definition: Definition<I, O, T, A>): Operation<I, O, T, A> {
  const [input, output] = [once(definition.input), once(definition.output)]
  return {
    ...definition,
    get input() {
      return input()
    },
    get output() {
      return output()
    },
  }
}

/** The same object each time: what is derived from a schema is remembered by it. */
function once<S extends object>(make: () => S): () => S {
  let made: S | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** What the pipeline answers for an operation; of one that is known only at run time, an object. */
export type AnswerOf<O extends z.ZodType> =
  unknown extends z.output<O> ? Record<string, unknown> : DeepReadonly<z.output<O>>
