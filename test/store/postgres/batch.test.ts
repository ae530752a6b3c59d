import { sql } from 'kysely'
import { Pool } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isOneOf } from '../../../src/store/one-of.ts'
import { postgresTransactions } from '../../../src/store/postgres/dialect.ts'
import { withApp } from '../../support/app.ts'
import { PostgresServer } from '../../support/postgres-server.ts'
import { type TcpProxy, withProxy } from '../../support/tcp-proxy.ts'
import { whileClockStands } from '../../support/time.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await PostgresServer.start()
  await server.query('create table numbered (number integer primary key, word text)')
})
afterAll(() => server.close())

interface Tables {
  numbered: { number: number; word: string | null }
}

const begin = { begin: () => ['begin'], isWriting: true, turns: [], standbyMet: () => new Error() }

/** Transactions on one connection, and how many messages have been sent on it. */
async function withTransactions(
  body: (transaction: ReturnType<typeof postgresTransactions<Tables>>, sent: () => number) => Promise<void>,
): Promise<void> {
  await withProxy(server.port, async (proxy: TcpProxy) => {
    const connectionString = server.url().replace(`:${server.port}/`, `:${proxy.port}/`)
    const pool = new Pool({ connectionString, ssl: false, max: 1, pipeline: true })
    pool.on('error', () => {})
    let count = 0
    proxy.spy(() => {
      count++
    })
    try {
      const transaction = postgresTransactions<Tables>(pool, begin)
      await transaction((db) => db.deleteFrom('numbered').execute())
      await body(transaction, () => count)
    } finally {
      await pool.end()
    }
  })
}

test('statements that are asked for together are one message, the begin among them', () =>
  withTransactions(async (transaction, sent) => {
    await transaction(async (db) => {
      const before = sent()
      const insert = (number: number) => db.insertInto('numbered').values({ number, word: `w${number}` })
      const [, , rows] = await Promise.all([
        insert(1).execute(),
        insert(2).execute(),
        db.selectFrom('numbered').selectAll().orderBy('number').execute(),
        db.updateTable('numbered').set({ word: null }).where('number', '=', 2).execute(),
      ])
      expect(rows).toEqual([
        { number: 1, word: 'w1' },
        { number: 2, word: 'w2' },
      ])
      expect(sent() - before).toBe(1)
    })
    expect(await server.query('select * from numbered order by number')).toEqual([
      { number: 1, word: 'w1' },
      { number: 2, word: null },
    ])
  }))

test('of statements that go together none is done after one that fails, and each has that error', () =>
  withTransactions(async (transaction) => {
    // Often enough to be kept ready on the server, in a transaction that fails too.
    for (let time = 0; time < 5; time++) {
      const outcomes = await transaction(async (db) => {
        const insert = (number: number) => db.insertInto('numbered').values({ number, word: null }).execute()
        const asked = await Promise.allSettled([insert(1), insert(1), insert(2)])
        const later = await Promise.allSettled([insert(3)])
        throw Object.assign(new Error('over'), { outcomes: [...asked, ...later] })
      }).catch((error: { outcomes: PromiseSettledResult<unknown>[] }) => error.outcomes)
      const duplicate = { status: 'rejected', reason: expect.objectContaining({ code: '23505' }) }
      expect(outcomes).toEqual([
        expect.objectContaining({ status: 'fulfilled' }),
        duplicate,
        duplicate,
        duplicate,
      ])
    }
    expect(await server.query('select * from numbered')).toEqual([])
    await transaction((db) => db.insertInto('numbered').values({ number: 1, word: null }).execute())
    expect(await server.query('select * from numbered')).toHaveLength(1)
  }))

test('a commit does not come without what was asked for before it and not waited for', () =>
  withTransactions(async (transaction) => {
    const failing = transaction(async (db) => {
      const insert = (number: number) => db.insertInto('numbered').values({ number, word: null }).execute()
      await insert(1)
      insert(1).catch(() => {})
    })
    await expect(failing).rejects.toMatchObject({ code: '23505' })
    expect(await server.query('select * from numbered')).toEqual([])
  }))

test('values arrive as they are, lists and odd signs too', () =>
  withTransactions(async (transaction) => {
    const words = ['a"b', 'c\\d', "e'f", '{g,h}', ' ', '', 'ü☃', 'NULL']
    const rows = await transaction(async (db) => {
      const list = sql<{ word: string }>`select word from unnest(${words}::text[]) as given (word)`
      const one = sql<{ n: number | null; big: string; is: boolean }>`
        select ${null}::integer as n, ${12345678901234567890n}::numeric as big, ${true}::boolean as is`
      return [(await list.execute(db)).rows.map(({ word }) => word), (await one.execute(db)).rows]
    })
    expect(rows).toEqual([words, [{ n: null, big: '12345678901234567890', is: true }]])
  }))

test('lists of every length are found, and longer ones are one statement', () =>
  withTransactions(async (transaction) => {
    const words = ['a"b', 'c\\d', "e'f", '{g,h}', ' ', '', 'ü☃', 'NULL', 'null', 'a,b']
    await transaction(async (db) => {
      await db
        .insertInto('numbered')
        .values([...words, null].map((word, number) => ({ number, word })))
        .execute()
      const among = (list: readonly string[]) =>
        db.selectFrom('numbered').select('word').where('word', 'in', list).orderBy('number')
      const numbered = (list: readonly number[]) =>
        db.selectFrom('numbered').select('number').where(isOneOf('number', list)).orderBy('number')
      expect(among(words.slice(2)).compile().sql).toBe(among(words).compile().sql)
      expect(numbered([1, 2, 3, 4, 5]).compile().sql).toBe(numbered([1, 2, 3, 4, 5, 6]).compile().sql)
      for (const list of [words, words.slice(2), words.slice(0, 4), words.slice(0, 1), []])
        expect((await among(list).execute()).map(({ word }) => word)).toEqual(list)
      // As parameters one by one PostgreSQL takes 65,535 of them.
      const many = Array.from({ length: 70_000 }, (_, number) => number - 7)
      expect(await numbered(many).execute()).toHaveLength(words.length + 1)
      expect(await numbered([...many, 3, 3]).execute()).toHaveLength(words.length + 1)
      await db.deleteFrom('numbered').where('number', 'in', [0, 1, 99]).execute()
      expect(await numbered(many).execute()).toHaveLength(words.length - 1)
    })
  }))

test('texts of every length arrive as they are, the short ones after the long ones too', () =>
  withTransactions(async (transaction) => {
    const words = [10, 9_000, 20_000, 400_000, 0, 3].map((length) => 'ü☃𝄞\n'.repeat(length))
    for (let time = 0; time < 2; time++) {
      const rows = await transaction((db) => {
        const asked = words.map((word) => sql<{ word: string }>`select ${word}::text as word`.execute(db))
        return Promise.all(asked)
      })
      expect(rows.every(({ rows: [row] }, at) => row?.word === words[at])).toBe(true)
    }
  }))

test('what no statement can carry fails, and the connection goes on', () =>
  withTransactions(async (transaction) => {
    const failing = transaction((db) => sql`select ${{ no: 'text' }}::text`.execute(db))
    await expect(failing).rejects.toThrow('a object cannot be stored')
    expect(await transaction(async (db) => (await sql`select 1 as one`.execute(db)).rows)).toEqual([
      { one: 1 },
    ])
  }))

test('an add is two messages to the server: what it needs to know, and what it writes', async () => {
  await server.query('create database counted')
  await withProxy(server.port, async (proxy) => {
    const env = {
      AGENT_MEMORY_DB_TYPE: 'postgresql',
      AGENT_MEMORY_PG_URL: server.url('counted').replace(`:${server.port}/`, `:${proxy.port}/`),
    }
    await withApp({ env }, async (t) => {
      const { id } = await t.call<{ id: string }>('memory_scope', 'create', {
        scope_type: 'project',
        name: 'p',
      })
      const add = (name: string) =>
        t.call('memory_guideline', 'add', {
          scope_type: 'project',
          scope_id: id,
          name,
          content: 'some text',
          tags: ['a'],
        })
      for (let n = 0; n < 3; n++) await add(`before ${n}`)
      const messages: string[] = []
      // A writer looks again which server it is once a second.
      await whileClockStands(async () => {
        await add('just before')
        proxy.spy((bytes) => messages.push(bytes.toString('latin1')))
        await add('counted')
      })
      // What carries the project's id belongs to the write.
      expect(messages.filter((message) => message.includes(id))).toHaveLength(2)
    })
  })
})
