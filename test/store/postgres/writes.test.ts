import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isStalePlan } from '../../../src/store/postgres/connection/errors.ts'
import { RetryRule } from '../../../src/store/postgres/connection/retry-rule.ts'
import { CommitNews } from '../../../src/store/postgres/news/commit-news.ts'
import { PLANNED_ANEW, StatementNames } from '../../../src/store/postgres/statements/statement-names.ts'
import { withApp } from '../../support/app.ts'
import { PostgresServer } from '../../support/postgres-server.ts'

let server: PostgresServer

beforeAll(async () => {
  server = await PostgresServer.start()
})
afterAll(() => server.close())

async function onNewDatabase<T>(
  name: string,
  body: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  await server.query(`create database ${name}`)
  return body({ AGENT_MEMORY_DB_TYPE: 'postgresql', AGENT_MEMORY_PG_URL: server.url(name) })
}

test('a table that changes under prepared statements costs one more try', async () => {
  await onNewDatabase('changing', (env) =>
    withApp({ env }, async (t) => {
      const add = (n: number) => t.call('memory_guideline', 'add', { name: `n ${n}`, content: `text ${n}` })
      for (let n = 0; n < 8; n++) await add(n)
      // As a newer program would, while this one runs.
      await server.query('alter table scope add column later text', 'changing')
      await add(8)
      const { entries } = await t.call<{ entries: unknown[] }>('memory_guideline', 'list')
      expect(entries).toHaveLength(9)
    }),
  )
})

test('and one more read, whatever is read', async () => {
  await onNewDatabase('changing_reads', (env) =>
    withApp({ env }, async (t) => {
      const name = 'deployments'
      await t.call('memory_guideline', 'add', { name, content: 'Deployments happen on Tuesdays' })
      let limit = 20
      // Each with another limit: none is answered from a cache.
      const reads = async () => {
        limit++
        const { results } = await t.call('memory_query', 'search', { query: 'when do we deploy', limit })
        const { entries } = await t.call('memory_guideline', 'list', { limit })
        const { content } = await t.call('memory_guideline', 'get', { name })
        return { results, entries, content }
      }
      for (let n = 0; n < 8; n++) await reads()
      await server.query('alter table entry add column later text', 'changing_reads')
      await server.query('alter table scope add column later text', 'changing_reads')
      expect(await reads()).toMatchObject({
        results: [{ name }],
        entries: [{ name }],
        content: 'Deployments happen on Tuesdays',
      })
    }),
  )
})

test('PostgreSQL is to look at new tables while they grow, and not only once a minute', async () => {
  await server.configure('autovacuum = off')
  await onNewDatabase('growing', (env) =>
    withApp({ env }, async (t) => {
      const known = () => server.query("select reltuples from pg_class where relname = 'entry'", 'growing')
      for (let n = 0; n < 60; n++)
        await t.call('memory_guideline', 'add', { name: `n ${n}`, content: 'text' })
      expect(await known()).toEqual([{ reltuples: -1 }])
      for (let n = 60; n < 70; n++)
        await t.call('memory_guideline', 'add', { name: `n ${n}`, content: 'text' })
      await expect.poll(async () => Number((await known())[0]?.['reltuples'])).toBeGreaterThanOrEqual(60)
    }),
  )
})

test('statements that another program took from a session are a reason to try again, on another connection', () => {
  const refusal = (code: string, message: string) => Object.assign(new Error(message), { code })
  const taken = refusal('26000', 'prepared statement "agent_memory_1" does not exist')
  const changed = refusal('0A000', 'cached plan must not change result type')
  for (const error of [taken, changed]) {
    expect(isStalePlan(error)).toBe(true)
    expect(new RetryRule().afterMs(error, 0)).not.toBeNull()
  }
  expect(new RetryRule().afterMs(refusal('0A000', 'FOR UPDATE is not allowed'), 0)).toBeNull()
})

test('what many changes of one transaction become is the same, however many there are', async () => {
  await onNewDatabase('many', (env) =>
    withApp({ env }, async (t) => {
      const entries = (prefix: string, count: number) =>
        Array.from({ length: count }, (_, n) => ({
          name: `${prefix} ${n}`,
          content: `text ${n}`,
          tags: ['a'],
        }))
      for (const [prefix, count] of [
        ['one', 1],
        ['some', 120],
        ['many', 400],
      ] as const)
        await t.call('memory_guideline', 'bulk_add', { entries: entries(prefix, count) })
      const rows = await server.query('select id, versions, entry_id from change_log order by id', 'many')
      const ofEntries = rows.filter((row) => row['entry_id'] !== null)
      expect(ofEntries).toHaveLength(521)
      const versions = ofEntries.map((row) => Object.values(JSON.parse(String(row['versions'])))[0])
      expect([...new Set(versions)]).toEqual([1, 2, 3])
      const named = await server.query(
        'select e.name from change_log l join entry e on e.id = l.entry_id order by l.id',
        'many',
      )
      const expected = [...entries('one', 1), ...entries('some', 120), ...entries('many', 400)]
      expect(named.map((row) => row['name'])).toEqual(expected.map(({ name }) => name))
    }),
  )
})

describe('news of commits', () => {
  test('are said at once, and together while one is on its way', async () => {
    const said: (() => void)[] = []
    const news = new CommitNews(() => new Promise((resolve) => said.push(resolve)))
    for (let n = 0; n < 10; n++) news.committed()
    expect(said).toHaveLength(1)
    for (let n = 0; n < 10; n++) news.committed()
    said[0]?.()
    await expect.poll(() => said.length).toBe(2)
    said[1]?.()
    await news.close()
    expect(said).toHaveLength(2)
  })

  test('that cannot be announced fail no call', async () => {
    const news = new CommitNews(() => Promise.reject(new Error('away')))
    news.committed()
    await news.close()
  })
})

test('a statement gets a name when it is run again and again, and no more than there is room for', () => {
  const names = new StatementNames('ours_')
  expect([1, 2].map(() => names.nameOf('select 1'))).toEqual([undefined, undefined])
  const name = names.nameOf('select 1')
  expect(name).toBeDefined()
  expect(names.nameOf('select 1')).toBe(name)
  for (let n = 0; n < 1_000; n++) for (let times = 0; times < 3; times++) names.nameOf(`select ${n} as n`)
  expect(names.nameOf('select 1')).toBe(name)
  expect([1, 2, 3].map(() => names.nameOf('select late'))).toEqual([undefined, undefined, undefined])
  const anew = `select ${PLANNED_ANEW} 1`
  const others = new StatementNames('ours_')
  expect([1, 2, 3, 4].map(() => others.nameOf(anew))).toEqual(Array(4).fill(undefined))
})
