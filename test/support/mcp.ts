import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll } from 'vitest'
import { databaseEnv, giveDatabaseFolderBack, takeDatabaseFolder } from './database.ts'
import { programArgs } from './program.ts'
import { redisEnv, removeRedisKeys } from './redis-env.ts'

export const REVISIONS = ['2025-11-25', '2026-07-28'] as const
export type Revision = (typeof REVISIONS)[number]

export interface ServerOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Where the server stands; a folder with a `.git` unless said otherwise. */
  readonly cwd?: string
}

/** A database of its own with a project folder beside it; removed afterwards, whatever happens. */
export async function withFolder<T>(body: (dataDir: string) => Promise<T>): Promise<T> {
  const dataDir = await makeFolder()
  try {
    return await body(dataDir)
  } finally {
    await removeFolder(dataDir)
  }
}

/** The same for beforeAll; removeFolder() it. */
export async function makeFolder(): Promise<string> {
  const dataDir = await takeDatabaseFolder()
  mkdirSync(join(dataDir, 'project', '.git'), { recursive: true })
  return dataDir
}

export async function removeFolder(dataDir: string): Promise<void> {
  await removeRedisKeys(dataDir)
  await giveDatabaseFolderBack(dataDir)
}

/** The official client, connected to a real server process of its own. */
export async function openClient(
  dataDir: string,
  {
    revision = '2025-11-25',
    name = 'test client',
    ...options
  }: ServerOptions & { revision?: Revision; name?: string } = {},
): Promise<Client> {
  const { env, cwd } = surroundings(dataDir, options)
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: programArgs('mcp'),
    env,
    cwd,
    stderr: 'ignore',
  })
  const mode = revision === '2025-11-25' ? 'legacy' : { pin: revision }
  const client = new Client({ name, version: '1' }, { versionNegotiation: { mode } })
  await client.connect(transport)
  return client
}

/** Runs `body` with a client on a new data folder. */
export async function withClient<T>(
  options: Parameters<typeof openClient>[1],
  body: (client: Client, dataDir: string) => Promise<T>,
): Promise<T> {
  return withFolder(async (dataDir) => {
    const client = await openClient(dataDir, options)
    try {
      return await body(client, dataDir)
    } finally {
      await client.close()
    }
  })
}

/** For beforeAll and afterAll: a client on a new data folder, for all tests of a file. */
export async function openShared(
  revision: Revision,
  options: Omit<NonNullable<Parameters<typeof openClient>[1]>, 'revision'> = {},
): Promise<{ client: Client; dataDir: string; close: () => Promise<void> }> {
  const dataDir = await makeFolder()
  const client = await openClient(dataDir, { ...options, revision })
  return {
    client,
    dataDir,
    async close() {
      await client.close()
      await removeFolder(dataDir)
    },
  }
}

interface Answer {
  readonly jsonrpc: '2.0'
  readonly id?: string | number | null
  readonly method?: string
  readonly params?: Readonly<Record<string, unknown>>
  // The test that reads it says what it expects there.
  readonly result?: Readonly<Record<string, unknown>>
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

/** A server process spoken to by hand: what goes in is bytes, what comes out must be JSON-RPC, line by line. */
export class RawServer {
  readonly child: ChildProcess
  readonly answers: Answer[] = []
  stderr = ''
  readonly #ended: Promise<number | string>
  readonly #listeners = new Set<() => void>()
  #broken: Error | undefined

  constructor(dataDir: string, options: ServerOptions = {}) {
    this.child = spawn(process.execPath, programArgs('mcp'), surroundings(dataDir, options))
    this.#ended = once(this.child, 'close').then(([code, signal]) => code ?? signal)
    void this.#ended.then(() => this.#changed())
    this.child.stdin?.on('error', () => {})
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk
    })
    if (this.child.stdout)
      createInterface({ input: this.child.stdout }).on('line', (line) => this.#take(line))
  }

  write(text: string | Buffer): void {
    this.child.stdin?.write(text)
  }

  send(message: object): void {
    this.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  }

  /** Says hello as a 2025 client does. */
  async initialize(name = 'by-hand'): Promise<Answer> {
    const clientInfo = { name, version: '1' }
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo }
    this.send({ id: 'hello', method: 'initialize', params })
    const answer = await this.answer('hello')
    this.send({ method: 'notifications/initialized' })
    return answer
  }

  /** A request and its answer. */
  async ask(id: string | number, method: string, params: object = {}): Promise<Answer> {
    this.send({ id, method, params })
    return this.answer(id)
  }

  async call(id: string | number, name: string, args: object): Promise<Answer> {
    return this.ask(id, 'tools/call', { name, arguments: args })
  }

  async answer(id: string | number): Promise<Answer> {
    return this.until((answer) => answer.id === id)
  }

  /** The first message that fits; throws when the server ends before. */
  async until(fits: (answer: Answer) => boolean): Promise<Answer> {
    for (;;) {
      if (this.#broken) throw this.#broken
      const found = this.answers.find(fits)
      if (found) return found
      if (this.#hasEnded) throw new Error(`the server ended: ${this.stderr}`)
      await new Promise<void>((resolve) => this.#listeners.add(resolve))
    }
  }

  /** It runs, and has written nothing but protocol. */
  get isSound(): boolean {
    return !this.#hasEnded && this.#broken === undefined
  }

  /** Exit code, or the signal that ended it. */
  ended(): Promise<number | string> {
    return this.#ended
  }

  async close(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.#ended
  }

  get #hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null
  }

  #take(line: string): void {
    try {
      this.answers.push(JSON.parse(line) as Answer)
    } catch {
      this.#broken = new Error(`not protocol on stdout: ${line.slice(0, 200)}`)
    }
    this.#changed()
  }

  #changed(): void {
    for (const resolve of this.#listeners) resolve()
    this.#listeners.clear()
  }
}

/** Runs `body` with a server spoken to by hand, on a new data folder. */
export async function withRawServer<T>(
  body: (server: RawServer, dataDir: string) => Promise<T>,
  options: ServerOptions = {},
): Promise<T> {
  return withFolder(async (dataDir) => {
    const server = new RawServer(dataDir, options)
    try {
      return await body(server, dataDir)
    } finally {
      await server.close()
    }
  })
}

/**
 * One server for those tests of a file that need no start of their own. What it answers is initialized and has answered nothing
 * yet, and is a new one where a test has ended the last.
 */
export function shareRawServer(): () => Promise<RawServer> {
  let dataDir: string | undefined
  let server: RawServer | undefined
  afterAll(async () => {
    await server?.close()
    if (dataDir !== undefined) await removeFolder(dataDir)
  })
  return async () => {
    dataDir ??= await makeFolder()
    if (!server?.isSound) {
      await server?.close()
      server = new RawServer(dataDir)
      await server.initialize()
    }
    server.answers.length = 0
    return server
  }
}

/** A bare environment: nothing of the developer's own settings. */
export function surroundings(
  dataDir: string,
  { env = {}, cwd = join(dataDir, 'project') }: ServerOptions = {},
): { env: Record<string, string>; cwd: string } {
  const PATH = process.env['PATH'] ?? ''
  const shared = { ...databaseEnv(dataDir), ...redisEnv(dataDir) }
  return { env: { PATH, HOME: dataDir, AGENT_MEMORY_DATA_DIR: dataDir, ...shared, ...env }, cwd }
}
