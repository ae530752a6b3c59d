import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBenchApp } from './app.ts'
import { makeQueries, makeTexts } from './corpus.ts'
import { median, percentile, timeEach } from './measure.ts'

/** Searches on a database of that many entries, in milliseconds. */
export interface SearchFigures {
  readonly entries: number
  readonly addedPerEntry: number
  readonly coldMedian: number
  readonly cold95: number
  readonly repeatedMedian: number
  readonly contextMedian: number
  readonly listMedian: number
  readonly databaseBytes: number
  readonly residentBytes: number
}

const QUERIES = 200
const CONTEXTS = 30

export async function measureSearch(entries: number): Promise<SearchFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-bench-'))
  const bench = await openBenchApp(folder)
  try {
    const texts = makeTexts(entries)
    const parts = Array.from({ length: entries / 1_000 }, (_, n) => texts.slice(n * 1_000, (n + 1) * 1_000))
    const adding = await timeEach(parts.length, (n) =>
      bench.call('memory_knowledge', 'bulk_add', { entries: parts[n] }),
    )
    const queries = makeQueries(texts, QUERIES)
    const search = (n: number) => bench.call('memory_query', 'search', { query: queries[n] })
    const cold = await timeEach(QUERIES, search)
    const repeated = await timeEach(QUERIES, search)
    const context = await timeEach(CONTEXTS, (n) =>
      bench.call('memory_query', 'context', { query: queries[n] }),
    )
    const list = await timeEach(CONTEXTS, () => bench.call('memory_knowledge', 'list', {}))
    return {
      entries,
      addedPerEntry: adding.reduce((sum, ms) => sum + ms, 0) / entries,
      coldMedian: median(cold),
      cold95: percentile(cold, 0.95),
      repeatedMedian: median(repeated),
      contextMedian: median(context),
      listMedian: median(list),
      databaseBytes: statSync(join(folder, 'memory.db')).size,
      residentBytes: process.memoryUsage.rss(),
    }
  } finally {
    await bench.app.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
