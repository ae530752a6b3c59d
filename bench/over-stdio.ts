import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeQueries, makeTexts } from './corpus.ts'
import { openClient } from './mcp-client.ts'
import { median, percentile, timeEach } from './measure.ts'

/** One kind of call through a real client and a real server process, in milliseconds. */
export interface StdioFigures {
  readonly name: string
  readonly median: number
  readonly p95: number
}

const CALLS = 300
const ENTRIES = 10_000

/** Calls one after the other; `unknown method` is what the protocol and the pipes cost alone. */
export async function measureOverStdio(): Promise<StdioFigures[]> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-bench-'))
  const client = await openClient({ AGENT_MEMORY_DATA_DIR: folder, AGENT_MEMORY_PROJECT: 'bench' })
  try {
    const texts = makeTexts(ENTRIES)
    for (let start = 0; start < ENTRIES; start += 500) {
      await client.call('memory_knowledge', { action: 'bulk_add', entries: texts.slice(start, start + 500) })
    }
    const fresh = makeTexts(CALLS, 7, 'new')
    const queries = makeQueries(texts, CALLS)
    const file = (n: number) => ({ file_path: `/bench/${n}.ts` })
    const works: Readonly<Record<string, (n: number) => Promise<unknown>>> = {
      'ping (the protocol alone)': () => client.ping(),
      add: (n) => client.call('memory_knowledge', { action: 'add', ...fresh[n] }),
      'get by name': (n) => client.call('memory_knowledge', { action: 'get', name: texts[n]?.name }),
      'search, first time': (n) => client.call('memory_query', { action: 'search', query: queries[n] }),
      'search, repeated': (n) => client.call('memory_query', { action: 'search', query: queries[n] }),
      'lock checkout + checkin': async (n) => {
        await client.call('memory_file_lock', { action: 'checkout', ...file(n) })
        await client.call('memory_file_lock', { action: 'checkin', ...file(n) })
      },
    }
    const figures: StdioFigures[] = []
    for (const [name, work] of Object.entries(works)) {
      const times = await timeEach(CALLS, work)
      figures.push({ name, median: median(times), p95: percentile(times, 0.95) })
    }
    return figures
  } finally {
    await client.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
