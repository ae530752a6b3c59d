import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestApp, withApp } from '../../support/app.ts'
import { RedisServer } from '../../support/redis-server.ts'
import {
  checkin,
  checkout,
  type Env,
  enabled,
  expectConnected,
  expectTwoWork,
  health,
  refusedCheckout,
  search,
} from './instances.ts'

// Two deployments, each with a database of its own, on one Redis and one channel.

const FILE = '/work/file.ts'

let server: RedisServer
beforeAll(async () => {
  server = await RedisServer.start()
})
beforeEach(() => server.send('FLUSHALL'))
afterAll(() => server.close())

const prefix = (keyPrefix: string): Env =>
  enabled({ AGENT_MEMORY_REDIS_URL: server.url(), AGENT_MEMORY_REDIS_KEY_PREFIX: keyPrefix })
const db = (number: number): Env => enabled({ AGENT_MEMORY_REDIS_URL: server.url({ db: number }) })

const PAIRS: [what: string, mine: () => Env, theirs: () => Env][] = [
  ['prefixes', () => prefix('agentmem:prod:'), () => prefix('agentmem:dev:')],
  ['a prefix that begins with the other', () => prefix('agentmem:'), () => prefix('agentmem:dev:')],
  ['database numbers', () => db(0), () => db(1)],
]

const add = (t: TestApp, content: string) =>
  t.call('memory_guideline', 'add', { name: 'n', content, scope_type: 'global' })
const update = (t: TestApp, content: string) =>
  t.call('memory_guideline', 'update', { name: 'n', content, scope_type: 'global' })

for (const [what, mine, theirs] of PAIRS) {
  describe(`two ${what}`, () => {
    const withBoth = (body: (ours: TestApp, foreign: TestApp) => Promise<void>) => () =>
      withApp({ env: mine() }, (ours) => withApp({ env: theirs() }, (foreign) => body(ours, foreign)))

    test(
      'locks of the same path are two locks',
      withBoth(async (ours, foreign) => {
        await checkout(ours, 'ann', FILE)
        await checkout(foreign, 'bob', FILE)
        expect(await refusedCheckout(ours, 'cid', FILE)).toMatchObject({ details: { held_by: 'ann' } })
        expect(await refusedCheckout(foreign, 'cid', FILE)).toMatchObject({ details: { held_by: 'bob' } })
        await checkin(foreign, 'bob', FILE)
        expect(await refusedCheckout(ours, 'cid', FILE)).toMatchObject({ details: { held_by: 'ann' } })
        expect(await foreign.call('memory_file_lock', 'list')).toMatchObject({ locks: [] })
        expect(await ours.call('memory_health', null)).toMatchObject({ locks: { held: 1 } })
      }),
    )

    test(
      'the same question has two answers, and changes there do not end the answers here',
      withBoth(async (ours, foreign) => {
        await add(ours, 'zebra here')
        await add(foreign, 'zebra there')
        await expect.poll(async () => (await health(ours)).events.connected).toBe(true)
        expect((await search(ours, 'zebra')).results).toMatchObject([{ content: 'zebra here' }])
        expect((await search(foreign, 'zebra')).results).toMatchObject([{ content: 'zebra there' }])
        const heard: string[] = []
        const listener = await server.probe()
        await listener.subscribe('agentmem:events', (message) => heard.push(message))
        for (let n = 0; n < 3; n++) await update(foreign, `zebra there ${n}`)
        // The last listener has heard them: so have all others.
        await expect.poll(() => heard.length).toBe(3)
        listener.close()
        expect(await search(ours, 'zebra')).toMatchObject({
          served_from: 'l1',
          results: [{ content: 'zebra here' }],
        })
      }),
    )

    test(
      'events there are no events here',
      withBoth(async (ours, foreign) => {
        const { last_seq } = await ours.call('memory_event', 'list')
        const waiting = ours.call('memory_event', 'wait', { timeout_ms: 300 })
        await add(foreign, 'zebra')
        await checkout(foreign, 'bob', FILE)
        expect(await waiting).toMatchObject({ events: [] })
        expect(await ours.call('memory_event', 'list')).toMatchObject({ last_seq })
      }),
    )

    test(
      'a loss of memory there is none here',
      withBoth(async (ours, foreign) => {
        const { fencing_token } = await checkout(ours, 'ann', FILE)
        await checkout(foreign, 'bob', FILE)
        const probe = await server.probe()
        const { AGENT_MEMORY_REDIS_KEY_PREFIX: keys = 'agentmem:' } = theirs()
        await probe.send('SELECT', new URL(theirs()['AGENT_MEMORY_REDIS_URL'] ?? '').pathname.slice(1))
        await probe.send('DEL', `${keys}meta`)
        await expect
          .poll(async () => (await refusedCheckout(foreign, 'cid', '/b.ts')).name)
          .toBe('LOCK_RECOVERING')
        probe.close()
        await expectConnected(foreign)
        const next = await checkout(ours, 'ann', '/work/other.ts')
        expect(next.fencing_token).toBe(fencing_token + 1)
      }),
    )
  })
}

test('instances of one deployment find each other beside another one', () =>
  withApp({ env: prefix('agentmem:dev:') }, () => expectTwoWork(prefix('agentmem:prod:'))))
