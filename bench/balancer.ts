import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debianProgram } from '../test/support/debian-program.ts'
import { Nginx } from '../test/support/nginx.ts'
import { PostgresServer } from '../test/support/postgres-server.ts'
import { RedisServer } from '../test/support/redis-server.ts'
import { type Asked, once, Repeater, type Target } from './http-client.ts'
import { median } from './measure.ts'
import { SERVE, type Serving, startServing } from './serving.ts'

export interface BalancerFigures {
  readonly instances: number
  readonly readsPerSecond: number
  /** Microseconds of the instances' processors for one read. */
  readonly cpuUs: number
}

const COUNTS = [1, 2, 4]
const CONNECTIONS = 16
const ADMIN_KEY = 'key-of-the-administrator'
const SEARCH: Asked = { method: 'GET', path: '/v1/search?query=lease+tokens' }

/** Cached searches through nginx before so many instances on one PostgreSQL and one Redis; the counts in turns. */
export async function measureBalancer(options: Options): Promise<BalancerFigures[]> {
  const parts = new AsyncDisposableStack()
  try {
    return await measureIn(parts, options)
  } finally {
    await parts.disposeAsync()
  }
}

interface Options {
  readonly rounds: number
  readonly seconds: number
}

async function measureIn(
  parts: AsyncDisposableStack,
  { rounds, seconds }: Options,
): Promise<BalancerFigures[]> {
  const nginx = debianProgram('nginx', 'nginx-light')
  if (nginx === undefined) throw new Error('There is no nginx.')
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-bench-'))
  parts.defer(() => rmSync(folder, { recursive: true, force: true }))
  const postgres = await PostgresServer.start()
  parts.defer(() => postgres.close())
  const redis = await RedisServer.start()
  parts.defer(() => redis.close())
  const env = {
    AGENT_MEMORY_DATA_DIR: folder,
    AGENT_MEMORY_DB_TYPE: 'postgresql',
    AGENT_MEMORY_PG_URL: postgres.url(),
    AGENT_MEMORY_REDIS_ENABLED: 'true',
    AGENT_MEMORY_REDIS_URL: redis.url(),
    AGENT_MEMORY_HTTP_PORT: '0',
    AGENT_MEMORY_HTTP_ADMIN_KEY: ADMIN_KEY,
    AGENT_MEMORY_RATE_LIMIT: 'false',
  }
  const instances: Serving[] = []
  for (let n = 0; n < Math.max(...COUNTS); n++) {
    const instance = await startServing(SERVE, env, 'serving')
    parts.defer(() => instance.close())
    instances.push(instance)
  }
  await fill({ address: instances[0]?.address ?? '', key: ADMIN_KEY })
  const setups: { count: number; target: Target; reads: number[]; cpu: number[] }[] = []
  for (const count of COUNTS) {
    const balancer = await Nginx.start(
      nginx,
      instances.slice(0, count).map(({ address }) => address),
    )
    parts.defer(() => balancer.close())
    setups.push({ count, target: { address: balancer.address, key: ADMIN_KEY }, reads: [], cpu: [] })
  }
  for (let round = -1; round < rounds; round++) {
    for (const { count, target, reads, cpu } of setups) {
      const { perSecond, cpuUs } = await rateOf(target, instances.slice(0, count), seconds)
      // The first round warms them up.
      if (round >= 0) reads.push(perSecond)
      if (round >= 0) cpu.push(cpuUs)
    }
  }
  return setups.map(({ count, reads, cpu }) => ({
    instances: count,
    readsPerSecond: median(reads),
    cpuUs: median(cpu),
  }))
}

async function fill(target: Target): Promise<void> {
  const entries = Array.from({ length: 200 }, (_, at) => ({
    name: `Note ${at}`,
    content: `${at % 20 === 0 ? 'Leases have tokens that grow. ' : ''}Words of note ${at} about the parts of a shop.`,
  }))
  const body = JSON.stringify({ scope_type: 'global', entries })
  await once(target, { method: 'POST', path: '/v1/knowledge/bulk', body })
}

async function rateOf(
  target: Target,
  instances: readonly Serving[],
  seconds: number,
): Promise<{ perSecond: number; cpuUs: number }> {
  const repeaters = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => Repeater.open(target, SEARCH)),
  )
  const cpu = () => instances.reduce((sum, instance) => sum + instance.cpuMs(), 0)
  const [before, started] = [cpu(), performance.now()]
  const end = started + seconds * 1_000
  let done = 0
  const asks = async (repeater: Repeater) => {
    for (; performance.now() < end; done++) await repeater.send()
  }
  await Promise.all(repeaters.map(asks))
  const tookMs = performance.now() - started
  for (const repeater of repeaters) repeater.close()
  return { perSecond: (done / tookMs) * 1_000, cpuUs: ((cpu() - before) / done) * 1_000 }
}
