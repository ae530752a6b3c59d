import { afterAll, beforeAll, expect, test } from 'vitest'
import { withApp } from '../../support/app.ts'
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
})

test('six processes that start at once on an empty database make one schema', async () => {
  await server.query('create database crowd')
  const folder = await makeDatabaseFolder()
  try {
    await withWorkers({ dataDir: folder, count: 6, env: on('crowd') }, async (...workers) => {
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

test('commits of another process wake who waits, also after the connection that listens was lost', () =>
  withApp(async (t) => {
    const other = await t.secondApp()
    await other.call('memory_knowledge', 'add', { name: 'first', content: 'x' })
    for (let round = 0; round < 3; round++) {
      const { last_seq } = await t.call<{ last_seq: number }>('memory_event', 'list')
      const waiting = t.call<{ events: object[] }>('memory_event', 'wait', {
        since: last_seq,
        timeout_ms: 20_000,
      })
      await other.call('memory_knowledge', 'add', { name: `n${round}`, content: 'x' })
      expect((await waiting).events).toMatchObject([{ type: 'entry.created' }])
      const listens = "select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %'"
      if (round < 2) await runStatement(t.dataDir, listens)
    }
  }))
