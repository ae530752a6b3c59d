import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Order, WorkerSettings } from './work/settings.ts'

const WORKER = join(import.meta.dirname, 'worker.ts')
const RETRY_MS = 100
/** A start takes a second at least, and no database is away for so many of them. */
const MOST_TRIES = 120

type WithoutId<T> = T extends Order ? Omit<T, 'id'> : never

export interface InstanceOptions {
  readonly env: Readonly<Record<string, string>>
  /** For the n-th process in this place, from 1. */
  readonly settings: (generation: number) => WorkerSettings
  /** A process that was open ended by itself; what it said on stderr. */
  readonly onCrash: (process: string, said: string) => void
}

/** A place that always has a process: one that was killed is followed by the next. */
export class Instance {
  readonly #options: InstanceOptions
  readonly #waiting = new Map<number, (answer: Record<string, unknown>) => void>()
  #child: ChildProcess | undefined
  #generation = 0
  #lastOrder = 0
  #stderr = ''
  #isOpen = false
  #isEnding = false
  #starting: Promise<void> | undefined

  constructor(options: InstanceOptions) {
    this.#options = options
  }

  /** The name of the present process in the history. */
  get by(): string {
    return this.#options.settings(this.#generation).by
  }

  /** Starts a process unless there is one, again and again until one is open: a database may be away. */
  start(): Promise<void> {
    if (!this.#child) this.#starting ??= this.#start().finally(() => (this.#starting = undefined))
    return this.#starting ?? Promise.resolve()
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }

  /** Resolves when there is no process any more. */
  async ended(): Promise<void> {
    const child = this.#child
    if (child && child.exitCode === null && child.signalCode === null) await once(child, 'close')
  }

  /** Gives an order and answers what the process answers; undefined when it ended before. */
  async order<R>(order: WithoutId<Order>): Promise<R | undefined> {
    if (!this.#child) return undefined
    const id = ++this.#lastOrder
    const answer = this.#answer(id)
    this.#child.stdin?.write(`${JSON.stringify({ id, ...order })}\n`)
    const found = await answer
    if (found['error'] !== undefined) throw new Error(`${order.do}: ${String(found['error'])}`)
    // The caller that gives the order knows the shape of the answer.
    return found['gone'] === true ? undefined : (found as R)
  }

  /** Lets the process close and end. Answers how long its App took, in ms. */
  async stop(): Promise<number | undefined> {
    this.#isEnding = true
    await this.#starting
    if (!this.#child) return undefined
    const closed = this.#answer(-1)
    const ended = this.ended()
    this.#child.stdin?.end()
    const { closeMs } = await closed
    await ended
    return typeof closeMs === 'number' ? closeMs : undefined
  }

  async kill(): Promise<void> {
    this.#isEnding = true
    const ended = this.ended()
    this.signal('SIGKILL')
    await ended
  }

  async #start(): Promise<void> {
    for (let tries = 1; !this.#isEnding && !(await this.#try()); tries++) {
      if (tries === MOST_TRIES) throw new Error(`no instance starts: ${this.#stderr}`)
      await sleep(RETRY_MS)
    }
  }

  async #try(): Promise<boolean> {
    const settings = this.#options.settings(++this.#generation)
    const env = {
      PATH: process.env['PATH'] ?? '',
      ...this.#options.env,
      FAULTS_WORKER: JSON.stringify(settings),
    }
    const args = ['--experimental-strip-types', '--no-warnings', WORKER]
    const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
    const open = this.#answer(0)
    child.stdin.on('error', () => {})
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-4_000)
    })
    createInterface({ input: child.stdout }).on('line', (line) => this.#settle(line))
    child.on('close', (_code, signal) => {
      if (this.#child === child) this.#child = undefined
      if (this.#isOpen && signal !== 'SIGKILL' && !this.#isEnding)
        this.#options.onCrash(settings.by, this.#stderr)
      this.#isOpen = false
      for (const resolve of this.#waiting.values()) resolve({ gone: true })
      this.#waiting.clear()
    })
    this.#child = child
    this.#stderr = ''
    const answer = await open
    this.#isOpen = answer['gone'] !== true
    return this.#isOpen
  }

  #answer(id: number): Promise<Record<string, unknown>> {
    return new Promise((resolve) => this.#waiting.set(id, resolve))
  }

  #settle(line: string): void {
    const answer = JSON.parse(line) as Record<string, unknown>
    const id = Number(answer['id'])
    this.#waiting.get(id)?.(answer)
    this.#waiting.delete(id)
  }
}
