import { Redlock } from '@sesamecare-oss/redlock'
import { Redis } from 'ioredis'
import type { LeaseStore } from '../../src/coordination/lease-store.ts'
import { newId } from '../../src/domain/ids.ts'
import { median, percentile } from '../measure.ts'
import { inTurns, type Rounds, type Subject } from './in-turns.ts'
import type { BenchInstance } from './instance.ts'

export const LOCKS_IN_FLIGHT = 64

const TTL_MS = 10_000
/** Shorter than the time in which changes gather before they are written down; the pause is long enough for that. */
const BURSTS = { rounds: 120, pauseMs: 40 }
const SUSTAINED = { each: 500 }
const HAND_OVERS = 40
const POLL_MS = 200

/** Milliseconds of one checkout and checkin, with our locks and with Redlock. */
export interface LockFigures {
  readonly ours: number
  readonly redlock: number
}

export interface HandOverFigures {
  readonly median: number
  readonly p99: number
}

/** Bursts with pauses: what an agent waits for, without what is written down behind it. */
export function measureLockBursts(instance: BenchInstance, url: string, width: number): Promise<LockFigures> {
  return measurePairs(instance, {
    url,
    width,
    round: { ...BURSTS, ...(width === 1 ? { each: 6, warmUps: 6 } : { each: 1 }) },
  })
}

/** Without a pause: all that the pairs cause, the record of each change in the database too. */
export function measureLockLoad(instance: BenchInstance, url: string, width: number): Promise<LockFigures> {
  const each = Math.ceil(SUSTAINED.each / width)
  return measurePairs(instance, { url, width, round: { ...SUSTAINED, each } })
}

interface Pairs {
  readonly url: string
  /** Different paths, so many at a time. */
  readonly width: number
  readonly round: Rounds
}

function measurePairs({ redis }: BenchInstance, { url, width, round }: Pairs): Promise<LockFigures> {
  return withRedlock(url, async (redlock) => {
    const subjects: Subject<'ours' | 'redlock'>[] = [
      { name: 'ours', work: () => inFlight(width, (path) => checkoutAndIn(redis.leases, path)) },
      {
        name: 'redlock',
        work: () => inFlight(width, async (path) => (await redlock.acquire([path], TTL_MS)).release()),
      },
    ]
    return inTurns(subjects, round)
  })
}

/** From the release on one instance to the grant for the one that waits on another. */
export async function measureHandOver(a: LeaseStore, b: LeaseStore): Promise<HandOverFigures> {
  const times: number[] = []
  for (let n = 0; n < HAND_OVERS; n++) {
    const path = `/bench/hand-over/${n}`
    await take(a, 'first', path)
    const request = requestFor('second', path, true)
    const { promise: woken, resolve: wake } = Promise.withResolvers<void>()
    const stop = b.watch(request, wake)
    await b.acquire(request)
    const released = performance.now()
    await a.release({ agentId: 'first', paths: [path], token: null })
    await woken
    const outcome = await b.acquire(request)
    times.push(performance.now() - released)
    stop()
    if (outcome.kind !== 'granted') throw new Error(`a waiter that was woken got ${outcome.kind}`)
    await b.release({ agentId: 'second', paths: [path], token: null })
  }
  return { median: median(times), p99: percentile(times, 0.99) }
}

/** The same with a library that tries again every 200 ms, the release at a random moment. */
export function measurePolledHandOver(url: string): Promise<HandOverFigures> {
  return withRedlock(url, async (redlock) => {
    const times: number[] = []
    for (let n = 0; n < HAND_OVERS; n++) {
      const path = `/bench/polled/${n}`
      const first = await redlock.acquire([path], TTL_MS)
      const waiting = redlock.acquire([path], TTL_MS)
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * POLL_MS))
      const released = performance.now()
      await first.release()
      const second = await waiting
      times.push(performance.now() - released)
      await second.release()
    }
    return { median: median(times), p99: percentile(times, 0.99) }
  })
}

async function withRedlock<T>(url: string, body: (redlock: Redlock) => Promise<T>): Promise<T> {
  const client = new Redis(url)
  const redlock = new Redlock([client], { retryCount: 50, retryDelay: POLL_MS, retryJitter: 0 })
  try {
    return await body(redlock)
  } finally {
    client.disconnect()
  }
}

async function inFlight(width: number, work: (path: string) => Promise<unknown>): Promise<void> {
  await Promise.all(Array.from({ length: width }, (_, n) => work(`/bench/${n}`)))
}

async function checkoutAndIn(leases: LeaseStore, path: string): Promise<void> {
  await take(leases, 'bench', path)
  await leases.release({ agentId: 'bench', paths: [path], token: null })
}

async function take(leases: LeaseStore, agentId: string, path: string): Promise<void> {
  const { kind } = await leases.acquire(requestFor(agentId, path, false))
  if (kind !== 'granted') throw new Error(`a free path answered ${kind}`)
}

function requestFor(agentId: string, path: string, wait: boolean) {
  return { requestToken: newId(), agentId, paths: [path], ttlMs: TTL_MS, purpose: null, wait }
}
