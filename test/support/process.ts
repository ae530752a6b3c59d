import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { ErrorBody } from '../../src/domain/errors.ts'
import { databaseEnv } from './database.ts'
import { redisEnv, testPatience } from './redis-env.ts'
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

interface WorkerOptions {
  readonly dataDir: string
  /** Settings; what else is in it is given to the process. */
  readonly env?: Readonly<Record<string, string>>
  /** After which a waiter of it counts as gone; for tests of the order, in which a slow one is to keep its turn. */
  readonly silentAfterMs?: number | undefined
}

/** Processes that a test has left in order, their App closed, for the next test of this worker: to start one takes much longer. */
const spares: WorkerProcess[] = []

/** A real second process on a data folder. Calls run at once, side by side, and are answered as they finish. */
export class WorkerProcess {
  readonly pid: number
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (answer: WorkerAnswer | Error) => void>()
  readonly #ended: Promise<unknown>
  #stderr = ''
  #lastId = 0
  #isSpared = true

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

  /** A new process; waits until its App is open. stop() or kill() it. */
  static async start({
    agentId = 'worker',
    ...options
  }: WorkerOptions & { agentId?: string }): Promise<WorkerProcess> {
    const env = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: compileCache(), ...options.env }
    const args = ['--no-warnings', testProgram('worker.ts')]
    const worker = new WorkerProcess(spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'pipe'] }))
    await worker.#open(agentId, options)
    return worker
  }

  /** The same, in a process that an earlier test has left where there is one. Give it back. */
  static async lend(options: WorkerOptions & { agentId: string }): Promise<WorkerProcess> {
    const spare = areSettings(options.env) ? spares.pop() : undefined
    if (spare === undefined) return WorkerProcess.start(options)
    await spare.#open(options.agentId, options)
    return spare
  }

  /** Closes its App and keeps the process; one that is frozen, has been told to end or still works is killed. */
  async giveBack(): Promise<void> {
    if (!this.#isSpared || this.#waiting.size > 0 || this.#hasEnded()) return this.kill()
    await this.#ask({ close: true })
    spares.push(this)
  }

  async #open(agentId: string, { dataDir, env = {}, silentAfterMs }: WorkerOptions): Promise<void> {
    this.#isSpared &&= areSettings(env)
    const settings = { ...databaseEnv(dataDir), ...redisEnv(dataDir), ...env, AGENT_MEMORY_DATA_DIR: dataDir }
    await this.#ask({ open: { settings, agentId, patience: { ...testPatience, silentAfterMs } } })
  }

  /** One operation in the other process. Throws WorkerRefusal with the error's body, or an Error when the process ended. */
  async call<R extends object = Record<string, unknown>>(
    tool: string,
    action: string | null,
    args: Readonly<Record<string, unknown>> = {},
    { agentId, signal }: WorkerCall = {},
  ): Promise<R> {
    const asked = this.#ask({ tool, action, args, agentId })
    const id = this.#lastId
    const cancel = () => this.#send({ cancel: id })
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      return (await asked) as R
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  /** kill -9 unless another signal is given (SIGSTOP and SIGCONT freeze and wake it). Waits for the end of a killed one. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#isSpared = false
    this.#child.kill(signal)
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await this.#ended
  }

  /** Lets it close its App and end. Fine on one that has ended. */
  async stop(): Promise<void> {
    this.#isSpared = false
    this.#child.stdin?.end()
    await this.#ended
  }

  async #ask(request: object): Promise<object> {
    const id = ++this.#lastId
    const { promise, resolve } = Promise.withResolvers<WorkerAnswer | Error>()
    this.#waiting.set(id, resolve)
    this.#send({ id, ...request })
    if (this.#hasEnded()) this.#rejectAll(new Error(`worker ended ${this.#stderr}`))
    const answer = await promise
    if (answer instanceof Error) throw answer
    if ('error' in answer) throw new WorkerRefusal(answer.error)
    return answer.result
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
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

/**
 * Runs `body` with so many workers (agents worker-1, worker-2, …) on one data folder, whatever happens to them. They may be
 * processes that served earlier tests, unless the start itself is what is tried.
 */
export async function withWorkers<T>(
  { count, areNew = false, ...options }: WorkerOptions & { count: number; areNew?: boolean },
  body: (...workers: WorkerProcess[]) => Promise<T>,
): Promise<T> {
  const begin = areNew ? WorkerProcess.start : WorkerProcess.lend
  const starts = Array.from({ length: count }, (_, i) => begin({ ...options, agentId: `worker-${i + 1}` }))
  const settled = await Promise.allSettled(starts)
  const workers = settled.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
  try {
    for (const start of settled) if (start.status === 'rejected') throw start.reason
    return await body(...workers)
  } finally {
    await Promise.all(workers.map((worker) => worker.giveBack()))
  }
}

function areSettings(env: Readonly<Record<string, string>> = {}): boolean {
  return Object.keys(env).every((name) => name.startsWith('AGENT_MEMORY_'))
}
