import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { type TestApp, withApp } from '../../support/app.ts'
import { debianProgram } from '../../support/debian-program.ts'
import { Pooler } from '../../support/poolers.ts'
import { PostgresServer, withPostgres } from '../../support/postgres-server.ts'

const pgbouncer = debianProgram('pgbouncer', 'pgbouncer')
const pgpool = debianProgram('pgpool', 'pgpool2')
let server: PostgresServer

beforeAll(async () => {
  server = await PostgresServer.start({ settings: { synchronous_commit: 'off' } })
})
afterAll(() => server.close())

async function withPooler<T>(
  { lines, database }: { lines: readonly string[]; database: string },
  body: (pooler: Pooler, env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  await server.query(`create database ${database}`)
  const pooler = await Pooler.pgbouncer(pgbouncer ?? '', server, lines)
  try {
    return await body(pooler, envOf(pooler.port, database))
  } finally {
    await pooler.close()
  }
}

function envOf(port: number, database: string): Readonly<Record<string, string>> {
  return {
    AGENT_MEMORY_DB_TYPE: 'postgresql',
    AGENT_MEMORY_PG_URL: `postgresql://postgres@127.0.0.1:${port}/${database}`,
  }
}

const add = (t: TestApp, name: string, content = 'a word') =>
  t.call('memory_guideline', 'add', { name, content })

/** Entries, a search, a file lock and an event that another instance waits for. */
async function useAll(t: TestApp, env: Readonly<Record<string, string>>): Promise<void> {
  const other = await t.secondApp({ env })
  await Promise.all(Array.from({ length: 10 }, (_, n) => add(n % 2 === 0 ? t : other, `n${n}`)))
  const found = await other.call<{ results: object[] }>('memory_query', 'search', { query: 'words' })
  expect(found.results.length).toBe(10)
  await t.call('memory_file_lock', 'checkout', { file_path: '/f', agent_id: 'a' })
  expect(
    await other.refused('memory_file_lock', 'checkout', { file_path: '/f', agent_id: 'b', wait_ms: 0 }),
  ).toMatchObject({ name: 'FILE_LOCKED' })
  await t.call('memory_file_lock', 'checkin', { file_path: '/f', agent_id: 'a' })
  await expectNews(t, async () => other)
}

/** That an event of the other one wakes a wait here. What else happened, like a refusal, may be written down late. */
async function expectNews(t: TestApp, open: () => Promise<TestApp>): Promise<void> {
  const { last_seq: since } = await t.call<{ last_seq: number }>('memory_event', 'list')
  const asked = { since, types: ['entry.created'], timeout_ms: 60_000 }
  const waiting = t.call<{ events: object[] }>('memory_event', 'wait', asked)
  await add(await open(), `news after ${since}`)
  expect((await waiting).events).toMatchObject([{ type: 'entry.created' }])
}

interface Health {
  readonly status: string
  readonly events: { readonly news?: string; readonly news_reason?: string }
}

const health = (t: TestApp) => t.call<Health>('memory_health', null)

describe.skipIf(!pgbouncer)('PgBouncer', () => {
  test('in session mode, otherwise as it comes: everything works, news included', () =>
    withPooler({ lines: ['pool_mode = session'], database: 'in_session' }, (_, env) =>
      withApp({ env }, async (t) => {
        await useAll(t, env)
        const { status, events } = await health(t)
        expect({ status, news: events.news }).toEqual({ status: 'healthy', news: undefined })
      }),
    ))

  test('in transaction mode everything works, and health says that news are polled for', () =>
    withPooler({ lines: ['pool_mode = transaction'], database: 'in_transaction' }, (_, env) =>
      withApp({ env }, async (t) => {
        await useAll(t, env)
        await expect.poll(async () => (await health(t)).events.news).toBe('polling')
        const { status, events } = await health(t)
        expect(status).toBe('healthy')
        expect(events.news_reason).toContain('transaction mode')
        await expectNews(t, () => t.secondApp({ env }))
      }),
    ))

  test('in transaction mode nothing of ours stays on a connection that others get next', () =>
    withPooler(
      { lines: ['pool_mode = transaction', 'default_pool_size = 1'], database: 'shared_conn' },
      (pooler, env) =>
        withApp({ env: { ...env, AGENT_MEMORY_PG_STATEMENT_TIMEOUT_MS: '4321' } }, async (t) => {
          await add(t, 'a')
          const { Client } = await import('pg')
          const stranger = new Client({ connectionString: env['AGENT_MEMORY_PG_URL'] ?? '' })
          await stranger.connect()
          try {
            const shown = async (name: string) =>
              (await stranger.query<Record<string, string>>(`show ${name}`)).rows[0]?.[name]
            expect(await shown('statement_timeout')).toBe('0')
            expect(await shown('idle_in_transaction_session_timeout')).toBe('0')
            expect(pooler.port).toBeGreaterThan(0)
          } finally {
            await stranger.end()
          }
        }),
    ))

  test('in statement mode the start is refused by that name', () =>
    withPooler({ lines: ['pool_mode = statement'], database: 'in_statement' }, async (pooler, env) => {
      await expect(openDatabase(readConfig(env))).rejects.toMatchObject({
        message: `The pooler at 127.0.0.1:${pooler.port}/in_statement is in statement mode, which allows no transactions.`,
        suggestion: expect.stringContaining('pool_mode'),
      })
    }))

  test('what a pooler refuses is named', () =>
    withPooler({ lines: ['pool_mode = session'], database: 'refusing' }, async (pooler) => {
      const refusal = (query: string) => openDatabase(readConfig(envOf(pooler.port, `refusing${query}`)))
      await expect(refusal('?options=-c%20work_mem%3D8MB')).rejects.toThrow(
        'refuses a parameter of the connection',
      )
    }))

  test('a server behind it that stops and comes back costs no call more than its time', () =>
    withPooler({ lines: ['pool_mode = transaction'], database: 'coming_back' }, (_, env) =>
      withApp({ env: { ...env, AGENT_MEMORY_PG_STATEMENT_TIMEOUT_MS: '5000' } }, async (t) => {
        await add(t, 'before')
        await server.stop()
        const refused = await t.refused('memory_guideline', 'add', { name: 'x', content: 'y' })
        expect(refused.message).not.toContain('refused the operation')
        await server.resume()
        await expect
          .poll(() => add(t, 'after').catch((error: unknown) => error))
          .toMatchObject({ name: 'after' })
      }),
    ))
})

describe('what a session goes by', () => {
  test('limits and synchronous_commit hold on each connection, directly and through a pooler', async () => {
    await server.query('create database limits')
    // The role's own limit is not what a session goes by.
    await server.query("create role limited login superuser; alter role limited set statement_timeout = '2s'")
    const env = {
      ...envOf(server.port, 'limits'),
      AGENT_MEMORY_PG_URL: server.url('limits').replace('postgres@', 'limited@'),
      AGENT_MEMORY_PG_STATEMENT_TIMEOUT_MS: '4321',
    }
    const database = await openDatabase(readConfig(env))
    try {
      const { sql } = await import('kysely')
      const shown = (name: string) =>
        database.transaction(async (db) => {
          const { rows } = await sql<{ value: string }>`select current_setting(${name}) as value`.execute(db)
          return rows[0]?.value
        })
      expect(await shown('statement_timeout')).toBe('4321ms')
      expect(await shown('idle_in_transaction_session_timeout')).toBe('3s')
      expect(await shown('synchronous_commit')).toBe('local')
    } finally {
      await database.close()
    }
  })
})

describe.skipIf(!pgpool)('pgpool', () => {
  test('with a standby that lags: everything works, and nothing is read that is old', () =>
    withPostgres({}, (primary) =>
      withPostgres({ standbyOf: primary, settings: { recovery_min_apply_delay: '1h' } }, async (standby) => {
        const pooler = await Pooler.pgpool(pgpool ?? '', { primary, standby })
        const env = envOf(pooler.port, 'postgres')
        try {
          await withApp({ env }, async (t) => {
            await useAll(t, env)
            const listed = await t.call<{ entries: object[] }>('memory_guideline', 'list')
            expect(listed.entries.length).toBe(11)
            expect(await health(t)).toMatchObject({ status: 'healthy' })
          })
        } finally {
          await pooler.close()
        }
      }),
    ))
})
