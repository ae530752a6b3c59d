import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, PostgresDialect } from 'kysely'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MIGRATIONS } from '../../../src/store/migrations/index.ts'
import { History } from '../../../src/store/postgres/history.ts'
import type { Schema } from '../../../src/store/schema.ts'
import { type TestApp, withApp } from '../../support/app.ts'
import { postgresBinaries } from '../../support/postgres-binaries.ts'
import { PostgresServer } from '../../support/postgres-server.ts'
import { RedisServer } from '../../support/redis-server.ts'

// A dump is restored in the place of a newer state, under instances that go on and know nothing of it.

let server: PostgresServer
let redis: RedisServer
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agent-memory-dump-'))
  server = await PostgresServer.start({ isOneOfItsKind: true })
  redis = await RedisServer.start()
})
afterAll(async () => {
  await server.close()
  await redis.close()
  rmSync(folder, { recursive: true, force: true })
})

const run = (program: string, ...args: readonly string[]) =>
  execFileSync(join(postgresBinaries(), program), [
    '-h',
    '127.0.0.1',
    '-p',
    String(server.port),
    '-U',
    'postgres',
    ...args,
  ])
const dump = (database: string, ...how: readonly string[]) =>
  run('pg_dump', '-Fc', ...how, '-f', join(folder, database), database)
const restore = (database: string, ...how: readonly string[]) =>
  run('pg_restore', ...how, '-d', database, join(folder, database))

const onPostgres = (database: string) => ({
  AGENT_MEMORY_DB_TYPE: 'postgresql',
  AGENT_MEMORY_PG_URL: server.url(database),
})
const overRedis = (database: string) => ({
  ...onPostgres(database),
  AGENT_MEMORY_REDIS_ENABLED: 'true',
  AGENT_MEMORY_REDIS_REQUIRED: 'true',
  AGENT_MEMORY_REDIS_URL: redis.url(),
  AGENT_MEMORY_REDIS_KEY_PREFIX: `${database}:`,
  AGENT_MEMORY_REDIS_LOCK_TTL_MS: '1000',
})

const LOCK = 'memory_file_lock'
const KNOWLEDGE = 'memory_knowledge'
const add = (t: TestApp, name: string, content: string) =>
  t.call<{ version: number }>(KNOWLEDGE, 'add', { name, content })
const update = (t: TestApp, content: string, base: number) =>
  t.call<{ version: number }>(KNOWLEDGE, 'update', { name: 'x', content, base_version: base })
const token = async (t: TestApp, file_path: string, agent_id: string) =>
  (await t.call<{ fencing_token: number }>(LOCK, 'checkout', { file_path, agent_id })).fencing_token
const found = async (t: TestApp, consistency = 'eventual') => {
  const { results } = await t.call('memory_query', 'search', { query: 'words of it', consistency })
  return results.map(({ content }) => content).sort()
}

/** Two versions and a lock that the dump lacks, and an answer that both instances keep. */
async function moveOn(t: TestApp, reader: TestApp): Promise<{ lost: number; seq: number }> {
  await update(t, 'lost words of it', 1)
  await update(t, 'more lost words of it', 2)
  await add(t, 'y', 'words of it that are lost too')
  for (const each of [t, reader])
    await expect.poll(() => found(each)).toEqual(['more lost words of it', 'words of it that are lost too'])
  const lost = await token(t, '/f', 'a')
  await t.call(LOCK, 'checkin', { file_path: '/f', agent_id: 'a' })
  const { last_seq: seq } = await t.call<{ last_seq: number }>('memory_event', 'list')
  return { lost, seq }
}

for (const [name, env] of [
  ['alone', onPostgres],
  ['redis', overRedis],
] as const)
  describe(`on PostgreSQL, ${name}`, () => {
    test('nothing of the later state is answered, and no number is given out again', async () => {
      const database = `under_${name}`
      await server.query(`create database ${database}`)
      await withApp({ env: env(database) }, async (t) => {
        const reader = await t.secondApp({ env: env(database) })
        await add(t, 'x', 'words of it')
        dump(database)
        const { lost, seq } = await moveOn(t, reader)
        restore(database, '--clean', '--if-exists', '--single-transaction')
        const { version } = await update(t, 'new words of it', 1)
        await update(t, 'newer words of it', version)
        for (const each of [t, reader]) {
          await expect.poll(() => found(each)).toEqual(['newer words of it'])
          expect(await found(each, 'strong')).toEqual(['newer words of it'])
        }
        const { events, last_seq: last } = await reader.call<{ events: object[]; last_seq: number }>(
          'memory_event',
          'list',
          { since: seq },
        )
        expect(last).toBeGreaterThan(seq + events.length)
        await expect
          .poll(() => token(reader, '/f', 'b').catch(() => 0), { timeout: 20_000 })
          .toBeGreaterThan(lost)
      })
    })

    test('who only reads hears of it too, the strong reader at once', async () => {
      const database = `read_${name}`
      await server.query(`create database ${database}`)
      await withApp({ env: env(database) }, async (t) => {
        const reader = await t.secondApp({ env: env(database) })
        await add(t, 'x', 'words of it')
        dump(database)
        await moveOn(t, reader)
        restore(database, '--clean', '--if-exists', '--single-transaction')
        expect(await found(reader, 'strong')).toEqual(['words of it'])
        await expect.poll(() => found(t)).toEqual(['words of it'])
        // Versions of before, which Redis still had, were written by no one else.
        for (const each of [t, reader])
          expect(await each.call('memory_health', null)).toMatchObject({ status: 'healthy' })
      })
    })
  })

/** The rows alone into the tables that are there, the one first that writers take their turn by. */
async function restoreRows(database: string): Promise<void> {
  const tables = await server.query(
    "select tablename from pg_tables where schemaname = 'public' order by tablename <> 'memory_identity'",
    database,
  )
  const rows = join(folder, `${database}.sql`)
  run('pg_restore', '-f', rows, join(folder, database))
  const empty = `truncate ${tables.map(({ tablename }) => tablename).join(', ')}`
  run('psql', '-q', '-1', '-v', 'ON_ERROR_STOP=1', '-c', empty, '-f', rows, '-d', database)
}
const restoreAll = async (database: string) =>
  void restore(database, '--clean', '--if-exists', '--single-transaction')

for (const [name, env] of [
  ['alone', onPostgres],
  ['redis', overRedis],
] as const)
  for (const [how, putBack, options] of [
    ['tables', restoreAll, []],
    ['rows', restoreRows, ['--data-only']],
  ] as const)
    test(`on PostgreSQL, ${name}: after a restore of ${how} nothing fits that was read before`, async () => {
      const database = `given_${name}_${how}`
      await server.query(`create database ${database}`)
      await withApp({ env: env(database) }, async (t) => {
        const org = { scope_type: 'org', name: 'org' }
        const { id: scope_id } = await t.call<{ id: string }>('memory_scope', 'create', org)
        await add(t, 'x', 'words of it')
        dump(database, ...options)
        const rounds: Given[] = []
        // The same dump twice: what came after the first time is not given out again either.
        for (const round of ['before', 'after', 'after the second']) {
          // What was read before and is so again still fits.
          const x = (await update(t, `words ${round}`, 1)).version
          const y = (await add(t, 'y', `words ${round}`)).version
          const rename = { scope_type: 'org', scope_id, name: round, base_version: 1 }
          const scope = (await t.call('memory_scope', 'update', rename))['version'] as number
          for (const given of rounds) {
            await expectStale(t, { name: 'x', base_version: given.x })
            await expectStale(t, { name: 'y', base_version: given.y })
            expect(scope).toBeGreaterThan(given.scope)
          }
          for (const each of ['x', 'y'])
            expect(await t.call(KNOWLEDGE, 'get', { name: each })).toMatchObject({
              content: `words ${round}`,
            })
          const { last_seq: seq } = await t.call<{ last_seq: number }>('memory_event', 'list')
          expect(seq).toBeGreaterThan(rounds.at(-1)?.seq ?? 0)
          const next = () => token(t, `/${rounds.length}`, 'a').catch(() => 0)
          await expect.poll(next, { timeout: 20_000 }).toBeGreaterThan(rounds.at(-1)?.token ?? 0)
          rounds.push({ x, y, scope, seq, token: await next() })
          await putBack(database)
        }
        await expect.poll(() => found(t)).toEqual(['words of it'])
      })
    })

interface Given {
  readonly x: number
  readonly y: number
  readonly scope: number
  readonly seq: number
  readonly token: number
}

async function expectStale(t: TestApp, entry: object): Promise<void> {
  const stale = { ...entry, content: 'words of ann', agent_id: 'ann' }
  expect(await t.refused(KNOWLEDGE, 'update', stale)).toMatchObject({ name: 'CONFLICT' })
}

test('while the tables are empty nothing is written, and health says so', async () => {
  await server.query('create database emptied')
  await withApp({ env: onPostgres('emptied') }, async (t) => {
    await add(t, 'x', 'words of it')
    await server.query('create table kept as table memory_identity', 'emptied')
    await server.query('delete from memory_identity', 'emptied')
    let tries = 0
    const message = () =>
      add(t, `y${tries++}`, 'c').then(
        () => 'stored',
        (error: Error) => error.message,
      )
    await expect.poll(message).toContain('emptied')
    expect(await t.call('memory_health', null)).toMatchObject({
      status: 'degraded',
      problems: [expect.stringContaining('nothing is written until the rows of a dump')],
    })
    await server.query('insert into memory_identity table kept', 'emptied')
    expect(await message()).toBe('stored')
    expect(await t.call('memory_health', null)).toMatchObject({ status: 'healthy' })
  })
})

test('a dump restored beside needs no command: tokens go on above those of the original', async () => {
  await server.query('create database beside')
  await withApp({ env: onPostgres('beside') }, async (t) => {
    await add(t, 'x', 'words of it')
    dump('beside')
    const lost = await token(t, '/f', 'a')
    await server.query('create database restored')
    run('pg_restore', '-d', 'restored', join(folder, 'beside'))
    await withApp({ env: onPostgres('restored') }, async (restored) =>
      expect(await token(restored, '/f', 'b')).toBeGreaterThan(lost + 2 ** 32),
    )
  })
})

test('a database that an earlier build has written to goes on where it was', async () => {
  await server.query('create database earlier')
  await withApp({ env: onPostgres('earlier') }, async (t) => {
    const before = await token(t, '/f', 'a')
    await server.query("update counter set value = 1 where name like 'history %'", 'earlier')
    const next = await t.secondApp({ env: onPostgres('earlier') })
    expect(await token(next, '/g', 'a')).toBe(before + 1)
  })
})

test('a transaction goes by the rows that it began with, whatever another one finds meanwhile', async () => {
  await server.query('create database looked_at')
  await withApp({ env: onPostgres('looked_at') }, async (t) => {
    await add(t, 'x', 'words of it')
    const pool = new Pool({ connectionString: server.url('looked_at') })
    const dialect = new PostgresDialect({ pool })
    const db = new Kysely<Schema>({ dialect })
    const history = await History.open(new Kysely<unknown>({ dialect }), {
      isKept: true,
      schemaVersion: MIGRATIONS.length,
    })
    const look = () => history.look(db, { isPooled: false, hasAllLocks: true })
    history.committed(await look())
    const before = await look()
    // As a restore leaves them.
    await server.query('update memory_identity set id = id', 'looked_at')
    history.connected()
    const undone = await look()
    expect(undone).toMatchObject({ isOther: true })
    expect(undone.lostVersions).toBeGreaterThan(before.lostVersions)
    expect(undone.identity).not.toBe(before.identity)
    // What it found was taken back with its transaction: the next one does not go by it.
    await server.query("delete from counter where name = 'lost_versions'", 'looked_at')
    const next = await look()
    expect(next.lostVersions).not.toBe(undone.lostVersions)
    history.committed(next)
    expect((await look()).identity).toBe(next.identity)
    await db.destroy()
  })
})
