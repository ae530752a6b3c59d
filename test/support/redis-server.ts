import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { RedisProbe } from './redis.ts'
import { redisBinary } from './redis-binary.ts'

export interface RedisServerOptions {
  /** Lines of redis.conf. Nothing is kept on disk unless they say so. */
  readonly config?: readonly string[]
  /** Files of its folder that the lines may name. */
  readonly files?: Readonly<Record<string, string>>
  /** Takes TLS connections only, by these lines. */
  readonly tls?: readonly string[]
  readonly isSentinel?: boolean
  /** Of its own probes: `user:password` or `:password`. */
  readonly login?: string
  readonly port?: number
}

/** A private Redis on a free loopback port, in a temporary folder. */
export class RedisServer {
  readonly port: number
  readonly #folder: string
  readonly #options: RedisServerOptions
  #process: ChildProcess | undefined

  private constructor(folder: string, port: number, options: RedisServerOptions) {
    this.#folder = folder
    this.port = port
    this.#options = options
    process.on('exit', this.#remove)
  }

  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const folder = mkdtempSync(join(tmpdir(), 'agent-memory-redis-server-'))
    const server = new RedisServer(folder, options.port ?? (await freePort()), options)
    const { config = [], files = {}, tls } = options
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    const port = tls ? ['port 0', `tls-port ${server.port}`, ...tls] : [`port ${server.port}`]
    const lines = [
      'bind 127.0.0.1',
      ...port,
      `dir ${folder}`,
      ...(options.isSentinel ? [] : ['save ""']),
      ...config,
    ]
    writeFileSync(join(folder, 'redis.conf'), `${lines.join('\n')}\n`)
    try {
      await server.resume()
    } catch (error) {
      await server.close()
      throw error
    }
    return server
  }

  /** The address of a database; `user:password` or `:password` where one is needed. */
  url({ login = '', db = 0 }: { login?: string; db?: number } = {}): string {
    return `redis${this.#options.tls ? 's' : ''}://${login}${login ? '@' : ''}127.0.0.1:${this.port}/${db}`
  }

  /** A client of it; the caller closes it. */
  probe(login = this.#options.login): Promise<RedisProbe> {
    return RedisProbe.connect(this.url(login === undefined ? {} : { login }))
  }

  /** One command. */
  async send<T = unknown>(...args: readonly (string | number)[]): Promise<T> {
    const probe = await this.probe()
    try {
      return await probe.send<T>(...args)
    } finally {
      probe.close()
    }
  }

  /** Starts it again after `stop`; resolves when it takes connections. */
  async resume(): Promise<void> {
    const args = [join(this.#folder, 'redis.conf'), ...(this.#options.isSentinel ? ['--sentinel'] : [])]
    const child = spawn(redisBinary(), args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: this.#folder })
    this.#process = child
    let log = ''
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    child.on('close', () => reject(new Error(`Redis ended: ${log}`)))
    child.stdout?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4_000)
      if (/Ready to accept connections|Sentinel ID is/.test(log)) resolve()
    })
    await promise
  }

  get isRunning(): boolean {
    return this.#process?.exitCode === null && this.#process.signalCode === null
  }

  /** kill -9 unless another signal is given; SIGSTOP and SIGCONT freeze and wake it. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#process
    if (!child || !this.isRunning) return
    const ended = once(child, 'close')
    child.kill(signal)
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await ended
  }

  /** Forgets what it has on disk; of one that was stopped. */
  forget(): void {
    rmSync(join(this.#folder, 'dump.rdb'), { force: true })
  }

  /** Stops it and removes its folder. */
  async close(): Promise<void> {
    await this.stop()
    process.off('exit', this.#remove)
    this.#remove()
  }

  /** Also run when the process ends without having closed it. */
  readonly #remove = () => {
    this.#process?.kill('SIGKILL')
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** Runs `body` with a server of its own. */
export async function withRedis<T>(
  options: RedisServerOptions,
  body: (server: RedisServer) => Promise<T>,
): Promise<T> {
  const server = await RedisServer.start(options)
  try {
    return await body(server)
  } finally {
    await server.close()
  }
}
