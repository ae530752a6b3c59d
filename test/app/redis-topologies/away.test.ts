import { expect, test } from 'vitest'
import { withApp } from '../../support/app.ts'
import { withRedis } from '../../support/redis-server.ts'
import { withProxy } from '../../support/tcp-proxy.ts'
import {
  checkin,
  checkout,
  enabledAt,
  expectConnected,
  expectWork,
  health,
  keepLogQuiet,
  refusedCheckout,
  search,
} from './instances.ts'

// What test/app/redis.test.ts does not try: many starts at once, and a network that lost its way under a running server. The
// times are printed; the bounds are wide, for a busy machine.

/** Some normally take a second; a machine may be twenty times as slow. */
const BOUND_MS = 30_000

keepLogQuiet()

async function timed<T>(work: Promise<T>): Promise<{ ms: number; answer: T }> {
  const started = performance.now()
  const answer = await work
  return { ms: Math.round(performance.now() - started), answer }
}

test('instances that start at once on a new Redis are connected from the start, and begin one epoch', () =>
  withRedis({}, ({ port }) =>
    withApp(async (t) => {
      const env = { ...enabledAt(port), AGENT_MEMORY_REDIS_REQUIRED: 'true' }
      const all = await Promise.all(Array.from({ length: 6 }, () => t.secondApp({ env })))
      const tokens: number[] = []
      for (const [n, one] of all.entries()) {
        expect((await health(one)).redis.connected).toBe(true)
        tokens.push((await checkout(one, `agent-${n}`, `/file-${n}.ts`)).fencing_token)
      }
      expect(tokens.map((token) => token - (tokens[0] ?? 0))).toEqual([0, 1, 2, 3, 4, 5])
    }),
  ))

test('a connection that goes nowhere delays answers a little and not for long, a stop hardly; then it is made anew', ({
  annotate,
}) =>
  withRedis({}, (server) =>
    withProxy(server.port, (proxy) =>
      withApp({ env: enabledAt(server.port) }, async (other) => {
        const t = await other.secondApp({ env: enabledAt(proxy.port) })
        await expectWork(t, other)
        proxy.isBlackHole = true
        const times: number[] = []
        for (let n = 0; (await health(t)).redis.connected || n < 10; n++) {
          await other.call('memory_guideline', 'add', { name: `g${n}`, content: 'zebra lost' })
          const { ms, answer } = await timed(search(t, `zebra ${n}`))
          times.push(ms)
          expect(answer.results.length).toBeGreaterThan(0)
        }
        const lock = await timed(refusedCheckout(t, 'ann', '/a.ts'))
        expect(lock.answer.name).toBe('LOCK_STORE_UNAVAILABLE')
        const report = await timed(health(t))
        await annotate(`searches: ${times.join(', ')} ms; checkout: ${lock.ms} ms; health: ${report.ms} ms`)
        // Normally 250 ms at the most for each of the two reads of a search; soon nothing is waited for any more.
        expect(Math.max(...times, lock.ms, report.ms)).toBeLessThan(BOUND_MS)
        proxy.isBlackHole = false
        proxy.cut()
        await expectConnected(t)
        await expectWork(t, other)
        const held = await checkout(t, 'ann', '/b.ts')
        proxy.isBlackHole = true
        const stop = await timed(t.app.close())
        await annotate(`close: ${stop.ms} ms`)
        expect(stop.ms).toBeLessThan(BOUND_MS)
        expect(held.fencing_token).toBeGreaterThan(0)
        await checkin(other, 'ann', '/b.ts')
      }),
    ),
  ))
