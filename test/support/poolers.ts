import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { serverUser } from './postgres-binaries.ts'
import type { PostgresServer } from './postgres-server.ts'

/** A private pooler in front of a private server, in a folder of its own. */
export class Pooler {
  readonly port: number
  readonly #folder: string
  readonly #process: ChildProcess

  private constructor(folder: string, port: number, child: ChildProcess) {
    this.#folder = folder
    this.port = port
    this.#process = child
    process.on('exit', this.#remove)
  }

  /** PgBouncer as Debian sets it up, but for these lines. */
  static async pgbouncer(
    binary: string,
    server: PostgresServer,
    lines: readonly string[] = [],
  ): Promise<Pooler> {
    const port = await freePort()
    const { folder, path } = newFolder('pgbouncer.ini', [
      '[databases]',
      `* = host=127.0.0.1 port=${server.port} user=postgres`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = any',
      ...lines,
    ])
    const child = start(binary, [path])
    const pooler = new Pooler(folder, port, child)
    await said(child, /process up/)
    return pooler
  }

  /** pgpool-II with streaming replication: reads go to the standby where it thinks that they may. */
  static async pgpool(
    binary: string,
    { primary, standby }: { readonly primary: PostgresServer; readonly standby: PostgresServer },
  ): Promise<Pooler> {
    const [port, pcp] = [await freePort(), await freePort()]
    const { folder, path } = newFolder('pgpool.conf', [])
    const backends = [primary, standby].flatMap((each, n) => [
      `backend_hostname${n} = '127.0.0.1'`,
      `backend_port${n} = ${each.port}`,
      `backend_weight${n} = ${n}`,
    ])
    const places = ['unix_socket_directories', 'pcp_socket_dir', 'wd_ipc_socket_dir', 'logdir', 'work_dir']
    const lines = [
      "backend_clustering_mode = 'streaming_replication'",
      "listen_addresses = '127.0.0.1'",
      `port = ${port}`,
      "pcp_listen_addresses = '127.0.0.1'",
      `pcp_port = ${pcp}`,
      ...places.map((name) => `${name} = '${folder}'`),
      `pid_file_name = '${join(folder, 'pgpool.pid')}'`,
      'num_init_children = 16',
      'max_pool = 1',
      ...backends,
      "backend_flag0 = 'ALWAYS_PRIMARY'",
      'load_balance_mode = on',
      "sr_check_user = 'postgres'",
      'sr_check_period = 0',
    ]
    writeFileSync(path, `${lines.join('\n')}\n`)
    for (const name of ['pcp.conf', 'pool_hba.conf']) write(join(folder, name), '')
    const files = ['-F', join(folder, 'pcp.conf'), '-a', join(folder, 'pool_hba.conf')]
    const child = start(binary, ['-n', '-f', path, ...files])
    const pooler = new Pooler(folder, port, child)
    await said(child, /successfully started/)
    return pooler
  }

  async close(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'close')
      // At once, whatever clients are still connected.
      this.#process.kill('SIGINT')
      const late = setTimeout(() => this.#process.kill('SIGQUIT'), 2_000)
      await ended
      clearTimeout(late)
    }
    process.off('exit', this.#remove)
    this.#remove()
  }

  readonly #remove = () => {
    this.#process.kill('SIGQUIT')
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function newFolder(name: string, lines: readonly string[]): { folder: string; path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-pooler-'))
  own(folder)
  chmodSync(folder, 0o700)
  const path = join(folder, name)
  write(path, `${lines.join('\n')}\n`)
  return { folder, path }
}

function write(path: string, text: string): void {
  writeFileSync(path, text)
  own(path)
}

function own(path: string): void {
  const user = serverUser()
  if (user) chownSync(path, user.uid, user.gid)
}

function start(binary: string, args: readonly string[]): ChildProcess {
  return spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: tmpdir(), ...serverUser() })
}

/** Resolves when it has said that; a pooler that ends before is an error with its last words. */
function said(child: ChildProcess, words: RegExp): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let log = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-4_000)
    if (words.test(log)) resolve()
  })
  child.on('close', () => reject(new Error(`the pooler ended: ${log}`)))
  child.on('error', reject)
  return promise
}
