import type { z } from 'zod'
import { AppError } from '../../../domain/errors.ts'
import type { MemoryEvent } from '../../../domain/event.ts'
import type { Lease } from '../../../domain/leases/lease.ts'
import { withRights } from '../../../operations/authorize.ts'
import type { AnswerOf, Operation } from '../../../operations/define.ts'
import type { Instance } from '../../../operations/instance.ts'
import { runOperation } from '../../../operations/run.ts'
import type { Entries } from '../../../services/entries/entries.ts'
import type { Caller } from '../../../services/running/caller.ts'
import type { McpRequest } from '../request.ts'
import { HEARTBEAT_MS, withProgress } from './progress.ts'

interface CallsOptions {
  readonly callerOf: (request: McpRequest) => Promise<Caller>
  /** Lets calls wait for a client that does not read; left out where answers have streams of their own. */
  readonly pass?: <T>(work: () => Promise<T>, lane: 'reading' | 'writing') => Promise<T>
  /** Called for a call that waits for other agents, before it does. */
  readonly waits?: (id: string | number) => void
  /** Called for an operation that has run, without a refusal. */
  readonly ran?: (operation: Operation) => void
  /** The transport reports of each answer whether it was sent (`delivered`, `lost`). */
  readonly knowsDelivery?: boolean
  readonly heartbeatMs?: number
  /** How long a call waits for a client that hears of no progress. */
  readonly silentMs?: number
}

/** Some clients give a call up after a minute, without a word: it is answered before that. */
const SILENT_MS = 48_000

/** Calls of one connection that wait for other agents at once. */
const MOST_WAITING = 1_000

interface Call<O extends z.ZodType> {
  readonly operation: Operation<z.ZodObject, O>
  readonly args: Readonly<Record<string, unknown>>
  readonly answerTokens: number
  readonly fresh: Lease[]
  readonly isTold: boolean
}

/** The running calls of one connection. */
export class Calls {
  readonly #app: Instance
  readonly #callerOf: (request: McpRequest) => Promise<Caller>
  readonly #heartbeatMs: number
  readonly #pass: NonNullable<CallsOptions['pass']>
  readonly #waits: (id: string | number) => void
  readonly #ran: (operation: Operation) => void
  readonly #silentMs: number
  readonly #knowsDelivery: boolean
  readonly #running = new Set<AbortController>()
  /** The locks that are given back should the answer to a request not be delivered. */
  readonly #undelivered = new Map<string | number, readonly Lease[]>()
  /** The tokens of the locks that an agent got over this connection. */
  readonly #tokens = new Map<string, Set<number>>()
  #waiting = 0
  #isEnding = false

  constructor(
    app: Instance,
    {
      callerOf,
      pass = (work) => work(),
      waits = () => {},
      ran = () => {},
      knowsDelivery = false,
      heartbeatMs = HEARTBEAT_MS,
      silentMs = SILENT_MS,
    }: CallsOptions,
  ) {
    this.#app = app
    this.#callerOf = callerOf
    this.#heartbeatMs = heartbeatMs
    this.#silentMs = silentMs
    this.#knowsDelivery = knowsDelivery
    this.#pass = pass
    this.#waits = waits
    this.#ran = ran
  }

  /** One operation through the pipeline, its answer within the ceiling. Throws AppError. */
  async run<O extends z.ZodType>(
    operation: Operation<z.ZodObject, O>,
    args: Readonly<Record<string, unknown>>,
    request: McpRequest,
    { answerTokens = this.#app.config.answerTokens, isTold = false } = {},
  ): Promise<AnswerOf<O>> {
    const controller = new AbortController()
    const abort = () => controller.abort()
    if (request.signal.aborted || this.#isEnding) abort()
    request.signal.addEventListener('abort', abort, { once: true })
    this.#running.add(controller)
    const fresh: Lease[] = []
    const call = { operation, args, answerTokens, isTold, fresh }
    try {
      return await withProgress(
        request,
        (report) => this.#run(call, { ...request, signal: controller.signal }, report),
        this.#heartbeatMs,
      )
    } finally {
      this.#running.delete(controller)
      request.signal.removeEventListener('abort', abort)
      await this.#untilDelivered(request, fresh)
    }
  }

  /** The client has the answer to this request. */
  delivered(id: string | number): void {
    this.#undelivered.delete(id)
  }

  /**
   * The answer to this request was not delivered: the locks that only it would have announced are given back.
   */
  async lost(id: string | number): Promise<void> {
    const leases = this.#undelivered.get(id) ?? []
    this.#undelivered.delete(id)
    // What cannot be given back runs out.
    await this.#app.services.leases.giveBack(leases).catch(() => {})
  }

  /** No further answer is delivered. */
  async allLost(): Promise<void> {
    for (const id of [...this.#undelivered.keys()]) await this.lost(id)
  }

  /** The caller behind a request. */
  callerOf(request: McpRequest): Promise<Caller> {
    return this.#callerOf(request)
  }

  /** The entries in reach that are worth listing. */
  async notable(request: McpRequest): ReturnType<Entries['notable']> {
    return this.#app.services.entries.notable(await this.#known(request))
  }

  /** The events among these that the caller behind a request may see. */
  async seen(request: McpRequest, events: readonly MemoryEvent[]): Promise<readonly MemoryEvent[]> {
    return events.length === 0 ? events : this.#app.services.events.seenBy(await this.#known(request), events)
  }

  async #known(request: McpRequest): Promise<Caller> {
    const { pipeline, services } = this.#app
    const held = { mode: pipeline.permissions, permissions: services.permissions }
    return withRights(await this.#callerOf(request), held)
  }

  /** Lets calls that wait for something give up, from now on at once; the others go on to their end. */
  endWaits(): void {
    this.#isEnding = true
    for (const controller of this.#running) controller.abort()
  }

  /** The tokens of the locks that this agent got over this connection. */
  tokensOf(agentId: string): ReadonlySet<number> {
    return this.#tokens.get(agentId) ?? new Set()
  }

  #grant(leases: readonly Lease[]): void {
    for (const { agentId, token } of leases)
      this.#tokens.set(agentId, (this.#tokens.get(agentId) ?? new Set<number>()).add(token))
  }

  /** A cancelled request gets no answer any more; of the others the transport reports whether it was sent. */
  async #untilDelivered({ id, signal }: McpRequest, leases: readonly Lease[]): Promise<void> {
    this.#grant(leases)
    if (leases.length === 0 || !(signal.aborted || this.#knowsDelivery)) return
    this.#undelivered.set(id, leases)
    if (signal.aborted) await this.lost(id)
    else signal.addEventListener('abort', () => void this.lost(id), { once: true })
  }

  async #run<O extends z.ZodType>(
    { operation, args, answerTokens, isTold, fresh }: Call<O>,
    request: McpRequest,
    progress: (done: number, total: number) => void,
  ): Promise<AnswerOf<O>> {
    const caller = await this.#callerOf(request)
    const ctx = this.#app.context(caller, {
      signal: request.signal,
      isTold,
      progress,
      mostWaitMs: request.notifyProgress ? Infinity : this.#silentMs,
      granted: (leases) => void fresh.push(...leases),
    })
    const run = () => runOperation({ ...this.#app.pipeline, answerTokens }, ctx, operation, args)
    const lane = operation.hints.readOnly ? 'reading' : 'writing'
    const answer = await (operation.mayWait ? this.#wait(request, run) : this.#pass(run, lane))
    this.#ran(operation)
    return answer
  }

  /**
   * Waits without taking a turn of the other calls. The number of such calls is bounded: each costs memory
   * for as long as it waits.
   */
  async #wait<T>({ id }: McpRequest, run: () => Promise<T>): Promise<T> {
    this.#waits(id)
    if (this.#waiting >= MOST_WAITING) throw tooManyWait()
    this.#waiting++
    try {
      return await run()
    } finally {
      this.#waiting--
    }
  }
}

function tooManyWait(): AppError {
  return new AppError('RATE_LIMITED', `${MOST_WAITING} calls of this connection wait already.`, {
    details: { retry_after_ms: RETRY_MS },
  })
}

const RETRY_MS = 1_000
