import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { LeaseStore } from '../../../src/coordination/lease-store.ts'
import { AppError } from '../../../src/domain/errors.ts'
import { newId } from '../../../src/domain/ids.ts'
import { withRedis } from '../../support/redis-server.ts'
import { until } from '../../support/until.ts'
import { openRedisWorld } from './world.ts'

// Two servers that both believe to be the one, as when a master was put down and does not know it yet, and instances of one
// deployment on either side.

const P = '/work/p.ts'
const TTL_MS = 300
const HELD_MS = 40
const RUN_MS = 2_000

interface Hold {
  readonly agentId: string
  readonly token: number
  /** From the holder's grant until it gave the file back. */
  readonly from: number
  readonly to: number
}

async function hold(store: LeaseStore, agentId: string): Promise<Hold | undefined> {
  const request = { requestToken: newId(), agentId, paths: [P], ttlMs: TTL_MS, purpose: null, wait: false }
  const outcome = await store.acquire(request).catch((error: unknown) => {
    if (error instanceof AppError && error.errorName.startsWith('LOCK_')) return undefined
    throw error
  })
  if (outcome?.kind !== 'granted') return undefined
  const from = performance.now()
  await sleep(HELD_MS)
  const to = performance.now()
  await store.release({ agentId, paths: [P], token: null }).catch(() => {})
  return { agentId, token: outcome.leases[0]?.token ?? 0, from, to }
}

test('of two servers that both believe to be the one, never both grant the file', () =>
  withRedis({}, (one) =>
    withRedis({}, async (two) => {
      const world = await openRedisWorld({ url: one.url() })
      try {
        const side = await world.open({ url: two.url() })
        const holds: Hold[] = []
        const end = performance.now() + RUN_MS
        const work = async (store: LeaseStore, agentId: string) => {
          while (performance.now() < end) {
            const held = await hold(store, agentId)
            if (held) holds.push(held)
            else await sleep(10)
          }
        }
        await Promise.all([work(world.a.store, 'ann'), work(side.store, 'bob')])
        expect(holds.length).toBeGreaterThan(0)
        const clashes = holds.flatMap((first) =>
          holds.filter(
            (other) => other.agentId !== first.agentId && first.from <= other.from && other.from < first.to,
          ),
        )
        expect(clashes).toEqual([])
        // Once one of them is gone, the other side goes on, with tokens above all that were given.
        await side.close()
        await two.stop()
        const last = await until('the other side grants', () => hold(world.a.store, 'cid'))
        expect(last.token).toBeGreaterThan(Math.max(...holds.map(({ token }) => token)))
      } finally {
        await world.close()
      }
    }),
  ))
