import { AppError } from '../../../domain/errors.ts'
import type { Operation } from '../../../operations/define.ts'
import type { Instance } from '../../../operations/instance.ts'
import { runOperation } from '../../../operations/run.ts'
import type { Entries } from '../../../services/entries/entries.ts'
import type { Caller } from '../../../services/running/caller.ts'
import type { McpRequest } from '../request.ts'
import { HEARTBEAT_MS, withProgress } from './progress.ts'

interface CallsOptions {
  readonly callerOf: (request: McpRequest) => Promise<Caller>
  /** Lets calls wait for a client that does not read; left out where answers have streams of their own. */
  readonly pass?: <T>(work: () => Promise<T>) => Promise<T>
  /** Told of a call that waits for other agents, before it does. */
  readonly waits?: (id: string | number) => void
  /** Whoever made this says of each answer whether it went out (`delivered`, `lost`). */
  readonly knowsDelivery?: boolean
  readonly heartbeatMs?: number
  /** How long a call waits for a client that hears of no progress. */
  readonly silentMs?: number
}

/** Some clients give a call up after a minute, without a word: it is answered before that. */
const SILENT_MS = 48_000

type Undo = () => Promise<void>

/** Calls of one connection that wait for other agents at once. */
const MOST_WAITING = 1_000

interface Call {
  readonly operation: Operation
  readonly args: Readonly<Record<string, unknown>>
  readonly answerTokens: number
  readonly undos: Undo[]
}

/** The running calls of one connection. */
export class Calls {
  readonly #app: Instance
  readonly #callerOf: (request: McpRequest) => Promise<Caller>
  readonly #heartbeatMs: number
  readonly #pass: <T>(work: () => Promise<T>) => Promise<T>
  readonly #waits: (id: string | number) => void
  readonly #silentMs: number
  readonly #knowsDelivery: boolean
  readonly #running = new Set<AbortController>()
  /** What is undone should the answer to a request reach nobody. */
  readonly #undelivered = new Map<string | number, readonly Undo[]>()
  #waiting = 0
  #isEnding = false

  constructor(
    app: Instance,
    {
      callerOf,
      pass = (work) => work(),
      waits = () => {},
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
  }

  /** One operation through the pipeline, its answer within the ceiling. Throws AppError. */
  async run(
    operation: Operation,
    args: Readonly<Record<string, unknown>>,
    request: McpRequest,
    answerTokens = this.#app.config.answerTokens,
  ): Promise<Record<string, unknown>> {
    const controller = new AbortController()
    const abort = () => controller.abort()
    if (request.signal.aborted || this.#isEnding) abort()
    request.signal.addEventListener('abort', abort, { once: true })
    this.#running.add(controller)
    const undos: Undo[] = []
    const call = { operation, args, answerTokens, undos }
    try {
      return await withProgress(
        request,
        (report) => this.#run(call, { ...request, signal: controller.signal }, report),
        this.#heartbeatMs,
      )
    } finally {
      this.#running.delete(controller)
      request.signal.removeEventListener('abort', abort)
      await this.#keepUndos(request, undos)
    }
  }

  /** The client has the answer to this request. */
  delivered(id: string | number): void {
    this.#undelivered.delete(id)
  }

  /** Nobody will see the answer to this request: what only it would have told of is undone. */
  async lost(id: string | number): Promise<void> {
    const undos = this.#undelivered.get(id) ?? []
    this.#undelivered.delete(id)
    // What cannot be given back runs out.
    for (const undo of undos) await undo().catch(() => {})
  }

  /** Nobody will see any further answer. */
  async allLost(): Promise<void> {
    for (const id of [...this.#undelivered.keys()]) await this.lost(id)
  }

  /** Who stands behind a request. */
  callerOf(request: McpRequest): Promise<Caller> {
    return this.#callerOf(request)
  }

  /** The entries in reach that are worth listing. */
  async notable(request: McpRequest): ReturnType<Entries['notable']> {
    return this.#app.services.entries.notable(await this.#callerOf(request))
  }

  /** Lets calls that wait for something give up, from now on at once; the others go on to their end. */
  endWaits(): void {
    this.#isEnding = true
    for (const controller of this.#running) controller.abort()
  }

  /** A cancelled request gets no answer any more; of the others whoever sends them says what became of it. */
  async #keepUndos({ id, signal }: McpRequest, undos: readonly Undo[]): Promise<void> {
    if (undos.length === 0 || !(signal.aborted || this.#knowsDelivery)) return
    this.#undelivered.set(id, undos)
    if (signal.aborted) await this.lost(id)
    else signal.addEventListener('abort', () => void this.lost(id), { once: true })
  }

  async #run(
    { operation, args, answerTokens, undos }: Call,
    request: McpRequest,
    progress: (done: number, total: number) => void,
  ): Promise<Record<string, unknown>> {
    const caller = await this.#callerOf(request)
    const ctx = this.#app.context(caller, {
      signal: request.signal,
      progress,
      mostWaitMs: request.notifyProgress ? Infinity : this.#silentMs,
      unlessDelivered: (undo) => void undos.push(undo),
    })
    const run = () => runOperation({ ...this.#app.pipeline, answerTokens }, ctx, operation, args)
    return operation.mayWait ? this.#wait(request, run) : this.#pass(run)
  }

  /** Takes nobody's turn. How many do is bounded: each costs memory for as long as it waits. */
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
