import { tmpdir } from 'node:os'
import { openBenchApp } from '../app.ts'
import { makeQueries, makeTexts } from '../corpus.ts'
import { median, timeEach } from '../measure.ts'

// One instance of a deployment that the environment names. A line in says how long (ms) to read; a line out what came of it.

const QUERIES = 200
const ENTRIES = Number(process.argv[2])

const bench = await openBenchApp(tmpdir(), process.env as Record<string, string>)
const queries = makeQueries(makeTexts(ENTRIES), QUERIES)
const search = (n: number) => bench.call('memory_query', 'search', { query: queries[n % QUERIES] })

/** Each query once: the answers that no instance has are read from the database, the others from Redis. */
const first = await timeEach(QUERIES, search)
const sources = new Map<string, number>()
for (let n = 0; n < QUERIES; n++) {
  const from = String((await search(n))['served_from'])
  sources.set(from, (sources.get(from) ?? 0) + 1)
}
answer({ ready: true, firstMs: median(first), sources: Object.fromEntries(sources) })

for await (const line of process.stdin) {
  const until = performance.now() + Number(line)
  let reads = 0
  for (; performance.now() < until; reads++) await search(reads)
  answer({ reads })
}
await bench.app.close()

function answer(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
