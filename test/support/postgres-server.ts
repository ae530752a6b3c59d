import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { freePort } from './free-port.ts'
import { postgresBinaries, serverUser } from './postgres-binaries.ts'

export interface PostgresServerOptions {
  /** The password that every client needs; without one, every client is trusted. */
  readonly password?: string
  /** Settings of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string | number>>
  /** Key and certificate (PEM) of a server that takes TLS only. */
  readonly tls?: { readonly key: string; readonly certificate: string }
  /** A folder for its sockets; without one it has none. */
  readonly sockets?: string
  /** Its system identifier is no other server's; else those of one run share one, since making the files anew takes long. */
  readonly isOneOfItsKind?: boolean
  /** Makes this one a standby of that server. */
  readonly standbyOf?: PostgresServer
}

/** A private PostgreSQL on a free loopback port, in a temporary folder. */
export class PostgresServer {
  readonly port: number
  readonly #folder: string
  readonly #password: string | undefined
  #process: ChildProcess | undefined

  private constructor(folder: string, port: number, password: string | undefined) {
    this.#folder = folder
    this.port = port
    this.#password = password
    process.on('exit', this.#remove)
  }

  static async start(options: PostgresServerOptions = {}): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), 'agent-memory-postgres-'))
    const server = new PostgresServer(folder, await freePort(), options.password)
    try {
      own(folder)
      server.#initialize(options)
      await server.resume()
    } catch (error) {
      await server.close()
      throw error
    }
    return server
  }

  /** The address of a database as the superuser. */
  url(database = 'postgres'): string {
    const secret = this.#password === undefined ? '' : `:${encodeURIComponent(this.#password)}`
    return `postgresql://postgres${secret}@127.0.0.1:${this.port}/${database}`
  }

  /** One statement as the superuser. */
  async query(statement: string, database = 'postgres'): Promise<readonly Record<string, unknown>[]> {
    const client = new Client({ connectionString: this.url(database), ssl: false })
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(statement)).rows
    } finally {
      await client.end()
    }
  }

  /** Starts it again after `stop`; resolves when it takes connections. */
  async resume(): Promise<void> {
    const child = run('postgres', ['-D', this.#data])
    this.#process = child
    let log = ''
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    child.on('close', () => reject(new Error(`PostgreSQL ended: ${log}`)))
    child.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4_000)
      if (/ready to accept (read-only )?connections/.test(log)) resolve()
    })
    await promise
  }

  /** Adds a line to its configuration, and lets it read that; sessions that are there go by it at once. */
  async configure(line: string): Promise<void> {
    appendFileSync(join(this.#data, 'postgresql.auto.conf'), `${line}\n`)
    await this.query('select pg_reload_conf()')
  }

  /** `fast` lets no session finish, `immediate` is a crash. */
  async stop(how: 'fast' | 'immediate' = 'fast'): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'close')
    child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT')
    await ended
  }

  /** Stops it and removes its folder. */
  async close(): Promise<void> {
    await this.stop('immediate')
    process.off('exit', this.#remove)
    this.#remove()
  }

  get #data(): string {
    return join(this.#folder, 'data')
  }

  #initialize(options: PostgresServerOptions): void {
    // Where the run keeps the files of servers as they are made (provide-programs.ts).
    const clusters = process.env['TEST_POSTGRES_CLUSTERS']
    if (options.standbyOf) this.#copy(options.standbyOf)
    else if (options.isOneOfItsKind || clusters === undefined) this.#create(this.#data)
    else this.#copyKept(clusters)
    if (options.tls) {
      this.#write('server.key', options.tls.key)
      this.#write('server.crt', options.tls.certificate)
    }
    const settings: PostgresServerOptions['settings'] = {
      listen_addresses: '127.0.0.1',
      port: this.port,
      unix_socket_directories: options.sockets ?? '',
      max_connections: 200,
      // It holds nothing that a crash of the machine could spoil.
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      ...(options.tls ? { ssl: 'on' } : {}),
      ...(options.standbyOf ? { primary_conninfo: options.standbyOf.url() } : {}),
      ...options.settings,
    }
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`)
    this.#write('postgresql.auto.conf', lines.join(''))
    const [transport, method] = [
      options.tls ? 'hostssl' : 'host',
      options.password ? 'scram-sha-256' : 'trust',
    ]
    const entry = (database: string) => `${transport} ${database} all 127.0.0.1/32 ${method}\n`
    const local = options.sockets === undefined ? '' : `local all all ${method}\n`
    this.#write('pg_hba.conf', entry('all') + entry('replication') + local)
  }

  /** Of a server with this password that the run has made once. */
  #copyKept(clusters: string): void {
    const name = createHash('sha256')
      .update(this.#password ?? '')
      .digest('hex')
    const kept = join(clusters, name)
    if (!existsSync(kept)) {
      const made = join(this.#folder, 'made')
      this.#create(made)
      try {
        renameSync(made, kept)
      } catch (error) {
        // Another worker was first.
        if (!existsSync(kept)) throw error
      }
    }
    execFileSync('cp', ['-Rp', kept, this.#data])
  }

  #create(data: string): void {
    const password = join(this.#folder, 'password')
    writeFileSync(password, this.#password ?? 'unused')
    own(password)
    const as = ['--username=postgres', `--pwfile=${password}`, '--auth=scram-sha-256']
    runToEnd('initdb', [...as, '--no-sync', '--encoding=UTF8', '--locale=C.UTF-8', '-D', data])
  }

  #copy(primary: PostgresServer): void {
    runToEnd('pg_basebackup', [
      '-d',
      primary.url(),
      '-D',
      this.#data,
      '--no-sync',
      '-c',
      'fast',
      '-X',
      'stream',
    ])
    this.#write('standby.signal', '')
  }

  #write(name: string, text: string): void {
    const file = join(this.#data, name)
    writeFileSync(file, text)
    chmodSync(file, 0o600)
    own(file)
  }

  /** Also run when the process ends without having closed it. */
  readonly #remove = () => {
    this.#process?.kill('SIGQUIT')
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** Runs `body` with a server of its own. */
export async function withPostgres<T>(
  options: PostgresServerOptions,
  body: (server: PostgresServer) => Promise<T>,
): Promise<T> {
  const server = await PostgresServer.start(options)
  try {
    return await body(server)
  } finally {
    await server.close()
  }
}

function own(path: string): void {
  const user = serverUser()
  if (user) chownSync(path, user.uid, user.gid)
}

function run(program: string, args: readonly string[]): ChildProcess {
  const options = { stdio: ['ignore', 'ignore', 'pipe'] as const, cwd: tmpdir(), ...serverUser() }
  return spawn(join(postgresBinaries(), program), args, { ...options, stdio: [...options.stdio] })
}

function runToEnd(program: string, args: readonly string[]): void {
  execFileSync(join(postgresBinaries(), program), args, { stdio: 'pipe', cwd: tmpdir(), ...serverUser() })
}
