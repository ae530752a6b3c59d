import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Pooler } from '../test/support/poolers.ts'
import type { PostgresServer } from '../test/support/postgres-server.ts'
import { RedisServer } from '../test/support/redis-server.ts'
import { TcpProxy } from '../test/support/tcp-proxy.ts'
import { until } from '../test/support/until.ts'
import { addressOf, type Databases, openDatabases } from './databases.ts'
import { HistoryWriter, type Logged, type StoredEntry } from './history.ts'
import { Instance } from './instance.ts'
import { likelyTransactions } from './likely-transactions.ts'
import { isBehindProxy, type Topology } from './plan.ts'
import type { Load, SharedEntry } from './work/settings.ts'

export interface WorldOptions {
  readonly topology: Topology
  readonly instances: number
  readonly seed: number
  readonly load: Load
  readonly usesLibraries?: boolean
  /** PostgreSQL gets one, which can take its place. */
  readonly hasStandby?: boolean
  /** An empty folder for everything that the run writes. */
  readonly folder: string
}

interface Servers extends Databases {
  readonly redis?: RedisServer
  readonly proxies: readonly (TcpProxy | undefined)[]
}

/** The whole program, from its sources. */
const MAIN = ['--no-warnings', join(import.meta.dirname, '../src/main.ts')]
/** What a stranger's memory does on the same Redis. */
const VISIT = [
  ['knowledge', 'add', 'Elsewhere', 'Another memory.'],
  ['lock', 'checkout', 'src/0.ts'],
  ['query', 'search', 'memory'],
]
const VISIT_MS = 20_000

/** One of them reaches Redis directly, one through a proxy. */
const LISTENERS = 2
const ENTRIES = 16
const PROJECTS = 4

/** The servers of a run, the proxies before them, and the instances: all of them private, all ended at the end. */
export class World {
  readonly options: WorldOptions
  readonly redis: RedisServer | undefined
  /** Before Redis, by place. */
  readonly proxies: readonly (TcpProxy | undefined)[]
  readonly instances: readonly Instance[]
  readonly history: HistoryWriter
  #postgres: PostgresServer | undefined
  #standby: PostgresServer | undefined
  /** Of PostgreSQL, as the instances have it. */
  readonly #address: string | undefined
  readonly #pooler: Pooler | undefined
  #entries: readonly SharedEntry[] = []

  private constructor(options: WorldOptions, servers: Servers) {
    this.options = options
    this.redis = servers.redis
    this.#postgres = servers.postgres
    this.#standby = servers.standby
    this.#pooler = servers.pooler
    this.#address = addressOf(servers)
    this.proxies = servers.proxies
    this.history = new HistoryWriter(join(options.folder, 'history-run.jsonl'), 'run')
    this.instances = servers.proxies.map((_, place) => this.#instance(place))
  }

  static async open(options: WorldOptions): Promise<World> {
    mkdirSync(join(options.folder, 'counters'), { recursive: true })
    const redis = options.topology === 'sqlite' ? undefined : await RedisServer.start()
    const databases = options.topology.startsWith('sqlite') ? {} : await openDatabases(options)
    const proxies = await Promise.all(
      Array.from({ length: options.instances }, async (_, place) =>
        redis && isBehindProxy(place) ? TcpProxy.start(redis.port) : undefined,
      ),
    )
    const world = new World(options, {
      proxies,
      ...(redis ? { redis } : {}),
      ...databases,
    })
    try {
      await world.#begin()
    } catch (error) {
      await world.close()
      throw error
    }
    return world
  }

  /** The server that can be written to. */
  get postgres(): PostgresServer | undefined {
    return this.#postgres
  }

  get entries(): readonly SharedEntry[] {
    return this.#entries
  }

  get histories(): string[] {
    const { folder } = this.options
    return readdirSync(folder)
      .filter((name) => name.startsWith('history-'))
      .map((name) => join(folder, name))
  }

  /** What the database holds, past all caches. */
  async readEntries(): Promise<ReadonlyMap<string, { version: number; content: string }>> {
    const rows = await this.#query('select id, version, content from entry')
    return new Map(
      rows.map(({ id, version, content }) => [
        String(id),
        { version: Number(version), content: String(content) },
      ]),
    )
  }

  async readVersions(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#query('select scope_key, version from scope_version')
    return new Map(rows.map((row) => [String(row['scope_key']), Number(row['version'])]))
  }

  /** What the log says of the changes of entries, in its order. */
  async readLog(): Promise<Logged[]> {
    const rows = await this.#query(
      `select id, entry_id, entry_version, versions, ${this.#postgres ? 'xmin::text' : 'null'} as written_by, instance_id
        from change_log where type like 'entry.%' order by id`,
    )
    const texts = rows.map(({ versions, instance_id }) => ({
      instance: String(instance_id),
      versions: String(versions),
    }))
    const likely = likelyTransactions(texts)
    return rows.map(({ id, entry_id, entry_version, versions, written_by }, at) => ({
      transaction: String(written_by ?? likely[at]),
      seq: Number(id),
      entry: String(entry_id),
      version: Number(entry_version),
      versions: JSON.parse(String(versions)) as Record<string, number>,
    }))
  }

  /** All entries with their parts. */
  async readStored(): Promise<StoredEntry[]> {
    const index = this.#postgres ? 'entry_search s where s.seq' : 'entry_words_docsize s where s.id'
    const rows = await this.#query(
      `select id, scope_id, name, (select count(*) from entry_tag t where t.entry_id = e.id) as tags,
        (select count(*) from ${index} = e.seq) as found from entry e`,
    )
    return rows.map(({ id, scope_id, name, tags, found }) => ({
      entry: String(id),
      scope: String(scope_id),
      name: String(name),
      tags: Number(tags),
      found: Number(found),
    }))
  }

  /**
   * The standby takes the place of PostgreSQL, which is lost. It has all that was acknowledged: until it has, commits wait for it.
   */
  async promote(meanwhile: () => Promise<unknown>): Promise<void> {
    const [primary, standby] = [this.#postgres, this.#standby]
    if (!primary || !standby) return
    await primary.configure("synchronous_standby_names = '*'")
    await until('the standby has caught up', async () => {
      const rows = await primary.query("select 1 from pg_stat_replication where sync_state = 'sync'")
      return rows.length > 0
    })
    // Commits from before it was asked to wait for.
    const [row] = await primary.query('select pg_current_wal_flush_lsn()::text as at')
    await until('the standby has everything', async () => {
      const [has] = await standby.query(`select pg_last_wal_replay_lsn() >= '${row?.['at']}'::pg_lsn as all`)
      return has?.['all'] === true
    })
    await primary.close()
    await meanwhile()
    await standby.query('select pg_promote()')
    this.#postgres = standby
    this.#standby = undefined
  }

  /** A few calls of another deployment's memory, with keys of the same prefix. */
  async visitRedis(): Promise<void> {
    if (!this.redis) return
    const folder = join(this.options.folder, 'another')
    mkdirSync(join(folder, '.git'), { recursive: true })
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      AGENT_MEMORY_DATA_DIR: folder,
      AGENT_MEMORY_LOG_LEVEL: 'silent',
      AGENT_MEMORY_REDIS_ENABLED: 'true',
      AGENT_MEMORY_REDIS_HOST: '127.0.0.1',
      AGENT_MEMORY_REDIS_PORT: String(this.redis.port),
    }
    for (const args of VISIT) {
      const child = spawn(process.execPath, [...MAIN, ...args], { cwd: folder, env, stdio: 'ignore' })
      const late = setTimeout(() => child.kill('SIGKILL'), VISIT_MS)
      await once(child, 'close')
      clearTimeout(late)
    }
  }

  /** Orders all instances that are up. */
  async orderAll<R>(order: Parameters<Instance['order']>[0]): Promise<(R | undefined)[]> {
    return Promise.all(this.instances.map((instance) => instance.order<R>(order)))
  }

  /** Ends the instances in peace. Answers how long each App took to close, in ms. */
  async stop(): Promise<number[]> {
    const times = await Promise.all(this.instances.map((instance) => instance.stop()))
    return times.filter((time) => time !== undefined)
  }

  async close(): Promise<void> {
    await Promise.all(this.instances.map((instance) => instance.kill()))
    await Promise.all(this.proxies.map((proxy) => proxy?.close()))
    await this.redis?.close()
    await this.#pooler?.close()
    await this.#standby?.close()
    await this.#postgres?.close()
    this.history.close()
  }

  async #begin(): Promise<void> {
    const [first, ...others] = this.instances
    await first?.start()
    const made = await first?.order<{ entries: SharedEntry[] }>({
      do: 'make entries',
      count: ENTRIES,
      projects: PROJECTS,
    })
    this.#entries = made?.entries ?? []
    await Promise.all([
      first?.order({ do: 'start', entries: this.#entries }),
      ...others.map((instance) => instance.start()),
    ])
  }

  #instance(place: number): Instance {
    const { seed, load, folder, usesLibraries = false } = this.options
    return new Instance({
      env: this.#env(place),
      onCrash: (process, said) => this.history.add({ op: 'crashed', process, said }),
      settings: (generation) => ({
        by: `${place + 1}.${generation}`,
        seed: seed * 10_000 + place * 1_000 + generation * 20,
        history: join(folder, `history-${place + 1}.${generation}.jsonl`),
        counters: join(folder, 'counters'),
        entries: this.#entries,
        load,
        // The events are ours: what they tell the libraries do not promise to know.
        listens: place < LISTENERS && !usesLibraries,
        usesLibraries,
      }),
    })
  }

  #env(place: number): Record<string, string> {
    const env: Record<string, string> = {
      AGENT_MEMORY_DATA_DIR: this.options.folder,
      AGENT_MEMORY_LOG_LEVEL: 'error',
      // A start costs half of it then, and a run has many.
      NODE_COMPILE_CACHE: join(this.options.folder, 'compiled'),
    }
    if (this.#address !== undefined) {
      env['AGENT_MEMORY_DB_TYPE'] = 'postgresql'
      env['AGENT_MEMORY_PG_URL'] = this.#address
    }
    if (this.redis) {
      env['AGENT_MEMORY_REDIS_ENABLED'] = 'true'
      env['AGENT_MEMORY_REDIS_HOST'] = '127.0.0.1'
      env['AGENT_MEMORY_REDIS_PORT'] = String(this.proxies[place]?.port ?? this.redis.port)
    }
    return env
  }

  async #query(statement: string): Promise<readonly Record<string, unknown>[]> {
    if (this.#postgres) return this.#postgres.query(statement)
    const database = new DatabaseSync(join(this.options.folder, 'memory.db'), { readOnly: true })
    try {
      return database.prepare(statement).all()
    } finally {
      database.close()
    }
  }
}
