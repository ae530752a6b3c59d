import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Histogram } from '../../faults/histogram.ts'
import { HistoryWriter, mergedHistory } from '../../faults/history.ts'
import { readOptions } from '../../faults/options.ts'
import { FAULTS, isBehindProxy, planFaults } from '../../faults/plan.ts'

const REQUEST = {
  topology: 'postgres-redis',
  instances: 4,
  seconds: 120,
  calmMs: [500, 1_000],
} as const

test('a seed gives the same plan again, another one another', () => {
  expect(planFaults({ ...REQUEST, seed: 5 })).toEqual(planFaults({ ...REQUEST, seed: 5 }))
  expect(planFaults({ ...REQUEST, seed: 6 })).not.toEqual(planFaults({ ...REQUEST, seed: 5 }))
})

test('a plan has every kind, one after the other, each where it can strike', () => {
  const plan = planFaults({ ...REQUEST, seed: 1 })
  expect(new Set(plan.map(({ kind }) => kind)).size).toBe(Object.keys(FAULTS).length)
  for (const [n, { atMs, lastsMs, kind, place }] of plan.entries()) {
    const next = plan[n + 1]?.atMs ?? Number.POSITIVE_INFINITY
    expect(next).toBeGreaterThanOrEqual(atMs + lastsMs + 500)
    if ('behindProxy' in FAULTS[kind]) expect(isBehindProxy(place)).toBe(true)
    expect(place).toBeLessThan(4)
  }
  const alone = planFaults({ ...REQUEST, topology: 'sqlite', seed: 1 })
  expect(alone.filter(({ kind }) => /Redis|PostgreSQL/.test(kind))).toEqual([])
})

test('the long run plans more than 500 faults', () => {
  const { parts = [], replay } = readOptions(['--long', '--seed', '9']) ?? {}
  const count = parts.reduce((sum, part) => sum + planFaults({ ...part, seed: 9 }).length, 0)
  expect(count).toBeGreaterThanOrEqual(500)
  expect(replay).toBe('npm run faults -- --seed 9 --long')
})

test('what several processes wrote comes in the order of its time, also when a block ends within a line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-faults-test-'))
  try {
    const files = ['a', 'b'].map((name) => join(folder, name))
    const writers = files.map((file, n) => new HistoryWriter(file, String(n)))
    const paths = Array.from({ length: 50 }, (_, n) => `/${n}`)
    for (let n = 0; n < 200; n++)
      writers[n % 2]?.add({ op: 'refused', agent: `agent ${n}`, paths, error: '', held: [] })
    for (const writer of writers) writer.close()
    const agents = [...mergedHistory(files)].map((line) => line.op === 'refused' && line.agent)
    expect(agents).toEqual(Array.from({ length: 200 }, (_, n) => `agent ${n}`))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('percentiles come within a thousandth', () => {
  const histogram = new Histogram()
  expect(histogram.percentiles()).toEqual({ count: 0, p50Ms: 0, p99Ms: 0, maxMs: 0 })
  for (let ms = 1_000; ms >= 1; ms--) histogram.add(ms * 1_000)
  histogram.add(0)
  histogram.add(0.4)
  const { count, p50Ms, p99Ms, maxMs } = histogram.percentiles()
  expect(count).toBe(1_002)
  expect(Math.abs(p50Ms - 499)).toBeLessThanOrEqual(0.5)
  expect(Math.abs(p99Ms - 990)).toBeLessThanOrEqual(1)
  expect(maxMs).toBe(1_000)
})
