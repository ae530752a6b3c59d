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
  readonly heartbeatMs?: number
}

/** Calls of one connection that wait for other agents at once. */
const MOST_WAITING = 1_000

interface Call {
  readonly operation: Operation
  readonly args: Readonly<Record<string, unknown>>
  readonly answerTokens: number
}

/** The running calls of one connection. */
export class Calls {
  readonly #app: Instance
  readonly #callerOf: (request: McpRequest) => Promise<Caller>
  readonly #heartbeatMs: number
  readonly #pass: <T>(work: () => Promise<T>) => Promise<T>
  readonly #waits: (id: string | number) => void
  readonly #running = new Set<AbortController>()
  #waiting = 0
  #isEnding = false

  constructor(
    app: Instance,
    { callerOf, pass = (work) => work(), waits = () => {}, heartbeatMs = HEARTBEAT_MS }: CallsOptions,
  ) {
    this.#app = app
    this.#callerOf = callerOf
    this.#heartbeatMs = heartbeatMs
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
    try {
      return await withProgress(
        request,
        (report) =>
          this.#run({ operation, args, answerTokens }, { ...request, signal: controller.signal }, report),
        this.#heartbeatMs,
      )
    } finally {
      this.#running.delete(controller)
      request.signal.removeEventListener('abort', abort)
    }
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

  async #run(
    { operation, args, answerTokens }: Call,
    request: McpRequest,
    progress: (done: number, total: number) => void,
  ): Promise<Record<string, unknown>> {
    const caller = await this.#callerOf(request)
    const ctx = this.#app.context(caller, { signal: request.signal, progress })
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
