import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RedisServer } from '../../test/support/redis-server.ts'
import { duration, ratio } from '../measure.ts'
import { measureCache } from './cache.ts'
import { type BenchInstance, openInstance } from './instance.ts'
import {
  LOCKS_IN_FLIGHT,
  measureHandOver,
  measureLockBursts,
  measureLockLoad,
  measurePolledHandOver,
} from './locks.ts'

/** Locks and cache over a private Redis beside the libraries that people take for them, and a bare PING. */
export async function measureRedis(): Promise<readonly (readonly string[])[]> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-bench-'))
  const server = await RedisServer.start()
  const instances: BenchInstance[] = []
  try {
    for (const _ of ['a', 'b']) instances.push(await openInstance(folder, server.port))
    const [a, b] = instances
    if (!a || !b) throw new RangeError('there are two instances')
    return await compare(a, b, server.url())
  } finally {
    for (const instance of instances) await instance.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function compare(a: BenchInstance, b: BenchInstance, url: string): Promise<string[][]> {
  const series = await measureLockBursts(a, url, 1)
  const flight = await measureLockBursts(a, url, LOCKS_IN_FLIGHT)
  const load = await measureLockLoad(a, url, LOCKS_IN_FLIGHT)
  const handOver = await measureHandOver(a.redis.leases, b.redis.leases)
  const polled = await measurePolledHandOver(url)
  const cache = await measureCache(a, b, url)
  const row = (name: string, ours: number, other: string, theirs: number) => [
    name,
    duration(ours),
    `${other}: ${duration(theirs)}`,
    ratio(theirs / ours),
  ]
  return [
    ['PING', duration(cache.ping), '', ''],
    row('lock checkout + checkin, one at a time', series.ours, 'redlock', series.redlock),
    row(`${LOCKS_IN_FLIGHT} at once`, flight.ours, 'redlock', flight.redlock),
    row(`${LOCKS_IN_FLIGHT} at once without a pause`, load.ours, 'redlock', load.redlock),
    row('lock handed to a waiter, median', handOver.median, 'redlock, a try each 200 ms', polled.median),
    row('lock handed to a waiter, p99', handOver.p99, 'redlock, a try each 200 ms', polled.p99),
    row('repeated read, in the process (L1)', cache.l1, 'bentocache', cache.libraryL1),
    row('read that another instance did (L2)', cache.l2, 'bentocache', cache.libraryL2),
    row('the same', cache.l2, 'a bare GET', cache.bareGet),
  ]
}
