import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Violation } from './claim.ts'

export type Env = Readonly<Record<string, string>>
type Arguments = Readonly<Record<string, unknown>>

/** A tool's answer that it cannot or will not do it. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: string
  /** Such as FILE_LOCKED. */
  readonly reason: string
  readonly details: Readonly<Record<string, unknown>>

  constructor(error: { code: string; name: string; message: string; details?: Record<string, unknown> }) {
    super(`${error.name}: ${error.message}`)
    this.code = error.code
    this.reason = error.name
    this.details = error.details ?? {}
  }
}

/** The script itself has killed the instance while it was to answer. */
export class InstanceLost extends Error {
  override readonly name = 'InstanceLost'
}

const alive = new Set<number>()
// A stopped process would stay for ever.
process.on('exit', () => {
  for (const pid of alive) signal(pid, 'SIGKILL')
})

/** One running server, started by its command and spoken to over stdio by the official MCP client. */
export class Instance {
  readonly name: string
  readonly #client = new Client({ name: 'verify', version: '1' })
  readonly #transport: StdioClientTransport
  readonly #ended = Promise.withResolvers<void>()
  #pid = 0
  #isEnded = false
  #isKilled = false
  #stderr = ''

  private constructor(name: string, command: string, env: Env) {
    this.name = name
    // `exec`: the process that is killed and frozen is the server, not a shell.
    const args = ['-c', `exec ${command}`]
    this.#transport = new StdioClientTransport({ command: 'sh', args, env: { ...env }, stderr: 'pipe' })
    this.#transport.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-2_000)
    })
    this.#client.onclose = () => {
      this.#isEnded = true
      alive.delete(this.#pid)
      this.#ended.resolve()
    }
  }

  static async start(name: string, { command, env }: { command: string; env: Env }): Promise<Instance> {
    const instance = new Instance(name, command, env)
    try {
      await instance.#client.connect(instance.#transport)
    } catch (error) {
      throw new Error(`${name} does not start (${command}): ${instance.#stderr}`, { cause: error })
    }
    instance.#pid = instance.#transport.pid ?? 0
    alive.add(instance.#pid)
    return instance
  }

  get isAlive(): boolean {
    return !this.#isEnded && !this.#isKilled
  }

  /** What a tool answers; throws a Refusal, or InstanceLost. */
  async call<R = Record<string, unknown>>(tool: string, args: Arguments = {}): Promise<R> {
    const answer = await this.#ask(tool, args)
    const content = (answer.structuredContent ?? {}) as { error?: ConstructorParameters<typeof Refusal>[0] }
    if (!answer.isError) return content as R
    if (content.error) throw new Refusal(content.error)
    throw new Violation(`${this.name}: ${tool} answered ${JSON.stringify(answer).slice(0, 300)}`)
  }

  /** kill -9. */
  async kill(): Promise<void> {
    this.#isKilled = true
    signal(this.#pid, 'SIGKILL')
    await this.#ended.promise
  }

  freeze(): void {
    signal(this.#pid, 'SIGSTOP')
  }

  wake(): void {
    signal(this.#pid, 'SIGCONT')
  }

  async close(): Promise<void> {
    this.#isKilled = true
    this.wake()
    if (!this.#isEnded) await this.#client.close()
  }

  async #ask(name: string, args: Arguments) {
    try {
      return await this.#client.callTool({ name, arguments: { ...args } })
    } catch (error) {
      if (this.#isKilled) throw new InstanceLost(`${this.name} was killed`)
      if (this.#isEnded) throw new Violation(`${this.name} ended by itself: ${this.#stderr}`)
      throw error
    }
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    if (pid > 0) process.kill(pid, name)
  } catch {
    // It has ended already.
  }
}
