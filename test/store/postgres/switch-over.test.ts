import { connect, createServer, type Server } from 'node:net'
import { expect, test } from 'vitest'
import { withApp } from '../../support/app.ts'
import { freePort } from '../../support/free-port.ts'
import { type PostgresServer, withPostgres } from '../../support/postgres-server.ts'

const add = (name: string) => ['memory_guideline', 'add', { name, content: 'text' }] as const

test('read-only for a while: health says so, and writes go on by themselves', () =>
  withPostgres({}, async (server) => {
    await server.query('create database frozen')
    const env = { AGENT_MEMORY_DB_TYPE: 'postgresql', AGENT_MEMORY_PG_URL: server.url('frozen') }
    await withApp({ env }, async (t) => {
      const endSessions = () =>
        server.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'frozen'")
      await t.call(...add('before'))
      await server.query('alter database frozen set default_transaction_read_only = on')
      await endSessions()
      for (let n = 0; n < 3; n++)
        expect((await t.refused(...add('x'))).message).toContain('PostgreSQL is read-only')
      expect(await t.call('memory_health', null)).toMatchObject({
        status: 'degraded',
        problems: [expect.stringContaining('read-only')],
      })
      await server.query('alter database frozen reset default_transaction_read_only')
      // The first write after it, on whatever connection.
      await t.call(...add('after'))
      await expect
        .poll(async () => (await t.call<{ status: string }>('memory_health', null)).status)
        .toBe('healthy')
    })
  }))

test('of several hosts the one is taken that can be written to, also after a switch-over', () =>
  withPostgres({ isOneOfItsKind: true }, (primary) =>
    withPostgres({ standbyOf: primary }, async (standby) => {
      const gone = await freePort()
      const ports = [gone, standby.port, primary.port]
      const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',')
      const env = {
        AGENT_MEMORY_DB_TYPE: 'postgresql',
        AGENT_MEMORY_PG_URL: `postgresql://postgres@${hosts}/postgres?target_session_attrs=read-write`,
      }
      await withApp({ env }, async (t) => {
        await t.call(...add('before'))
        expect(await t.call('memory_health', null)).toMatchObject({
          status: 'healthy',
          database: { address: `${hosts}/postgres` },
        })
        await caughtUp(primary, standby)
        await primary.stop('immediate')
        await standby.query('select pg_promote()')
        await expect
          .poll(() => t.call(...add('after')).catch((error: unknown) => error))
          .toMatchObject({ name: 'after' })
        expect(await standby.query('select name from entry order by name')).toEqual([
          { name: 'after' },
          { name: 'before' },
        ])
      })
    }),
  ))

async function caughtUp(primary: PostgresServer, standby: PostgresServer): Promise<void> {
  const [row] = await primary.query('select pg_current_wal_flush_lsn()::text as lsn')
  const behind = `select pg_last_wal_replay_lsn() >= '${row?.['lsn']}'::pg_lsn as there`
  await expect.poll(async () => (await standby.query(behind))[0]?.['there']).toBe(true)
}

/** Gives each connection to the next server in turn, as a balancer does that knows nothing of PostgreSQL. */
async function balancer(ports: readonly number[]): Promise<Server> {
  let turn = 0
  const server = createServer((client) => {
    const upstream = connect(ports[turn++ % ports.length] ?? 0, '127.0.0.1')
    client.pipe(upstream).pipe(client)
    client.on('error', () => upstream.destroy())
    upstream.on('error', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

test('a standby that has not taken over yet is not read while what was written may be missing there', () =>
  withPostgres({ isOneOfItsKind: true }, (primary) =>
    withPostgres({ standbyOf: primary }, async (standby) => {
      const env = {
        AGENT_MEMORY_DB_TYPE: 'postgresql',
        AGENT_MEMORY_PG_URL: `postgresql://postgres@127.0.0.1:${primary.port},127.0.0.1:${standby.port}/postgres`,
        AGENT_MEMORY_CACHE_MAX_BYTES: '0',
      }
      await withApp({ env }, async (t) => {
        await t.call(...add('first'))
        await caughtUp(primary, standby)
        await standby.query('select pg_wal_replay_pause()')
        await t.call(...add('second'))
        await primary.stop('immediate')
        // More often than it takes until a standby is taken for all there is.
        for (let n = 0; n < 50; n++)
          await expect(t.call('memory_guideline', 'get', { name: 'second' })).rejects.toMatchObject({
            errorName: 'DATABASE_ERROR',
          })
      })
    }),
  ))

test('behind a balancer that leads to a lagging replica too, nothing old is read, and health names it', () =>
  withPostgres({ isOneOfItsKind: true }, (primary) =>
    withPostgres({ standbyOf: primary, settings: { recovery_min_apply_delay: '1h' } }, async (standby) => {
      const between = await balancer([primary.port, primary.port, standby.port])
      const address = between.address()
      const port = typeof address === 'object' && address ? address.port : 0
      const env = {
        AGENT_MEMORY_DB_TYPE: 'postgresql',
        AGENT_MEMORY_PG_URL: `postgresql://postgres@127.0.0.1:${port}/postgres`,
      }
      try {
        await withApp({ env }, async (t) => {
          for (let n = 0; n < 5; n++) await t.call(...add(`n${n}`))
          const lists = await Promise.all(
            Array.from({ length: 6 }, (_, n) =>
              t.call<{ entries: object[] }>('memory_guideline', 'list', { limit: 20 + n }),
            ),
          )
          for (const { entries } of lists) expect(entries.length).toBe(5)
          const { problems } = await t.call<{ problems: string[] }>('memory_health', null)
          expect(problems.join()).toContain('led to a standby')
        })
      } finally {
        between.close()
      }
    }),
  ))
