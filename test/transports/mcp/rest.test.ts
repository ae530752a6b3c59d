import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { makeQueries, makeTexts } from '../../../bench/corpus.ts'
import { RawServer, withFolder } from '../../support/mcp.ts'
import { until } from '../../support/until.ts'

const SEARCHES = 150

test('a server that is asked for nothing gives back the memory that searches took', () =>
  withFolder(async (dataDir) => {
    const server = new RawServer(dataDir)
    try {
      await server.initialize()
      const start = megabytes(server.child.pid, 'VmRSS')
      const texts = makeTexts(2_000)
      for (const from of [0, 1_000]) {
        const entries = texts.slice(from, from + 1_000)
        await server.call(`from ${from}`, 'memory_knowledge', { action: 'bulk_add', entries })
      }
      for (const [n, query] of makeQueries(texts, SEARCHES).entries())
        await server.call(n, 'memory_query', { action: 'search', query })
      // Some of it stays in use: what was searched and what was answered are kept.
      const taken = megabytes(server.child.pid, 'VmHWM') - start
      await until(
        'two fifths of the memory',
        () => megabytes(server.child.pid, 'VmRSS') < start + taken * 0.6,
      )
      const { result } = await server.call('last', 'memory_query', {
        action: 'search',
        query: 'another kind',
      })
      expect(result).toHaveProperty('structuredContent.results')
    } finally {
      await server.close()
    }
  }))

const MOST_SEARCHES = 4_000
const GIVEN_BACK_MB = 30

test('a server whose client goes on asking gives memory back between two calls', () =>
  withFolder(async (dataDir) => {
    const server = new RawServer(dataDir)
    try {
      await server.initialize()
      const texts = makeTexts(1_000)
      await server.call('add', 'memory_knowledge', { action: 'bulk_add', entries: texts })
      let most = 0
      let now = 0
      for (const [n, query] of makeQueries(texts, MOST_SEARCHES).entries()) {
        await server.call(n, 'memory_query', { action: 'search', query, limit: 20 })
        now = megabytes(server.child.pid, 'VmRSS')
        most = Math.max(most, now)
        if (now < most - GIVEN_BACK_MB) break
      }
      expect(now).toBeLessThan(most - GIVEN_BACK_MB)
    } finally {
      await server.close()
    }
  }))

function megabytes(pid: number | undefined, which: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(status.match(new RegExp(`${which}:\\s+(\\d+) kB`))?.[1]) / 1024
}
