import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { HttpParts } from '../../src/transports/http/env.ts'
import { httpApp } from '../../src/transports/http/http.ts'
import { addressOf, listen } from '../../src/transports/http/port/listen.ts'
import { createLog } from '../../src/transports/log.ts'
import { type TestApp, type TestAppOptions, withApp } from './app.ts'
import { makeFolder, removeFolder, surroundings, withFolder } from './mcp.ts'
import { programArgs } from './program.ts'

export type Json = Readonly<Record<string, unknown>>

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Json
}

interface Line {
  readonly event: string
  readonly [field: string]: unknown
}

interface ServeOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  /** Another bundle than the one that users run, e.g. with the page of these sources. */
  readonly program?: string
}

/** A real `agent-memory serve` on a free port. */
export class HttpServer {
  readonly #child: ChildProcess
  readonly #ended: Promise<number | string>
  readonly #lines: Line[] = []
  readonly #listeners = new Set<() => void>()
  stdout = ''
  stderr = ''
  address = ''

  private constructor(child: ChildProcess) {
    this.#child = child
    this.#ended = once(child, 'close').then(([code, signal]) => code ?? signal)
    void this.#ended.then(() => this.#changed())
    child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk
      this.#changed()
    })
    if (child.stderr) createInterface({ input: child.stderr }).on('line', (line) => this.#take(line))
  }

  static async start(
    dataDir: string,
    { env = {}, args = [], program }: ServeOptions = {},
  ): Promise<HttpServer> {
    const at = surroundings(dataDir, { env: { AGENT_MEMORY_HTTP_PORT: '0', ...env } })
    const command = program === undefined ? programArgs('serve', ...args) : [program, 'serve', ...args]
    const server = new HttpServer(spawn(process.execPath, command, at))
    const serving = await server.line('serving')
    server.address = String(serving?.['address'] ?? '')
    // Two pipes: what was printed before may be read after.
    if (serving) await server.#until(() => server.stdout.includes('Ctrl+C'))
    return server
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** The first line of the log with that event; undefined when the process ends before. */
  async line(event: string): Promise<Line | undefined> {
    const found = () => this.#lines.find((line) => line.event === event)
    await this.#until(() => found() !== undefined)
    return found()
  }

  /** One request; an answer that is not JSON has no body. */
  async ask(path: string, init: RequestInit = {}): Promise<Answer> {
    return askAt(this.address + path, init)
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  ended(): Promise<number | string> {
    return this.#ended
  }

  async close(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  /** Or the process has ended. */
  async #until(isSo: () => boolean): Promise<void> {
    const hasEnded = () => this.#child.exitCode !== null || this.#child.signalCode !== null
    while (!isSo() && !hasEnded()) await new Promise<void>((resolve) => this.#listeners.add(resolve))
  }

  #take(text: string): void {
    this.stderr += `${text}\n`
    if (text.startsWith('{"time":')) this.#lines.push(JSON.parse(text) as Line)
    this.#changed()
  }

  #changed(): void {
    for (const resolve of this.#listeners) resolve()
    this.#listeners.clear()
  }
}

async function askAt(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init)
  const text = await response.text()
  const isJson = text !== '' && /json/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? (JSON.parse(text) as Json) : {},
  }
}

/** Runs `body` with a server on a new data folder. */
export async function withHttp<T>(
  options: Parameters<typeof HttpServer.start>[1],
  body: (server: HttpServer, dataDir: string) => Promise<T>,
): Promise<T> {
  return withFolder(async (dataDir) => {
    const server = await HttpServer.start(dataDir, options)
    try {
      return await body(server, dataDir)
    } finally {
      await server.close()
    }
  })
}

/** For beforeAll and afterAll: a server on a new data folder, for all tests of a file. */
export async function openSharedHttp(
  options: ServeOptions = {},
): Promise<{ server: HttpServer; dataDir: string; close: () => Promise<void> }> {
  const dataDir = await makeFolder()
  const server = await HttpServer.start(dataDir, options)
  return {
    server,
    dataDir,
    async close() {
      await server.close()
      await removeFolder(dataDir)
    },
  }
}

/** The port of an App in this process. */
export interface Port {
  readonly address: string
  /** One request; a body is sent as JSON. */
  ask(line: string, body?: object, headers?: Readonly<Record<string, string>>): Promise<Answer>
}

export interface OpenPort extends Port {
  /** What a signal does to a server. */
  end(): void
  /** Cuts every connection. */
  cutStreams(): void
  close(): Promise<void>
}

/** Grants everything to an agent, as a caller with the database may. */
export async function grantAll({ app }: TestApp, grantee: string): Promise<void> {
  const scope = { type: 'global', id: 'global' } as const
  const caller = { agentId: 'operator', workspace: null }
  await app.services.permissions.grant(caller, { grantee, scope, entry_type: null }, 'admin')
}

interface PortOptions extends Pick<HttpParts, 'mcpServer'> {
  readonly limits?: Parameters<typeof listen>[2]
}

/** Opens a port for an App. */
export async function openPort(t: TestApp, { limits, ...parts }: PortOptions = {}): Promise<OpenPort> {
  const ending = new AbortController()
  const http = httpApp({ app: t.app, log: createLog('silent'), ending: ending.signal, ...parts })
  const server = await listen(http, { ...t.app.config.http, port: 0 }, limits)
  const address = addressOf(server, t.app.config.http)
  return {
    address,
    ask(line, body, headers = {}) {
      const [method = '', path = ''] = line.split(' ')
      const json = body && { body: JSON.stringify(body) }
      const type = body && { 'content-type': 'application/json' }
      return askAt(address + path, { method, ...json, headers: { ...type, ...headers } })
    },
    end: () => ending.abort(),
    cutStreams: () => server.closeAllConnections(),
    async close() {
      ending.abort()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Runs `body` with an App and its port. */
export function withPort<T>(
  { mcpServer, ...options }: TestAppOptions & Pick<PortOptions, 'mcpServer'>,
  body: (port: OpenPort, t: TestApp) => Promise<T>,
): Promise<T> {
  return withApp(options, async (t) => {
    const port = await openPort(t, mcpServer && { mcpServer })
    try {
      return await body(port, t)
    } finally {
      await port.close()
    }
  })
}
