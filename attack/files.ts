import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { programArgs } from '../test/support/program.ts'
import type { Attack } from './attack.ts'
import { isDoctorContent } from './doctor.ts'
import { Server } from './server.ts'
import type { Tally } from './tally.ts'

const DATABASE = 'memory.db'
const AWAY = 'moves it away for a while'

/** What somebody does to the files of running servers. */
const DEEDS: Readonly<Record<string, (file: string) => void>> = {
  'removes all files': (file) => removeAll(file),
  'removes the database alone': (file) => rmSync(file),
  'removes the write-ahead log': (file) => rmSync(`${file}-wal`),
  'puts a copy in its place': (file) => {
    copyFileSync(file, `${file}.copy`)
    renameSync(`${file}.copy`, file)
  },
  'leaves a link to a copy': (file) => {
    renameSync(file, `${file}.moved`)
    copyFileSync(`${file}.moved`, `${file}.other`)
    symlinkSync(`${file}.other`, file)
  },
  'puts nonsense in its place': (file) => {
    renameSync(file, `${file}.moved`)
    writeFileSync(file, 'x'.repeat(100_000))
  },
  [AWAY]: (file) => renameSync(file, `${file}.away`),
}

/** The database file swapped, removed and put back under two servers that write. */
export async function attackFiles({ count, random, tally, folder, hasTime }: Attack): Promise<void> {
  const deeds = random.sample(Object.keys(DEEDS), Object.keys(DEEDS).length)
  for (let n = 0; n < count && hasTime(); n++) {
    const deed = deeds[n % deeds.length] ?? AWAY
    const own = join(folder, String(n))
    mkdirSync(join(own, '.git'), { recursive: true })
    const swap = new Swap({ folder: own, tally, deed })
    await swap.run(random.between(1, 30))
    tally.add('files swapped')
  }
}

class Swap {
  readonly #file: string
  readonly #backup: string
  readonly #folder: string
  readonly #tally: Tally
  readonly #deed: string
  readonly #env: Record<string, string>

  constructor({ folder, tally, deed }: { folder: string; tally: Tally; deed: string }) {
    this.#folder = folder
    this.#file = join(folder, DATABASE)
    this.#backup = join(folder, 'backup.db')
    this.#tally = tally
    this.#deed = deed
    this.#env = { HOME: folder, AGENT_MEMORY_DATA_DIR: folder, AGENT_MEMORY_LOG_LEVEL: 'silent' }
  }

  /** All that was acknowledged before is there in the end; what was not refused in between is a lie. */
  async run(entries: number): Promise<void> {
    const servers = [await this.#open(), await this.#open()]
    const kept = await fill(servers, entries)
    program(this.#env, 'backup', this.#backup)
    DEEDS[this.#deed]?.(this.#file)
    for (const server of servers) await this.#isRefused(server)
    if (this.#deed === AWAY) await this.#putBack(servers)
    await Promise.all(servers.map((server) => server.close()))
    if (this.#deed !== AWAY) this.#restore()
    const last = await this.#open()
    await this.#hasAll(last, kept)
    await last.close()
    if (!(await isDoctorContent(this.#env))) this.#broken('doctor is not content')
  }

  async #isRefused(server: Server): Promise<void> {
    for (const [tool, args] of WRITES) {
      const reply = await server.call(tool, args)
      if (!('refused' in reply) || !SENTENCE.test(reply.message))
        this.#broken(`${tool} was not refused with that sentence: ${JSON.stringify(reply)}`)
    }
  }

  async #putBack(servers: readonly Server[]): Promise<void> {
    renameSync(`${this.#file}.away`, this.#file)
    for (const server of servers) {
      const reply = await add(server, `again ${server.pid}`)
      if (!('result' in reply))
        this.#broken(`it is back, and nothing can be written: ${JSON.stringify(reply)}`)
    }
  }

  #restore(): void {
    removeAll(this.#file)
    program(this.#env, 'restore', this.#backup)
  }

  async #hasAll(server: Server, names: readonly string[]): Promise<void> {
    for (const name of names) {
      const reply = await server.call('memory_knowledge', { action: 'get', name, scope_type: 'global' })
      if (!('result' in reply)) this.#broken(`${name} was acknowledged and is lost`)
    }
  }

  #open(): Promise<Server> {
    return Server.open({ env: this.#env, cwd: this.#folder, tally: this.#tally })
  }

  #broken(text: string): void {
    this.#tally.broken(`files, ${this.#deed}: ${text}`)
  }
}

const SENTENCE = /was removed or replaced while the server runs/
const WRITES: readonly [tool: string, args: object][] = [
  ['memory_knowledge', { action: 'add', name: 'late', content: 'c', scope_type: 'global' }],
  ['memory_knowledge', { action: 'update', name: 'n0-0', content: 'c', scope_type: 'global' }],
  ['memory_file_lock', { action: 'checkout', file_path: 'src/a.ts' }],
]

async function fill(servers: readonly Server[], count: number): Promise<string[]> {
  const names: string[] = []
  for (const [at, server] of servers.entries()) {
    for (let n = 0; n < count; n++) {
      if ('result' in (await add(server, `n${at}-${n}`))) names.push(`n${at}-${n}`)
    }
  }
  return names
}

function add(server: Server, name: string) {
  return server.call('memory_knowledge', { action: 'add', name, content: 'words', scope_type: 'global' })
}

function program(env: Record<string, string>, ...args: string[]): void {
  execFileSync(process.execPath, programArgs(...args), {
    env: { PATH: process.env['PATH'], ...env },
    stdio: 'pipe',
  })
}

/** Also what SQLite keeps beside it. */
function removeAll(file: string): void {
  const folder = join(file, '..')
  for (const name of readdirSync(folder)) if (name.startsWith(DATABASE)) rmSync(join(folder, name))
}
