import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, withApp } from '../../support/app.ts'
import { RawServer, withFolder } from '../../support/mcp.ts'
import { NEVER_MS, RedisCluster, SOON_MS } from '../../support/redis-cluster.ts'
import { type RedisServer, withRedis } from '../../support/redis-server.ts'
import { until } from '../../support/until.ts'
import {
  checkin,
  checkout,
  type Env,
  enabledAt,
  expectAway,
  expectWork,
  health,
  keepLogQuiet,
  nextDatabase,
  refusedCheckout,
  verify,
  withTwo,
} from './instances.ts'

const PASSWORD = 'right'

let cluster: RedisCluster
/** Masters without our keys. */
let bystanders: RedisServer[]
beforeAll(async () => {
  cluster = await RedisCluster.start({ tag: 'agentmem', password: PASSWORD })
  bystanders = others(await cluster.owner())
})
afterAll(() => cluster.close())
keepLogQuiet()

/** A prefix of its own for each database, and all of them in one slot. */
const at = (node: RedisServer | undefined, more: Env = {}) =>
  enabledAt(node?.port ?? 0, {
    AGENT_MEMORY_REDIS_CLUSTER: 'true',
    AGENT_MEMORY_REDIS_PASSWORD: PASSWORD,
    AGENT_MEMORY_REDIS_KEY_PREFIX: `{agentmem}:${nextDatabase()}:`,
    ...more,
  })

function others(owner: RedisServer): RedisServer[] {
  return cluster.masters.filter((node) => node !== owner)
}

async function expectAt(node: RedisServer, ...instances: readonly TestApp[]): Promise<void> {
  const there = { connected: true, mode: 'cluster', host: '127.0.0.1', port: node.port }
  for (const t of instances) await expect.poll(async () => (await health(t)).redis).toMatchObject(there)
}

test('without a hash tag in the prefix it does not start, and says what to do', () =>
  withFolder(async (dataDir) => {
    const server = new RawServer(dataDir, {
      env: at(cluster.masters[0], { AGENT_MEMORY_REDIS_KEY_PREFIX: 'agentmem:' }),
    })
    expect(await server.ended()).toBe(1)
    expect(server.stderr).toContain(
      'AGENT_MEMORY_REDIS_KEY_PREFIX: in a cluster all keys must be on one node, so the prefix needs a hash tag',
    )
    expect(server.stderr).toContain('{agentmem}:')
  }))

test('whichever node the settings name, instances go to the one that has their keys', async () => {
  const owner = await cluster.owner()
  const [one, two] = others(owner)
  const env = at(one)
  await withApp({ env }, async (a) => {
    const b = await a.secondApp({ env: { ...env, AGENT_MEMORY_REDIS_PORT: String(two?.port) } })
    await expectAt(owner, a, b)
    await expectWork(a, b)
    expect(await health(a)).toMatchObject({ status: 'healthy' })
    expect(Number(await owner.send('DBSIZE'))).toBeGreaterThan(5)
    for (const node of others(owner)) expect(await node.send('DBSIZE')).toBe(0)
  })
})

test('a server that is no cluster, and a cluster that no setting names as one, get different errors', async () => {
  await withRedis({}, (plain) =>
    withApp({ env: at(plain, { AGENT_MEMORY_REDIS_PASSWORD: '' }) }, async (t) => {
      const error = expect.stringContaining('cluster support disabled')
      await expectAway(t, error, 'leave out AGENT_MEMORY_REDIS_CLUSTER')
    }),
  )
  const [other] = others(await cluster.owner())
  await withApp({ env: at(other, { AGENT_MEMORY_REDIS_CLUSTER: 'false' }) }, async (t) => {
    await expectAway(t, expect.stringContaining('MOVED'), 'AGENT_MEMORY_REDIS_CLUSTER=true')
  })
})

test('when the slot goes to another node, instances and locks go with it', () =>
  withTwo(at(cluster.masters[0]), async (a, b) => {
    const held = await checkout(a, 'ann', '/held.ts', { ttl_ms: 600_000 })
    const owner = await cluster.owner()
    const [next = owner] = others(owner)
    await cluster.moveSlot(next, PASSWORD)
    await expectAt(next, a, b)
    expect(await refusedCheckout(b, 'bob', '/held.ts')).toMatchObject({ details: { held_by: 'ann' } })
    expect(await verify(b, 'ann', '/held.ts', held.fencing_token)).toMatchObject({ valid: true })
    await cluster.moveSlot(owner, PASSWORD)
    await expectAt(owner, a, b)
    await checkin(b, 'ann', '/held.ts')
  }))

test('when the node with our keys dies, its replica takes over: no lock in between, none lost', async () => {
  const owner = await cluster.owner()
  await withTwo(at(owner), async (a, b) => {
    await checkout(a, 'ann', '/held.ts', { ttl_ms: 600_000 })
    expect(await owner.send('WAIT', 1, 60_000)).toBe(1)
    await owner.stop()
    const names = [(await refusedCheckout(b, 'bob', '/new.ts')).name]
    await cluster.takeForDead(SOON_MS)
    await until('the replica has taken over', async () => {
      names.push((await refusedCheckout(b, 'bob', '/new.ts')).name)
      return names.at(-1) === 'LOCK_RECOVERING'
    })
    await cluster.takeForDead(NEVER_MS)
    expect([...new Set(names.slice(0, -1))]).toEqual(['LOCK_STORE_UNAVAILABLE'])
    await expectAt(cluster.replica, a, b)
    expect(await refusedCheckout(b, 'bob', '/held.ts')).toMatchObject({ details: { held_by: 'ann' } })
    await checkin(b, 'ann', '/held.ts')
    await expect
      .poll(async () => (await health(a)).problems)
      .toEqual([expect.stringMatching(/^locks: Redis has lost its locks: for \d+ s/)])
  })
})

// The last one: the node stays away.
test('the end of a node without our keys is not noticed', async () => {
  const [named] = bystanders
  await withTwo(at(named), async (a, b) => {
    const before = await expectWork(a, b)
    await named?.stop()
    for (let n = 0; n < 20; n++) {
      await checkout(b, 'bob', '/a.ts')
      await checkin(b, 'bob', '/a.ts')
      await sleep(50)
    }
    // The same epoch: no instance connected anew.
    expect((await expectWork(a, b)) - before).toBeLessThan(1_000)
  })
})
