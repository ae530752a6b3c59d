import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { programArgs } from '../test/support/program.ts'
import type { Tally } from './tally.ts'

export type Id = string | number | null

export interface Answer {
  readonly id?: Id
  readonly result?: { readonly isError?: boolean; readonly structuredContent?: unknown }
  readonly error?: { readonly code: number; readonly message: string }
}

/** What a call came to: its result, the name of its refusal, or the server ended before it answered. */
export type Reply =
  | { readonly result: Readonly<Record<string, unknown>> }
  | { readonly refused: string; readonly message: string }
  | { readonly gone: true }

export interface ServerOptions {
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly tally: Tally
  /** Told of each line that the server writes, also to its log. */
  readonly onLine?: (line: string) => void
}

/** The answers to one id: how many there must and may be, and how many came. */
interface Debt {
  least: number
  most: number
  seen: number
  readonly told: ((answer: Answer) => void)[]
}

const DEADLINE_MS = 120_000
const alive = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

/** One server process, spoken to line by line. It keeps account of what it owes: each request is answered exactly once. */
export class Server {
  readonly pid: number
  readonly ended: Promise<unknown>
  readonly #child: ChildProcess
  readonly #options: ServerOptions
  readonly #debts = new Map<Id, Debt>()
  #isKilled = false
  #isGone = false
  #calls = 0

  constructor(options: ServerOptions) {
    this.#options = options
    const PATH = process.env['PATH'] ?? ''
    const env = { PATH, AGENT_MEMORY_LOG_LEVEL: 'warn', ...options.env }
    this.#child = spawn(process.execPath, programArgs('mcp'), { env, cwd: options.cwd })
    this.pid = this.#child.pid ?? 0
    alive.add(this.#child)
    this.ended = once(this.#child, 'close').then(() => this.#end())
    const { stdin, stdout, stderr } = this.#child
    stdin?.on('error', () => {})
    if (stderr) createInterface({ input: stderr }).on('line', (line) => options.onLine?.(line))
    if (stdout) createInterface({ input: stdout }).on('line', (line) => this.#take(line))
  }

  static async open(options: ServerOptions): Promise<Server> {
    const server = new Server(options)
    const clientInfo = { name: 'attack', version: '1' }
    await server.ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
    await server.send('{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
    return server
  }

  get isAlive(): boolean {
    return !this.#isGone && !this.#isKilled
  }

  /** Bytes as they are. Resolves when the server has room for more. */
  async send(bytes: string | Buffer): Promise<void> {
    const { stdin } = this.#child
    if (!stdin || stdin.write(bytes) || this.#isGone) return
    await Promise.race([once(stdin, 'drain').catch(() => {}), this.ended])
  }

  /** Notes that answers to this id are due. */
  owe(id: Id, least: number, most: number): void {
    const debt = this.#debts.get(id) ?? { least: 0, most: 0, seen: 0, told: [] }
    this.#debts.set(id, debt)
    debt.least += least
    debt.most += most
  }

  /** A request and its answer; undefined when the server ended. */
  async ask(method: string, params: object): Promise<Answer | undefined> {
    const id = `call ${++this.#calls}`
    this.owe(id, 1, 1)
    const told = new Promise<Answer>((resolve) => this.#debts.get(id)?.told.push(resolve))
    await this.send(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
    const answer = await this.#inTime(Promise.race([told, this.ended.then(() => undefined)]), method)
    this.#debts.delete(id)
    return answer
  }

  async call(name: string, args: object): Promise<Reply> {
    const answer = await this.ask('tools/call', { name, arguments: args })
    if (!answer) return { gone: true }
    const content = (answer.result?.structuredContent ?? {}) as {
      error?: { name: string; message: string }
    }
    if (answer.error) return { refused: String(answer.error.code), message: answer.error.message }
    if (content.error) return { refused: content.error.name, message: content.error.message }
    return { result: content as Readonly<Record<string, unknown>> }
  }

  /** Waits until everything is answered, and begins a new account. */
  async settle(): Promise<void> {
    await this.ask('ping', {})
    const due = () => [...this.#debts.values()].filter(({ seen, least }) => seen < least)
    const started = performance.now()
    while (due().length > 0 && !this.#isGone && performance.now() - started < DEADLINE_MS)
      await this.ask('ping', {})
    for (const [id, { seen, least, most }] of this.#debts) {
      if (seen < least || seen > most)
        this.#options.tally.broken(`id ${JSON.stringify(id)}: ${seen} answers, not ${least} to ${most}`)
    }
    this.#debts.clear()
  }

  async kill(): Promise<void> {
    this.#isKilled = true
    this.#child.kill('SIGKILL')
    await this.ended
  }

  /** In peace: its input ends. */
  async close(): Promise<void> {
    this.#isKilled = true
    this.#child.stdin?.end()
    await this.#inTime(this.ended, 'an end')
  }

  #take(line: string): void {
    this.#options.onLine?.(line)
    const answer = parse(line)
    if (answer && !('id' in answer)) return
    const debt = answer && this.#debts.get(answer.id ?? null)
    if (!answer || !debt) {
      const what = answer ? 'an answer that nobody waits for' : 'not protocol on stdout'
      this.#options.tally.broken(`${what}: ${line.slice(0, 300)}`)
      return
    }
    debt.seen++
    for (const tell of debt.told) tell(answer)
  }

  #end(): void {
    this.#isGone = true
    alive.delete(this.#child)
    if (this.#isKilled) return
    const { exitCode, signalCode } = this.#child
    this.#options.tally.broken(`a server ended by itself (${exitCode ?? signalCode})`)
  }

  async #inTime<T>(work: Promise<T>, what: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer to ${what} in ${DEADLINE_MS} ms`)), DEADLINE_MS)
    })
    return Promise.race([work, late]).finally(() => clearTimeout(timer))
  }
}

function parse(line: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
