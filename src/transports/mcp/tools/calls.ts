import type { App } from '../../../operations/app.ts'
import type { Operation } from '../../../operations/define.ts'
import { runOperation } from '../../../operations/run.ts'
import type { Caller } from '../../../services/running/caller.ts'
import type { McpRequest } from '../request.ts'
import { HEARTBEAT_MS, withProgress } from './progress.ts'

interface CallsOptions {
  readonly callerOf: (request: McpRequest) => Promise<Caller>
  /** Lets calls wait for a client that does not read; left out where answers have streams of their own. */
  readonly pass?: <T>(work: () => Promise<T>) => Promise<T>
  readonly heartbeatMs?: number
}

/** The running calls of one connection. */
export class Calls {
  readonly #app: App
  readonly #callerOf: (request: McpRequest) => Promise<Caller>
  readonly #heartbeatMs: number
  readonly #pass: <T>(work: () => Promise<T>) => Promise<T>
  readonly #running = new Set<AbortController>()
  #isEnding = false

  constructor(app: App, { callerOf, pass = (work) => work(), heartbeatMs = HEARTBEAT_MS }: CallsOptions) {
    this.#app = app
    this.#callerOf = callerOf
    this.#heartbeatMs = heartbeatMs
    this.#pass = pass
  }

  /** One operation through the pipeline. Throws AppError. */
  async run(
    operation: Operation,
    args: Readonly<Record<string, unknown>>,
    request: McpRequest,
  ): Promise<Record<string, unknown>> {
    const controller = new AbortController()
    const abort = () => controller.abort()
    if (request.signal.aborted || this.#isEnding) abort()
    request.signal.addEventListener('abort', abort, { once: true })
    this.#running.add(controller)
    try {
      return await withProgress(
        request,
        (report) => this.#run(operation, args, { ...request, signal: controller.signal }, report),
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

  /** Lets calls that wait for something give up, from now on at once; the others go on to their end. */
  endWaits(): void {
    this.#isEnding = true
    for (const controller of this.#running) controller.abort()
  }

  async #run(
    operation: Operation,
    args: Readonly<Record<string, unknown>>,
    request: McpRequest,
    progress: (done: number, total: number) => void,
  ): Promise<Record<string, unknown>> {
    const caller = await this.#callerOf(request)
    const ctx = this.#app.context(caller, { signal: request.signal, progress })
    const run = () => runOperation(this.#app.pipeline, ctx, operation, args)
    return operation.mayWait ? run() : this.#pass(run)
  }
}
