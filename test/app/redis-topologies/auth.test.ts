import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { withApp } from '../../support/app.ts'
import { withFolder } from '../../support/mcp.ts'
import { RedisServer } from '../../support/redis-server.ts'
import { until } from '../../support/until.ts'
import {
  type Env,
  enabled,
  enabledAt,
  expectAway,
  expectConnected,
  expectTwoWork,
  health,
  refusedCheckout,
} from './instances.ts'

const PASSWORD = 'right p@ss/word:%41'
const WRONG = 'wr0ng-secret'

let server: RedisServer
beforeAll(async () => {
  server = await RedisServer.start({ config: [`requirepass "${PASSWORD}"`] })
  await admin('ACL', 'SETUSER', 'ann', 'on', `>${PASSWORD}`, '~*', '&*', '+@all')
  await admin('ACL', 'SETUSER', 'gone', 'off', `>${PASSWORD}`, '~*', '&*', '+@all')
})
// Each test has a database of its own.
beforeEach(() => admin('FLUSHALL'))
afterAll(() => server.close())

async function admin(...args: readonly string[]): Promise<void> {
  const probe = await server.probe(`:${encodeURIComponent(PASSWORD)}`)
  await probe.send(...args).finally(() => probe.close())
}

const at = (more: Env = {}) => enabledAt(server.port, more)
const url = (login: string) => enabled({ AGENT_MEMORY_REDIS_URL: server.url({ login }) })
const encoded = encodeURIComponent(PASSWORD)

describe('a login that Redis accepts', () => {
  const RIGHT: [how: string, env: () => Env][] = [
    ['a password in its variable', () => at({ AGENT_MEMORY_REDIS_PASSWORD: PASSWORD })],
    ['a password in the address', () => url(`:${encoded}`)],
    [
      'an ACL user in the variables',
      () => at({ AGENT_MEMORY_REDIS_USERNAME: 'ann', AGENT_MEMORY_REDIS_PASSWORD: PASSWORD }),
    ],
    ['an ACL user in the address', () => url(`ann:${encoded}`)],
    [
      'a user in the address, the password in its variable',
      () => ({ ...url('ann'), AGENT_MEMORY_REDIS_PASSWORD: PASSWORD }),
    ],
  ]
  for (const [how, env] of RIGHT) test(how, () => expectTwoWork(env()))

  test('an ACL user is that user, not the default one', () =>
    withApp(
      { env: at({ AGENT_MEMORY_REDIS_USERNAME: 'ann', AGENT_MEMORY_REDIS_PASSWORD: PASSWORD }) },
      async () => {
        const probe = await server.probe(`:${encoded}`)
        const ours = await until('both connections are there', async () => {
          const clients = (await probe.send<string>('CLIENT', 'LIST')).split('\n')
          const named = clients.filter((line) => line.includes('name=agent-memory'))
          return named.length === 2 && named
        })
        probe.close()
        for (const line of ours) expect(line).toContain('user=ann')
      },
    ))
})

describe('a login that Redis refuses', () => {
  const NOAUTH = 'NOAUTH Authentication required'
  const WRONGPASS = 'WRONGPASS invalid username-password pair or user is disabled'
  const REFUSED: [how: string, env: () => Env, error: string, mend: string][] = [
    ['no password', () => at(), NOAUTH, 'AGENT_MEMORY_REDIS_PASSWORD'],
    [
      'a wrong password in its variable',
      () => at({ AGENT_MEMORY_REDIS_PASSWORD: WRONG }),
      WRONGPASS,
      'AGENT_MEMORY_REDIS_PASSWORD',
    ],
    ['a wrong password in the address', () => url(`:${WRONG}`), WRONGPASS, 'AGENT_MEMORY_REDIS_PASSWORD'],
    [
      'a user that is switched off',
      () => at({ AGENT_MEMORY_REDIS_USERNAME: 'gone', AGENT_MEMORY_REDIS_PASSWORD: PASSWORD }),
      WRONGPASS,
      'AGENT_MEMORY_REDIS_USERNAME',
    ],
  ]
  for (const [how, env, error, mend] of REFUSED) {
    test(`${how}: said in health, to an agent that wants a lock, in the log and at a required start, without a secret`, async () => {
      const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
      try {
        const shown: unknown[] = []
        await withApp({ env: { ...env(), AGENT_MEMORY_LOG_LEVEL: 'debug' } }, async (t) => {
          const report = await expectAway(t, error, mend)
          const refusal = await refusedCheckout(t, 'ann', '/a.ts')
          expect(refusal).toMatchObject({
            name: 'LOCK_STORE_UNAVAILABLE',
            message: expect.stringContaining(error),
            suggestion: expect.stringContaining(mend),
          })
          const away = said.mock.calls.flat().filter((line) => String(line).includes('redis_away'))
          expect(away).toEqual([expect.stringContaining(error)])
          shown.push(report, refusal)
        })
        await withFolder(async (dataDir) => {
          const required = {
            ...env(),
            AGENT_MEMORY_REDIS_REQUIRED: 'true',
            AGENT_MEMORY_DATA_DIR: dataDir,
          }
          const refusal = await openApp(readConfig(required)).catch((cause: unknown) => cause)
          expect(refusal).toMatchObject({ message: expect.stringContaining(error) })
          shown.push(refusal)
        })
        const everything = JSON.stringify([shown, said.mock.calls])
        expect(everything).not.toContain(WRONG)
        expect(everything).not.toContain(JSON.stringify(PASSWORD).slice(1, -1))
        expect(everything).not.toContain(encoded)
      } finally {
        said.mockRestore()
      }
    })
  }

  test('the right password, set on the server later, is enough, without a restart', () =>
    withApp(
      { env: at({ AGENT_MEMORY_REDIS_USERNAME: 'eve', AGENT_MEMORY_REDIS_PASSWORD: 'later' }) },
      async (t) => {
        expect((await health(t)).redis.connected).toBe(false)
        await admin('ACL', 'SETUSER', 'eve', 'on', '>later', '~*', '&*', '+@all')
        await expectConnected(t)
      },
    ))
})
