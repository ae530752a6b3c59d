import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PostgresServer } from '../../test/support/postgres-server.ts'
import { median } from '../measure.ts'
import { measureAdds, type Writers } from './adds.ts'
import { makeExport, timeImport } from './imports.ts'
import { rawPostgres, rawSqlite } from './raw.ts'

export interface WriteOptions {
  /** The `dist/` of another build, measured in turns with this one. */
  readonly beside: string | undefined
  readonly seconds: number
  readonly rounds: number
  readonly entries: number
  /** Only the cases whose names hold this. */
  readonly only: string
}

/** Medians of all rounds. */
interface WriteFigures {
  readonly name: string
  readonly unit: 'a second' | 'seconds'
  readonly own: number
  readonly other: number | undefined
  /** The least that an instance did of what the busiest of them did; 1 where there is one. */
  readonly share: number
  /** Transactions of two inserts a second, straight on the driver. */
  readonly raw: number | undefined
}

const OWN = join(import.meta.dirname, '../../dist')
const on = (database: Writers['database'], [instances, agents, projects]: [number, number, number]) => ({
  database,
  instances,
  agents,
  projects,
})

const CASES: readonly Writers[] = [
  { name: 'PostgreSQL, one agent', ...on('postgresql', [1, 1, 1]) },
  { name: 'PostgreSQL, 16 agents in 16 projects', ...on('postgresql', [1, 16, 16]) },
  { name: 'PostgreSQL, the same on 4 instances', ...on('postgresql', [4, 16, 16]) },
  { name: 'PostgreSQL, 16 agents in one project on 4 instances', ...on('postgresql', [4, 16, 1]) },
  { name: 'SQLite, one agent', ...on('sqlite', [1, 1, 1]) },
  { name: 'SQLite, 4 processes', ...on('sqlite', [4, 4, 4]) },
  { name: 'SQLite, 16 agents in 16 projects', ...on('sqlite', [1, 16, 16]) },
  { name: 'SQLite, the same in 4 processes', ...on('sqlite', [4, 16, 16]) },
]

/** Each case on a new database a round, this build and the other in turns, and then the bare statements. */
export async function measureWrites(options: WriteOptions): Promise<WriteFigures[]> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-bench-'))
  // As a server is set up by default: a commit waits for the disk.
  const settings = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' }
  const postgres = await PostgresServer.start({ settings })
  try {
    const places = new Places(folder, postgres)
    const figures: WriteFigures[] = []
    const isChosen = ({ name }: { name: string }) => name.includes(options.only)
    for (const writers of CASES.filter(isChosen)) figures.push(await measureOne(writers, places, options))
    const imports = (['sqlite', 'postgresql'] as const).map((database) => ({
      name: importName(database, options),
      database,
    }))
    for (const each of imports.filter(isChosen)) figures.push(await measureImport(each, places, options))
    return figures
  } finally {
    await postgres.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function importName(database: Writers['database'], { entries }: WriteOptions): string {
  return `${database === 'sqlite' ? 'SQLite' : 'PostgreSQL'}, import of ${entries.toLocaleString('en')} entries`
}

/** New databases, one after the other. */
class Places {
  readonly folder: string
  readonly #postgres: PostgresServer
  #count = 0

  constructor(folder: string, postgres: PostgresServer) {
    this.folder = folder
    this.#postgres = postgres
  }

  async make(database: Writers['database']): Promise<{ address: string; env: Record<string, string> }> {
    const name = `bench_${++this.#count}`
    const path = join(this.folder, `${name}.db`)
    const common = { AGENT_MEMORY_DATA_DIR: this.folder, AGENT_MEMORY_PROJECT: 'bench' }
    if (database === 'sqlite') return { address: path, env: { ...common, AGENT_MEMORY_DB_PATH: path } }
    await this.#postgres.query(`create database ${name}`)
    const address = this.#postgres.url(name)
    return { address, env: { ...common, AGENT_MEMORY_DB_TYPE: 'postgresql', AGENT_MEMORY_PG_URL: address } }
  }
}

async function measureOne(writers: Writers, places: Places, options: WriteOptions): Promise<WriteFigures> {
  const ms = options.seconds * 1_000
  const own: number[] = []
  const other: number[] = []
  const shares: number[] = []
  const raw: number[] = []
  for (let round = 0; round < options.rounds; round++) {
    const { address, env } = await places.make(writers.database)
    const { total, each } = await measureAdds(writers, { dist: OWN, env, ms })
    own.push(total)
    shares.push(Math.min(...each) / Math.max(...each))
    raw.push(
      writers.database === 'sqlite'
        ? rawSqlite(address, ms / 2)
        : await rawPostgres(address, writers.agents, ms / 2),
    )
    if (options.beside === undefined) continue
    const fresh = await places.make(writers.database)
    other.push((await measureAdds(writers, { dist: options.beside, env: fresh.env, ms })).total)
  }
  const figures = { own: median(own), share: Math.min(...shares), raw: median(raw) }
  return {
    name: writers.name,
    unit: 'a second',
    other: other.length > 0 ? median(other) : undefined,
    ...figures,
  }
}

async function measureImport(
  { name, database }: { name: string; database: Writers['database'] },
  places: Places,
  { beside, entries }: WriteOptions,
): Promise<WriteFigures> {
  const file = join(places.folder, 'import.jsonl')
  await makeExport(file, entries)
  const timed = async (dist: string) => {
    const ms = await timeImport(dist, { file, env: (await places.make(database)).env })
    return ms === undefined ? undefined : ms / 1_000
  }
  const own = await timed(OWN)
  if (own === undefined) throw new Error('this build does not read the file that it would write')
  const other = beside === undefined ? undefined : await timed(beside)
  return { name, unit: 'seconds', own, other, share: 1, raw: undefined }
}
