import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openDatabase } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { Store } from '../../../src/store/store.ts'
import { type TestApp, withApp } from '../../support/app.ts'
import { PostgresServer } from '../../support/postgres-server.ts'
import { type HeldConnections, type TcpProxy, withProxy } from '../../support/tcp-proxy.ts'
import { whileHoursPass } from '../../support/time.ts'
import { until } from '../../support/until.ts'

// A process that its machine does not let go on in the middle of a transaction: PostgreSQL ends that transaction.

/** Longer than a busy machine takes between two messages of a transaction that nothing holds up. */
const MOMENT_MS = 1_500
const LONG_MS = 600_000

let server: PostgresServer
let databases = 0
beforeAll(async () => {
  server = await PostgresServer.start()
})
afterAll(() => server.close())

interface World {
  readonly t: TestApp
  readonly proxy: TcpProxy
  readonly database: string
}

/** An App behind a proxy, whose transactions may rest for so long. */
async function inWorld(restMs: number, body: (world: World) => Promise<void>): Promise<void> {
  const database = `ended_${++databases}`
  await server.query(`create database ${database}`)
  await withProxy(server.port, (proxy) => {
    const limit = `idle_in_transaction_session_timeout=${restMs}`
    const url = `postgresql://postgres@127.0.0.1:${proxy.port}/${database}?${limit}`
    const env = { AGENT_MEMORY_DB_TYPE: 'postgresql', AGENT_MEMORY_PG_URL: url }
    return withApp({ env }, (t) => body({ t, proxy, database }))
  })
}

/** The server processes of transactions that wait for their process. */
async function resting(database: string): Promise<unknown[]> {
  const rows = await server.query(
    `select pid from pg_stat_activity where datname = '${database}' and state = 'idle in transaction'`,
  )
  return rows.map(({ pid }) => pid)
}

interface Last {
  /** The next request with this text is the last that arrives, or does not arrive. */
  readonly text: string
  readonly arrives: boolean
}

/** What comes after that request waits on every connection, either way, until PostgreSQL has ended the transaction. */
async function restAt<T>(
  { proxy, database }: World,
  { text, arrives }: Last,
  { work, end = async () => {} }: { work: () => Promise<T>; end?: (pid: unknown) => Promise<unknown> },
): Promise<T> {
  let held: HeldConnections | undefined
  const hold = () => {
    held ??= proxy.hold()
  }
  proxy.spy((bytes) => {
    if (held || !bytes.includes(text)) return
    if (arrives) queueMicrotask(hold)
    else hold()
  })
  const done = work()
  done.catch(() => {})
  await until('its transaction rests', async () => held !== undefined && (await resting(database)).length > 0)
  // Another one that was under way beside it rests as well.
  await until('PostgreSQL has ended it', async () => {
    const pids = await resting(database)
    await Promise.all(pids.map(end))
    return pids.length === 0
  })
  await held?.letGo()
  return done
}

const add = (t: TestApp, name: string) =>
  t.call<{ version: number }>('memory_guideline', 'add', { name, content: `text of ${name}` })

async function names(database: string): Promise<unknown[]> {
  const rows = await server.query(`select name from entry where name like 'n %' order by name`, database)
  return rows.map(({ name }) => name)
}

describe('a transaction that PostgreSQL ends because its process did not go on is made again', () => {
  test.each([
    ['while a look is answered', { text: 'n during', arrives: true }],
    ['before the commit arrives', { text: '; commit', arrives: false }],
  ])('%s', (_, last) =>
    inWorld(MOMENT_MS, async (world) => {
      const { t, database } = world
      await add(t, 'n before')
      const added = await restAt(world, last, { work: () => add(t, 'n during') })
      expect(added.version).toBe(1)
      expect(await names(database)).toEqual(['n before', 'n during'])
    }),
  )

  test('and in the end refused, with the reason', () =>
    inWorld(MOMENT_MS, async (world) => {
      const { t, database } = world
      await add(t, 'n before')
      const last = { text: '; commit', arrives: false }
      const work = () => t.refused('memory_guideline', 'add', { name: 'n during', content: 'text' })
      expect(await whileHoursPass(() => restAt(world, last, { work }))).toMatchObject({
        name: 'DATABASE_ERROR',
        message: expect.stringContaining('did not go on with in time'),
        suggestion: expect.stringContaining('Nothing was changed.'),
      })
      expect(await names(database)).toEqual(['n before'])
    }))
})

test('a commit that was not sent, since the connection had broken, was not reached: the write is made again', async () => {
  await server.query('create database not_sent')
  const env = { AGENT_MEMORY_DB_TYPE: 'postgresql', AGENT_MEMORY_PG_URL: server.url('not_sent') }
  const store = new Store(await openDatabase(readConfig(env)), 'test')
  let tries = 0
  try {
    await store.write(async ({ db }) => {
      tries++
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db)
      if (tries > 1) return
      await server.query(`select pg_terminate_backend(${rows[0]?.pid}, 10000)`)
      await expect(sql`select 1`.execute(db)).rejects.toThrow()
    })
    expect(tries).toBe(2)
  } finally {
    await store.close()
  }
})

test('a connection that breaks long after another one is no server that has been away since', () =>
  inWorld(LONG_MS, async (world) => {
    const { t, database } = world
    await Promise.all([1, 2, 3, 4].map((limit) => t.call('memory_guideline', 'list', { limit })))
    const end = (pid: unknown) => server.query(`select pg_terminate_backend(${pid})`)
    const broken = (name: string) =>
      restAt(world, { text: name, arrives: true }, { work: () => add(t, name), end })
    await broken('n first')
    const now = performance.now.bind(performance)
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + 3_600_000)
    try {
      await broken('n second')
    } finally {
      clock.mockRestore()
    }
    expect(await names(database)).toEqual(['n first', 'n second'])
  }))
