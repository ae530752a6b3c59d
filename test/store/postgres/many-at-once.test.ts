import { afterAll, beforeAll, expect, test } from 'vitest'
import { exported, imported } from '../../services/transfer/files.ts'
import { type TestApp, withApp } from '../../support/app.ts'
import { PostgresServer } from '../../support/postgres-server.ts'

const ENTRIES = 1_200
const SECRET = ['AKIA', 'Z7QX4LMN2PRS6TUV'].join('')
const INDEX = "select reloptions from pg_class where oid = 'entry_search_vector'::regclass"

let server: PostgresServer
let file: string

beforeAll(async () => {
  server = await PostgresServer.start({ settings: { autovacuum: 'off' } })
  file = await onDatabase('source', 'postgres', async (t) => {
    for (const half of ['first', 'second']) {
      const entries = Array.from({ length: ENTRIES / 2 }, (_, n) => ({
        name: `${half} ${n}`,
        content: `walrus${half}${n} and what all of them share`,
        tags: [half],
      }))
      await t.call('memory_guideline', 'bulk_add', { entries })
    }
    return exported(t)
  })
})
afterAll(() => server.close())

async function onDatabase<T>(name: string, user: string, body: (t: TestApp) => Promise<T>): Promise<T> {
  if ((await server.query(`select 1 from pg_database where datname = '${name}'`)).length === 0)
    await server.query(`create database ${name}`)
  const url = server.url(name).replace('//postgres@', `//${user}@`)
  return withApp({ env: { AGENT_MEMORY_DB_TYPE: 'postgresql', AGENT_MEMORY_PG_URL: url } }, body)
}

async function findsAll(t: TestApp): Promise<void> {
  const place = { scope_type: 'project', scope_id: await projectId(t) }
  for (const word of ['walrusfirst0', 'walrussecond599']) {
    const { results } = await t.call<{ results: unknown[] }>('memory_query', 'search', {
      query: word,
      ...place,
    })
    expect(results).toMatchObject([{ content: expect.stringContaining(word) }])
  }
}

async function projectId(t: TestApp): Promise<unknown> {
  const { scopes } = await t.call<{ scopes: { id: string }[] }>('memory_scope', 'list', {
    scope_type: 'project',
  })
  return scopes[0]?.id
}

test('many entries are known to the planner before the commit, and their index is as it was', () =>
  onDatabase('owned', 'postgres', async (t) => {
    expect(await server.query(INDEX, 'owned')).toEqual([{ reloptions: ['fastupdate=off'] }])
    const { entry } = await imported(t, file)
    expect(entry.added).toBe(ENTRIES)
    expect(await server.query(INDEX, 'owned')).toEqual([{ reloptions: ['fastupdate=off'] }])
    expect(
      await server.query("select gin_clean_pending_list('entry_search_vector') as pages", 'owned'),
    ).toEqual([{ pages: '0' }])
    expect(
      await server.query("select reltuples >= 1000 as known from pg_class where relname = 'entry'", 'owned'),
    ).toEqual([{ known: true }])
    await findsAll(t)
    // Once more: all is here.
    expect((await imported(t, file)).entry).toMatchObject({ added: 0, identical: ENTRIES })
  }))

test('an import that is refused near its end leaves the index as it was, and nothing of the file', () =>
  onDatabase('failed', 'postgres', async (t) => {
    const last = 'walrussecond599 and what'
    const refused = file.replace(last, `${SECRET} ${last}`)
    expect(refused).not.toBe(file)
    await expect(imported(t, refused)).rejects.toMatchObject({ errorName: 'SECRET_REFUSED' })
    expect(await server.query(INDEX, 'failed')).toEqual([{ reloptions: ['fastupdate=off'] }])
    expect(await server.query('select count(*)::int as n from entry', 'failed')).toEqual([{ n: 0 }])
    expect((await imported(t, file)).entry.added).toBe(ENTRIES)
    await findsAll(t)
  }))

test('a login that does not own the tables imports too', async () => {
  await onDatabase('shared', 'postgres', async () => {})
  await server.query('create role writer login', 'shared')
  for (const rights of [
    'usage on schema public',
    'select, insert, update, delete on all tables in schema public',
    'usage, select, update on all sequences in schema public',
  ])
    await server.query(`grant ${rights} to writer`, 'shared')
  await onDatabase('shared', 'writer', async (t) => {
    expect((await imported(t, file)).entry.added).toBe(ENTRIES)
    await findsAll(t)
  })
  expect(await server.query(INDEX, 'shared')).toEqual([{ reloptions: ['fastupdate=off'] }])
})
