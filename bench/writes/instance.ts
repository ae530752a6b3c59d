import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

type Env = Readonly<Record<string, string>>

interface Answer {
  readonly id?: number
  readonly result?: { readonly isError?: boolean; readonly structuredContent?: Record<string, unknown> }
  readonly error?: unknown
}

/**
 * A built server over stdio, and the thinnest client that can talk to it: what a full client costs would be measured too where two
 * cores are all there is.
 */
export class WriteInstance {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #lastId = 0

  private constructor(dist: string, env: Env) {
    this.#child = spawn(process.execPath, [join(dist, 'main.js'), 'mcp'], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#child.stderr.resume()
    this.#child.stdin.on('error', () => {})
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#hear(JSON.parse(line)))
    this.#child.on('close', () => {
      for (const answer of this.#waiting.values()) answer({ error: 'the server ended' })
    })
  }

  static async start(dist: string, env: Env): Promise<WriteInstance> {
    const instance = new WriteInstance(dist, env)
    await instance.#ask('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'bench', version: '1' },
    })
    instance.#send({ method: 'notifications/initialized' })
    return instance
  }

  async call(tool: string, args: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const { result, error } = await this.#ask('tools/call', { name: tool, arguments: args })
    if (!result || result.isError) throw new Error(JSON.stringify(error ?? result))
    return result.structuredContent ?? {}
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'close')
    this.#child.stdin.end()
    await ended
  }

  #ask(method: string, params: object): Promise<Answer> {
    const id = ++this.#lastId
    const { promise, resolve } = Promise.withResolvers<Answer>()
    this.#waiting.set(id, resolve)
    this.#send({ id, method, params })
    return promise
  }

  #send(message: object): void {
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  }

  #hear(answer: Answer): void {
    if (answer.id === undefined) return
    this.#waiting.get(answer.id)?.(answer)
    this.#waiting.delete(answer.id)
  }
}
