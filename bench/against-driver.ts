import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BenchApp, openBenchApp } from './app.ts'
import { makeTexts, type Text } from './corpus.ts'
import { median } from './measure.ts'
import { record, replay } from './recorder.ts'

/** One kind of call: ours, and the statements that it comes down to, each in milliseconds a call. */
export interface Comparison {
  readonly name: string
  readonly ours: number
  readonly driver: number
}

interface Work {
  readonly name: string
  readonly calls: number
  run(app: BenchApp, ids: readonly string[], texts: readonly Text[]): Promise<void>
}

const SEEDED = 1_000
const ROUNDS = 5

const WORKS: readonly Work[] = [
  {
    name: 'add',
    calls: 300,
    async run({ call }, _ids, texts) {
      for (const text of texts.slice(0, 300)) await call('memory_knowledge', 'add', { ...text })
    },
  },
  {
    name: 'bulk_add of 1,000 (an entry)',
    calls: 1_000,
    async run({ call }, _ids, texts) {
      await call('memory_knowledge', 'bulk_add', { entries: texts })
    },
  },
  {
    name: 'get by id',
    calls: 2_000,
    async run({ call }, ids) {
      for (let n = 0; n < 2_000; n++) await call('memory_knowledge', 'get', { id: ids[n % ids.length] })
    },
  },
  {
    name: 'update',
    calls: 300,
    async run({ call }, ids) {
      for (const [n, id] of ids.slice(0, 300).entries()) {
        await call('memory_knowledge', 'update', { id, content: `new text ${n}`, base_version: 1 })
      }
    },
  },
  {
    name: 'lock checkout + checkin',
    calls: 300,
    async run({ call }) {
      for (let n = 0; n < 300; n++) {
        await call('memory_file_lock', 'checkout', { file_path: `/bench/${n}.ts` })
        await call('memory_file_lock', 'checkin', { file_path: `/bench/${n}.ts` })
      }
    },
  },
]

/** Each work in turn, ours and the bare driver, on copies of one seeded database; medians of five rounds. */
export async function compareWithDriver(): Promise<Comparison[]> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-bench-'))
  try {
    const seed = join(folder, 'seed')
    const ids = await seedDatabase(seed)
    const results: Comparison[] = []
    for (const work of WORKS) results.push(await compare(work, { seed, folder, ids }))
    return results
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function seedDatabase(folder: string): Promise<string[]> {
  const bench = await openBenchApp(folder)
  const { entries } = await bench.call('memory_knowledge', 'bulk_add', { entries: makeTexts(SEEDED) })
  await bench.app.close()
  return (entries as { id: string }[]).map(({ id }) => id)
}

async function compare(
  work: Work,
  place: { seed: string; folder: string; ids: readonly string[] },
): Promise<Comparison> {
  const texts = makeTexts(SEEDED, 7, 'new')
  const ours: number[] = []
  const driver: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => join(place.folder, name))
    if (!a || !b || !c) continue
    for (const copy of [a, b, c]) {
      rmSync(copy, { recursive: true, force: true })
      cpSync(place.seed, copy, { recursive: true })
    }
    ours.push((await timed(a, work, place.ids, texts)) / work.calls)
    driver.push((await replayed({ from: b, on: c }, work, place.ids, texts)) / work.calls)
  }
  return { name: work.name, ours: median(ours), driver: median(driver) }
}

async function timed(
  folder: string,
  work: Work,
  ids: readonly string[],
  texts: readonly Text[],
): Promise<number> {
  const bench = await openBenchApp(folder)
  await bench.call('memory_scope', 'current', {})
  const started = performance.now()
  await work.run(bench, ids, texts)
  const elapsed = performance.now() - started
  await bench.app.close()
  return elapsed
}

async function replayed(
  { from, on }: { from: string; on: string },
  work: Work,
  ids: readonly string[],
  texts: readonly Text[],
): Promise<number> {
  let begin = 0
  let end = 0
  const steps = await record(async (count) => {
    const bench = await openBenchApp(from)
    await bench.call('memory_scope', 'current', {})
    begin = count()
    await work.run(bench, ids, texts)
    end = count()
    await bench.app.close()
  })
  return replay(join(on, 'memory.db'), steps.slice(begin, end), (db) => {
    db.exec('pragma synchronous = full; pragma temp_store = memory; pragma cache_size = -8000')
  })
}
