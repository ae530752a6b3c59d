import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { ErrorBody } from '../../src/domain/errors.ts'
import { databaseEnv } from './database.ts'
import { redisEnv } from './redis-env.ts'
import { compileCache, testProgram } from './test-programs.ts'

/** What a worker process answers to one line; see worker.ts. */
export type WorkerAnswer =
  | { readonly id: number; readonly result: object }
  | { readonly id: number; readonly error: ErrorBody['error'] }

export interface WorkerCall {
  readonly agentId?: string
  readonly signal?: AbortSignal
}

/** A refused call in the other process. */
export class WorkerRefusal extends Error {
  override readonly name = 'WorkerRefusal'
  readonly body: ErrorBody['error']

  constructor(body: ErrorBody['error']) {
    super(`${body.name}: ${body.message}`)
    this.body = body
  }
}

/** A real second process on a data folder. Calls run at once, side by side, and are answered as they finish. */
export class WorkerProcess {
  readonly pid: number
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (answer: WorkerAnswer | Error) => void>()
  readonly #ended: Promise<unknown>
  #stderr = ''
  #lastId = 0

  private constructor(child: ChildProcess) {
    this.#child = child
    this.pid = child.pid ?? 0
    this.#ended = once(child, 'close')
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString()
    })
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => this.#settle(line))
    child.stdin?.on('error', () => {})
    child.on('close', (code, signal) =>
      this.#rejectAll(new Error(`worker ended (${code ?? signal}) ${this.#stderr}`)),
    )
  }

  /** Starts a worker and waits until its App is open. Give `env` for settings; stop() or kill() it. */
  static async start(options: {
    dataDir: string
    agentId?: string
    env?: Readonly<Record<string, string>>
  }): Promise<WorkerProcess> {
    const args = ['--no-warnings', testProgram('worker.ts'), options.agentId ?? 'worker']
    const env = {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: compileCache(),
      ...databaseEnv(options.dataDir),
      ...redisEnv(options.dataDir),
      ...options.env,
      AGENT_MEMORY_DATA_DIR: options.dataDir,
    }
    const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
    const worker = new WorkerProcess(child)
    await worker.#ask(0, undefined)
    return worker
  }

  /** One operation in the other process. Throws WorkerRefusal with the error's body, or an Error when the process ended. */
  async call<R extends object = Record<string, unknown>>(
    tool: string,
    action: string | null,
    args: Readonly<Record<string, unknown>> = {},
    { agentId, signal }: WorkerCall = {},
  ): Promise<R> {
    const id = ++this.#lastId
    const cancel = () => this.#send({ cancel: id })
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      return (await this.#ask(id, { id, tool, action, args, agentId })) as R
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  /** kill -9 unless another signal is given (SIGSTOP and SIGCONT freeze and wake it). Waits for the end of a killed one. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#child.kill(signal)
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await this.#ended
  }

  /** Lets it close its App and end. Fine on one that has ended. */
  async stop(): Promise<void> {
    this.#child.stdin?.end()
    await this.#ended
  }

  async #ask(id: number, request: object | undefined): Promise<object> {
    const { promise, resolve } = Promise.withResolvers<WorkerAnswer | Error>()
    this.#waiting.set(id, resolve)
    if (request) this.#send(request)
    if (this.#child.exitCode !== null || this.#child.signalCode !== null)
      this.#rejectAll(new Error(`worker ended ${this.#stderr}`))
    const answer = await promise
    if (answer instanceof Error) throw answer
    if ('error' in answer) throw new WorkerRefusal(answer.error)
    return answer.result
  }

  #send(line: object): void {
    this.#child.stdin?.write(`${JSON.stringify(line)}\n`)
  }

  #settle(line: string): void {
    const answer = JSON.parse(line) as WorkerAnswer
    this.#waiting.get(answer.id)?.(answer)
    this.#waiting.delete(answer.id)
  }

  #rejectAll(error: Error): void {
    for (const settle of this.#waiting.values()) settle(error)
    this.#waiting.clear()
  }
}

/** Runs `body` with so many workers (agents worker-1, worker-2, …) on one data folder; they are ended whatever happens. */
export async function withWorkers<T>(
  options: { dataDir: string; count: number; env?: Readonly<Record<string, string>> },
  body: (...workers: WorkerProcess[]) => Promise<T>,
): Promise<T> {
  const starts = Array.from({ length: options.count }, (_, i) =>
    WorkerProcess.start({ ...options, agentId: `worker-${i + 1}` }),
  )
  const settled = await Promise.allSettled(starts)
  const workers = settled.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
  try {
    for (const start of settled) if (start.status === 'rejected') throw start.reason
    return await body(...workers)
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()))
  }
}
