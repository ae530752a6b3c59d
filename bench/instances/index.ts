import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { PostgresServer } from '../../test/support/postgres-server.ts'
import { RedisServer } from '../../test/support/redis-server.ts'
import { openBenchApp } from '../app.ts'
import { makeTexts } from '../corpus.ts'

/** What so many instances on one PostgreSQL and one Redis read together. */
export interface InstanceFigures {
  readonly entries: number
  readonly instances: number
  readonly readsPerSecond: number
  /** Milliseconds of one repeated read on one of them, while the others read too. */
  readonly perRead: number
  /** The first time that the last instance was asked each question: others had asked it before. */
  readonly sharedMs: number
}

const READER = join(import.meta.dirname, 'reader.ts')
const COUNTS = [1, 2, 4]
const SIZES = [1_000, 10_000, 100_000]
const READ_MS = 3_000
const ADDED_AT_ONCE = 1_000

export async function measureInstances(): Promise<InstanceFigures[]> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-bench-'))
  const postgres = await PostgresServer.start()
  const redis = await RedisServer.start()
  try {
    const figures: InstanceFigures[] = []
    for (const entries of SIZES) {
      const name = `bench_${entries}`
      await postgres.query(`create database ${name}`)
      const env = {
        AGENT_MEMORY_DATA_DIR: folder,
        AGENT_MEMORY_DB_TYPE: 'postgresql',
        AGENT_MEMORY_PG_URL: postgres.url(name),
        AGENT_MEMORY_REDIS_ENABLED: 'true',
        AGENT_MEMORY_REDIS_URL: redis.url(),
        AGENT_MEMORY_REDIS_KEY_PREFIX: `${name}:`,
      }
      await seed(env, entries)
      // The cost of a hit at every size; how instances add up, at one.
      for (const count of entries === SIZES[1] ? COUNTS : [1])
        figures.push(await measureOne(env, { entries, count }))
    }
    return figures
  } finally {
    await redis.close()
    await postgres.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function seed(env: Readonly<Record<string, string>>, entries: number): Promise<void> {
  const bench = await openBenchApp(env['AGENT_MEMORY_DATA_DIR'] ?? '', env)
  const texts = makeTexts(entries)
  for (let start = 0; start < entries; start += ADDED_AT_ONCE) {
    await bench.call('memory_knowledge', 'bulk_add', { entries: texts.slice(start, start + ADDED_AT_ONCE) })
  }
  await bench.app.close()
}

async function measureOne(
  env: Readonly<Record<string, string>>,
  { entries, count }: { entries: number; count: number },
): Promise<InstanceFigures> {
  const readers: Reader[] = []
  try {
    for (let n = 0; n < count; n++) readers.push(await Reader.start(env, entries))
    const reads = await Promise.all(readers.map((reader) => reader.read(READ_MS)))
    const total = reads.reduce((sum, each) => sum + each, 0)
    return {
      entries,
      instances: count,
      readsPerSecond: total / (READ_MS / 1_000),
      perRead: (READ_MS * count) / total,
      sharedMs: readers.at(-1)?.firstMs ?? Number.NaN,
    }
  } finally {
    for (const reader of readers) await reader.stop()
  }
}

/** A process with one instance. */
class Reader {
  readonly firstMs: number
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, firstMs: number) {
    this.#child = child
    this.#lines = lines
    this.firstMs = firstMs
  }

  static async start(env: Readonly<Record<string, string>>, entries: number): Promise<Reader> {
    const args = ['--experimental-strip-types', '--no-warnings', READER, String(entries)]
    const child = spawn(process.execPath, args, {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const lines = (createInterface({ input: child.stdout }) as Interface)[Symbol.asyncIterator]()
    const { firstMs } = (await nextLine(lines)) as { firstMs: number }
    return new Reader(child, lines, firstMs)
  }

  async read(ms: number): Promise<number> {
    this.#child.stdin?.write(`${ms}\n`)
    const { reads } = (await nextLine(this.#lines)) as { reads: number }
    return reads
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'close')
    this.#child.stdin?.end()
    await ended
  }
}

async function nextLine(lines: AsyncIterator<string>): Promise<unknown> {
  const { value, done } = await lines.next()
  if (done) throw new Error('an instance ended')
  return JSON.parse(value)
}
