import { expect, test } from 'vitest'
import { systemClock } from '../../src/domain/clock.ts'
import { AppError } from '../../src/domain/errors.ts'
import { HEALTH_PARTS, Health, type Probe, type Probes } from '../../src/services/running/health.ts'

const well: Probe = {
  isVital: false,
  down: { connected: false },
  check: async () => ({ report: { connected: true } }),
}

function health(changes: Partial<Probes>, limitMs = 20): Health {
  const parts = Object.fromEntries(HEALTH_PARTS.map((part) => [part, well])) as Record<
    (typeof HEALTH_PARTS)[number],
    Probe
  >
  const probes = { ...parts, database: { ...well, isVital: true }, ...changes }
  return new Health({ version: '1.2.3', instanceId: 'i' }, { probes, clock: systemClock, limitMs })
}

const throwing =
  (error: unknown): Probe['check'] =>
  () =>
    Promise.reject(error)

test('all well is healthy', async () => {
  const report = await health({}).check()
  expect(report).toMatchObject({ status: 'healthy', problems: [], version: '1.2.3', instance_id: 'i' })
  for (const part of HEALTH_PARTS) expect(report[part]).toEqual({ connected: true })
})

test.each([
  [
    'its own words',
    { ...well, check: async () => ({ report: { connected: true }, problem: 'It limps.' }) },
    'It limps.',
    { connected: true },
  ],
  [
    'a known error',
    {
      ...well,
      check: throwing(new AppError('DATABASE_ERROR', 'The disk is full.', { cause: 'password=hunter2' })),
    },
    'The disk is full.',
    { connected: false, error: 'The disk is full.' },
  ],
  [
    'an unknown error, whose text may hold anything',
    { ...well, check: throwing(new Error('password=hunter2')) },
    'The check failed unexpectedly.',
    { connected: false, error: 'The check failed unexpectedly.' },
  ],
  [
    'a probe that throws at once',
    {
      ...well,
      check: () => {
        throw new Error('password=hunter2')
      },
    },
    'The check failed unexpectedly.',
    { connected: false, error: 'The check failed unexpectedly.' },
  ],
  [
    'a check that never ends',
    { ...well, check: () => new Promise<never>(() => {}) },
    'It did not answer within 20 ms.',
    { connected: false, error: 'It did not answer within 20 ms.' },
  ],
])('trouble in one part is told and degrades: %s', async (_name, cache, problem, shown) => {
  const report = await health({ cache }).check()
  expect(report).toMatchObject({
    status: 'degraded',
    problems: [`cache: ${problem}`],
    database: { connected: true },
  })
  expect(report.cache).toEqual(shown)
  expect(JSON.stringify(report)).not.toContain('hunter2')
})

test('trouble in a vital part is unhealthy, whatever else there is', async () => {
  const broken: Probe = { ...well, check: throwing(new Error('x')) }
  const report = await health({ events: broken, database: { ...broken, isVital: true } }).check()
  expect(report.status).toBe('unhealthy')
  expect(report.problems).toHaveLength(2)
})
