import { createHash } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, withApp } from '../../support/app.ts'
import { makeDatabaseFolder, removeDatabaseFolder, runStatement } from '../../support/database.ts'
import { PostgresServer } from '../../support/postgres-server.ts'
import { WorkerProcess, withWorkers } from '../../support/process.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await PostgresServer.start()
})
afterAll(() => server.close())

const on = (database: string) => ({
  AGENT_MEMORY_DB_TYPE: 'postgresql',
  AGENT_MEMORY_PG_URL: server.url(database),
  // So long a start waits for the server, and for another one that makes the tables.
  AGENT_MEMORY_PG_CONNECTION_TIMEOUT_MS: '600000',
  AGENT_MEMORY_PG_STATEMENT_TIMEOUT_MS: '600000',
})

test('six processes that start at once on an empty database make one schema', async () => {
  await server.query('create database crowd')
  const folder = await makeDatabaseFolder()
  try {
    await withWorkers({ dataDir: folder, count: 6, areNew: true, env: on('crowd') }, async (...workers) => {
      await Promise.all(
        workers.map((worker, n) => worker.call('memory_knowledge', 'add', { name: `n${n}`, content: 'x' })),
      )
      const versions = await server.query('select version from schema_migration', 'crowd')
      expect(new Set(versions.map((row) => row['version'])).size).toBe(versions.length)
      expect(await server.query('select count(*)::int as n from entry', 'crowd')).toEqual([{ n: 6 }])
    })
  } finally {
    await removeDatabaseFolder(folder)
  }
})

test('a program that starts before the server waits for it', async () => {
  await server.query('create database late')
  await server.stop()
  const folder = await makeDatabaseFolder()
  try {
    const start = WorkerProcess.start({ dataDir: folder, env: on('late') })
    await new Promise((resolve) => setTimeout(resolve, 400))
    await server.resume()
    const worker = await start
    expect(await worker.call('memory_health', null)).toMatchObject({ status: 'healthy' })
    await worker.stop()
  } finally {
    await removeDatabaseFolder(folder)
  }
})

test('a user who may only use its own schema is enough', async () => {
  await server.query('create database shared')
  await server.query('create role tenant login; create schema tenant authorization tenant', 'shared')
  const url = server.url('shared').replace('postgres@', 'tenant@')
  await withApp({ env: { AGENT_MEMORY_DB_TYPE: 'postgresql', AGENT_MEMORY_PG_URL: url } }, async (t) => {
    await t.call('memory_knowledge', 'add', { name: 'mine', content: 'a word' })
    const found = await t.call<{ results: object[] }>('memory_query', 'search', { query: 'words' })
    expect(found.results).toMatchObject([{ name: 'mine' }])
    expect(
      await server.query("select tablename from pg_tables where schemaname = 'public'", 'shared'),
    ).toEqual([])
  })
})

test('a schema that appears later and comes first on the path does not give an empty memory', async () => {
  await server.query('create database late_schema')
  await server.query('create role app login; grant create, usage on schema public to app', 'late_schema')
  const url = server.url('late_schema').replace('postgres@', 'app@')
  const env = { AGENT_MEMORY_DB_TYPE: 'postgresql', AGENT_MEMORY_PG_URL: url }
  const names = async (t: TestApp) =>
    (await t.call<{ entries: { name: string }[] }>('memory_knowledge', 'list')).entries.map(
      ({ name }) => name,
    )
  const add = (t: TestApp, name: string) => t.call('memory_knowledge', 'add', { name, content: 'a word' })
  await withApp({ env }, async (t) => {
    await add(t, 'before')
    await server.query('create schema app authorization app', 'late_schema')
    await add(t, 'after')
    expect(await names(t)).toEqual(['after', 'before'])
    // Connections that are made from now on, and a program that starts from now on.
    await server.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'")
    expect(await names(t)).toEqual(['after', 'before'])
    const other = await t.secondApp({ env })
    await add(other, 'later')
    expect(await names(t)).toEqual(['later', 'after', 'before'])
  })
  expect(
    await server.query("select tablename from pg_tables where schemaname = 'app'", 'late_schema'),
  ).toEqual([])
})

test('no login that has no right on the tables holds up a start', async () => {
  await server.query('create database held')
  await server.query('create role stranger login', 'held')
  const stranger = new Client({ connectionString: server.url('held').replace('postgres@', 'stranger@') })
  await stranger.connect()
  try {
    // Every advisory lock that a start could ask for by a key of 64 bits or two of 32: the ones of the first release.
    const key = createHash('sha256').update('agent-memory:public').digest().readBigInt64BE()
    await stranger.query(`select pg_advisory_lock(${key})`)
    await withApp({ env: on('held') }, async (t) => {
      expect(await t.call('memory_knowledge', 'add', { name: 'a', content: 'c' })).toMatchObject({
        version: 1,
      })
      await expect(stranger.query('lock table schema_migration in access exclusive mode')).rejects.toThrow()
    })
  } finally {
    await stranger.end()
  }
})

test('commits of another process wake the waiters, also after the connection that listens was lost', () =>
  withApp(async (t) => {
    const other = await t.secondApp()
    await other.call('memory_knowledge', 'add', { name: 'first', content: 'x' })
    for (let round = 0; round < 3; round++) {
      const { last_seq } = await t.call<{ last_seq: number }>('memory_event', 'list')
      const waiting = t.call<{ events: object[] }>('memory_event', 'wait', {
        since: last_seq,
        timeout_ms: 60_000,
      })
      await other.call('memory_knowledge', 'add', { name: `n${round}`, content: 'x' })
      expect((await waiting).events).toMatchObject([{ type: 'entry.created' }])
      const listens = "select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %'"
      if (round < 2) await runStatement(t.dataDir, listens)
    }
  }))
