import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, withApp } from '../../support/app.ts'
import { withCli } from '../../support/cli.ts'
import { PostgresServer, withPostgres } from '../../support/postgres-server.ts'

// What becomes of the memory in publications, restores and promoted standbys.

let server: PostgresServer
beforeAll(async () => {
  server = await PostgresServer.start({ settings: { wal_level: 'logical' }, isOneOfItsKind: true })
})
afterAll(() => server.close())

const at = (database: string, on = server) => ({
  AGENT_MEMORY_DB_TYPE: 'postgresql',
  AGENT_MEMORY_PG_URL: on.url(database),
})

const LOCK = 'memory_file_lock'
const checkout = (t: TestApp, file_path: string) =>
  t.call<{ fencing_token: number }>(LOCK, 'checkout', { file_path, agent_id: 'a' })
const add = (t: TestApp, name: string) => t.call('memory_guideline', 'add', { name, content: 'c' })
const lastSeq = async (t: TestApp) => (await t.call<{ last_seq: number }>('memory_event', 'list')).last_seq

test('every table has a primary key, and all works beside a publication for all tables', async () => {
  await server.query('create database published')
  await withApp({ env: at('published') }, async (t) => {
    await server.query('create publication everything for all tables', 'published')
    const without = `select relname from pg_class c join pg_namespace n on n.oid = relnamespace where nspname = 'public'
      and relkind = 'r' and not exists (select from pg_index where indrelid = c.oid and indisprimary)`
    expect(await server.query(without, 'published')).toEqual([])
    await add(t, 'a')
    await t.call('memory_guideline', 'update', { name: 'a', content: 'd', base_version: 1 })
    await checkout(t, '/f')
    await t.call(LOCK, 'renew', { file_path: '/f', agent_id: 'a' })
    await t.call(LOCK, 'checkin', { file_path: '/f', agent_id: 'a' })
    await t.call('memory_guideline', 'delete', { name: 'a' })
  })
})

test('sequences behind their tables are raised at a start', async () => {
  await server.query('create database behind')
  await withApp({ env: at('behind') }, async (t) => {
    for (const name of ['a', 'b']) await add(t, name)
    for (const [table, column] of [
      ['entry', 'seq'],
      ['change_log', 'id'],
    ])
      await server.query(`select setval(pg_get_serial_sequence('${table}', '${column}'), 1, false)`, 'behind')
    expect((await t.refused('memory_guideline', 'add', { name: 'c', content: 'c' })).message).toContain(
      'a sequence may be behind its table',
    )
    const other = await t.secondApp({ env: at('behind') })
    await add(other, 'c')
  })
})

test('after a restore tokens, versions and events go on above those of before, locks are gone, and all is indexed', async () => {
  await server.query('create database before')
  await withApp({ env: at('before') }, async (t) => {
    await add(t, 'a')
    const { fencing_token: token } = await checkout(t, '/f')
    await t.close()
    await server.query('create database after template before')
    // As where the rows of one table alone were put back.
    await server.query('delete from entry_search', 'after')
    await withCli(async (cli) => {
      const { code, stdout } = await cli(['doctor', '--after-restore', '--json'], { env: at('after') })
      expect(stdout).toContain('Forgot the file locks of that time: 1.')
      expect(stdout).toContain('Built the search index anew.')
      expect(code).toBe(0)
    })
    await withApp({ env: at('after') }, async (restored) => {
      expect(await lastSeq(restored)).toBeGreaterThan(1_000_000)
      expect((await checkout(restored, '/f')).fencing_token).toBeGreaterThan(token + 2 ** 32)
      await add(restored, 'b')
    })
  })
})

test('a promoted standby that lacks the last commits gives no number again', () =>
  withPostgres({ isOneOfItsKind: true }, (primary) =>
    withPostgres({ standbyOf: primary }, async (standby) => {
      let lost = 0
      let seq = 0
      await withApp({ env: at('postgres', primary) }, async (t) => {
        await checkout(t, '/kept')
        const [row] = await primary.query('select pg_current_wal_flush_lsn()::text as lsn')
        const caughtUp = `select pg_last_wal_replay_lsn() >= '${row?.['lsn']}'::pg_lsn as there`
        await expect.poll(async () => (await standby.query(caughtUp))[0]?.['there']).toBe(true)
        await standby.query('alter system set primary_conninfo = $$host=127.0.0.1 port=1$$')
        await standby.query('select pg_reload_conf()')
        const receivers = 'select count(*)::int as n from pg_stat_wal_receiver where status = $$streaming$$'
        await expect.poll(async () => (await standby.query(receivers))[0]?.['n']).toBe(0)
        for (let n = 0; n < 5; n++) lost = (await checkout(t, `/lost${n}`)).fencing_token
        seq = await lastSeq(t)
        await primary.stop('immediate')
      })
      await standby.query('select pg_promote()')
      await withApp({ env: at('postgres', standby) }, async (t) => {
        expect((await checkout(t, '/new')).fencing_token).toBeGreaterThan(lost)
        expect(await lastSeq(t)).toBeGreaterThan(seq)
        expect(
          await t.refused(LOCK, 'checkout', { file_path: '/kept', agent_id: 'b', wait_ms: 0 }),
        ).toMatchObject({
          name: 'FILE_LOCKED',
        })
      })
    }),
  ))
