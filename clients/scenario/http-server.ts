import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Place } from '../place.ts'

/** `agent-memory serve` on a port of its own. */
export class HttpServer {
  readonly #place: Place
  #child: ChildProcess | undefined
  #origin = ''

  private constructor(place: Place) {
    this.#place = place
  }

  static async start(place: Place): Promise<HttpServer> {
    const server = new HttpServer(place)
    server.#origin = await server.#serve('0')
    return server
  }

  /** Where it speaks MCP. */
  get url(): string {
    return `${this.#origin}/mcp`
  }

  /** Another process at the same address. */
  async restart(): Promise<void> {
    await this.end()
    assertSame(await this.#serve(new URL(this.#origin).port), this.#origin)
  }

  async end(): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'close')
  }

  async #serve(port: string): Promise<string> {
    const { command, env } = this.#place.server
    const args = [this.#place.main, 'serve', '--port', port]
    const child = spawn(command, args, { cwd: this.#place.home, env, stdio: ['ignore', 'pipe', 'ignore'] })
    this.#child = child
    let printed = ''
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
      printed += String(chunk)
      const [, origin] = /serves (http:\S+)/.exec(printed) ?? []
      if (origin !== undefined) {
        child.stdout.resume()
        return origin
      }
    }
    throw new Error(`agent-memory serve ended: ${printed}`)
  }
}

function assertSame(origin: string, wanted: string): void {
  if (origin !== wanted) throw new Error(`the server came back at ${origin}, not ${wanted}`)
}
