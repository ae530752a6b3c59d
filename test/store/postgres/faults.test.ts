import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, withApp } from '../../support/app.ts'
import { PostgresServer } from '../../support/postgres-server.ts'
import { type TcpProxy, withProxy } from '../../support/tcp-proxy.ts'
import { whileClockStands, whileTimeFlies } from '../../support/time.ts'
import { until } from '../../support/until.ts'

let server: PostgresServer
let databases = 0

beforeAll(async () => {
  server = await PostgresServer.start()
})
afterAll(() => server.close())

interface Place {
  readonly name: string
  /** Runs a body with an App on this database, directly or through a port of this machine. */
  withApp<T>(
    body: (t: TestApp) => Promise<T>,
    options?: { port?: number; query?: string; env?: Readonly<Record<string, string>> },
  ): Promise<T>
  query(statement: string): Promise<readonly Record<string, unknown>[]>
  /** The rows of entries that there are, by name. */
  names(): Promise<string[]>
}

/** A database of its own for one test. */
async function newPlace(): Promise<Place> {
  databases++
  const name = `faults_${databases}`
  await server.query(`create database ${name}`)
  const query = (statement: string) => server.query(statement, name)
  return {
    name,
    query,
    withApp(body, { port = server.port, query: parameters = '', env: more = {} } = {}) {
      const url = `postgresql://postgres@127.0.0.1:${port}/${name}${parameters}`
      const env = { AGENT_MEMORY_DB_TYPE: 'postgresql', AGENT_MEMORY_PG_URL: url, ...more }
      return withApp({ env }, body)
    },
    async names() {
      return (await query('select name from entry order by name')).map((row) => String(row['name']))
    },
  }
}

const add = (t: TestApp, name: string) => t.call('memory_guideline', 'add', { name, content: 'text' })
const refusedAdd = (t: TestApp, name: string) =>
  t.refused('memory_guideline', 'add', { name, content: 'text' })

/** Loses the connection as soon as a statement with this text is sent; the server never sees it. */
function loseRequest(proxy: TcpProxy, text: string): { readonly happened: boolean } {
  const state = { happened: false }
  proxy.spy((bytes) => {
    if (state.happened || !bytes.includes(text)) return
    state.happened = true
    proxy.cut()
  })
  return state
}

/** The connections of the App, as the server sees them: those of its pool, or the one that listens. */
async function backendsOf(place: Place, which: 'pool' | 'listening'): Promise<unknown[]> {
  const rows = await server.query(
    `select pid from pg_stat_activity where datname = '${place.name}' and state is not null
       and query ${which === 'pool' ? 'not ' : ''}like 'listen %'`,
  )
  return rows.map(({ pid }) => pid)
}

async function endBackends(pids: readonly unknown[]): Promise<void> {
  for (const pid of pids) await server.query(`select pg_terminate_backend(${pid})`)
}

test('a connection that is ended as it is opened costs one more try, not the process', async () => {
  const place = await newPlace()
  await withProxy(server.port, (proxy) =>
    place.withApp(
      async (t) => {
        await until('it listens', async () => (await backendsOf(place, 'listening')).length > 0)
        await until('its pool is empty', async () => {
          const pids = await backendsOf(place, 'pool')
          await endBackends(pids)
          return pids.length === 0
        })
        // The first words of the next connection and its last arrive in one piece.
        proxy.repliesWaitForEnd = true
        await whileClockStands(async () => {
          const added = add(t, 'a')
          const pids = await until('the next one is there', async () => {
            const pids = await backendsOf(place, 'pool')
            return pids.length > 0 && pids
          })
          proxy.repliesWaitForEnd = false
          await endBackends(pids)
          await added
        })
        expect(await place.names()).toEqual(['a'])
      },
      { port: proxy.port, env: { AGENT_MEMORY_PG_POOL_MIN: '0', AGENT_MEMORY_PG_POOL_MAX: '2' } },
    ),
  )
})

describe('a connection that breaks', () => {
  // A statement that is prepared is sent without its text, but with its values.
  test.each([
    ['at its begin', ''],
    ['at the look at its name', 'during'],
  ])('%s: the call is run again, and stored once', async (_, statement) => {
    const place = await newPlace()
    await withProxy(server.port, (proxy) =>
      place.withApp(
        async (t) => {
          await add(t, 'before')
          const cut = loseRequest(proxy, statement)
          await add(t, 'during')
          expect(cut.happened).toBe(true)
          expect(await place.names()).toEqual(['before', 'during'])
          expect(await place.query('select count(*)::int as n from change_log')).toEqual([
            { n: (await t.call<{ events: unknown[] }>('memory_event', 'list')).events.length },
          ])
        },
        { port: proxy.port },
      ),
    )
  })

  test('before COMMIT arrives: said to be unknown, not stored', async () => {
    const place = await newPlace()
    await withProxy(server.port, (proxy) =>
      place.withApp(
        async (t) => {
          await add(t, 'before')
          const cut = loseRequest(proxy, '; commit')
          const error = await refusedAdd(t, 'lost')
          expect(cut.happened).toBe(true)
          expect(error).toMatchObject({
            name: 'DATABASE_ERROR',
            message: expect.stringContaining('it may be stored or not'),
            suggestion: 'Read it before you try again.',
          })
          expect(await place.names()).toEqual(['before'])
          await add(t, 'lost')
        },
        { port: proxy.port },
      ),
    )
  })

  test('before the answer to COMMIT: said to be unknown, stored once', async () => {
    const place = await newPlace()
    await withProxy(server.port, (proxy) =>
      place.withApp(
        async (t) => {
          await add(t, 'before')
          proxy.loseAnswerTo('; commit')
          expect((await refusedAdd(t, 'stored')).message).toContain('it may be stored or not')
          expect(await place.names()).toEqual(['before', 'stored'])
          expect(await t.call('memory_guideline', 'get', { name: 'stored' })).toMatchObject({ version: 1 })
        },
        { port: proxy.port },
      ),
    )
  })

  test('in the middle of a read: it is read again', async () => {
    const place = await newPlace()
    await withProxy(server.port, (proxy) =>
      place.withApp(
        async (t) => {
          await add(t, 'a')
          proxy.loseAnswerTo('from "entry"')
          expect(await t.call('memory_guideline', 'get', { name: 'a' })).toMatchObject({ name: 'a' })
        },
        { port: proxy.port },
      ),
    )
  })

  test('all at once, killed by an administrator: no call fails', async () => {
    const place = await newPlace()
    await place.withApp(async (t) => {
      await Promise.all(
        Array.from({ length: 5 }, (_, n) => t.call('memory_guideline', 'list', { limit: n + 1 })),
      )
      await place.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = '${place.name}' and pid <> pg_backend_pid()`,
      )
      await whileClockStands(() => add(t, 'a'))
      expect(await t.call('memory_guideline', 'get', { name: 'a' })).toMatchObject({ name: 'a' })
    })
  })
})

describe('a server', () => {
  test.each(['fast', 'immediate'] as const)(
    'restarted (%s) under calls: they go on, and none is doubled or lost',
    async (how) => {
      const place = await newPlace()
      await place.withApp(async (t) => {
        const stored = new Set<string>()
        const unknown = new Set<string>()
        let isOver = false
        const writer = async (prefix: string) => {
          for (let n = 0; !isOver; n++) {
            const name = `${prefix}${n}`
            const outcome = await add(t, name).then(
              () => undefined,
              (error: unknown) => String(error),
            )
            if (outcome === undefined) stored.add(name)
            else if (outcome.includes('may be stored or not')) unknown.add(name)
            else throw new Error(outcome)
          }
        }
        const tenMore = () => {
          const before = stored.size
          return until('ten more are stored', () => stored.size >= before + 10)
        }
        // However long a restart takes here, it is one of those that calls wait for.
        await whileClockStands(async () => {
          const written = Promise.all(['a', 'b', 'c'].map(writer))
          const restarted = async () => {
            for (let round = 0; round < 3; round++) {
              await tenMore()
              await server.stop(how)
              await server.resume()
            }
            await tenMore()
            isOver = true
          }
          await Promise.all([written, restarted()])
        })
        const there = await place.names()
        expect(new Set(there).size).toBe(there.length)
        expect(there.filter((name) => !stored.has(name) && !unknown.has(name))).toEqual([])
        // An immediate stop is a crash, and these servers don't sync: what was just stored may be gone then.
        if (how === 'fast') expect([...stored].filter((name) => !there.includes(name))).toEqual([])
      })
    },
  )

  test('that is down is named at once, in health too; when it is back, nothing has to be restarted', async () => {
    const place = await newPlace()
    await place.withApp(async (t) => {
      await add(t, 'a')
      await server.stop()
      try {
        const refused = `PostgreSQL refused the connection (connect ECONNREFUSED 127.0.0.1:${server.port}).`
        expect(await refusedAdd(t, 'b')).toMatchObject({
          code: 'E4000',
          name: 'DATABASE_ERROR',
          message: refused,
        })
        expect((await t.refused('memory_guideline', 'get', { name: 'a' })).message).toBe(refused)
        expect(await t.call('memory_health', null)).toMatchObject({
          status: 'unhealthy',
          problems: expect.arrayContaining([`database: ${refused}`]),
          database: { type: 'postgresql', connected: false, error: refused },
        })
      } finally {
        await server.resume()
      }
      await add(t, 'b')
      expect(await place.names()).toEqual(['a', 'b'])
      expect(await t.call('memory_health', null)).toMatchObject({ status: 'healthy' })
    })
  })

  test('that falls silent: a call ends, and says so', async () => {
    const place = await newPlace()
    await withProxy(server.port, (proxy) =>
      place.withApp(
        async (t) => {
          await add(t, 'a')
          // On connections that are there already, though one of them may just tell of the commit.
          await Promise.all([1, 2, 3].map((limit) => t.call('memory_guideline', 'list', { limit })))
          proxy.isBlackHole = true
          const { message } = await whileTimeFlies(() => t.refused('memory_guideline', 'get', { name: 'a' }))
          expect(message).toContain('PostgreSQL did not answer in time')
          proxy.isBlackHole = false
          proxy.cut()
          await until('it is well again', async () => {
            const { status } = await t.call('memory_health', null)
            return status === 'healthy'
          })
          await add(t, 'b')
        },
        { port: proxy.port },
      ),
    )
  })
})

describe('waiting', () => {
  test('a writer that fell silent in its transaction holds up the others only so long', async () => {
    const place = await newPlace()
    await withProxy(server.port, (proxy) =>
      place.withApp(
        async (frozen) => {
          await add(frozen, 'a')
          proxy.spy((bytes) => {
            if (bytes.includes('never')) proxy.isBlackHole = true
          })
          const lost = refusedAdd(frozen, 'never')
          await until('it is silent', () => proxy.isBlackHole)
          // The server ends its transaction, of itself.
          await place.withApp((t) => add(t, 'b'))
          expect(await place.names()).toEqual(['a', 'b'])
          const { name } = await whileTimeFlies(() => {
            proxy.cut()
            return lost
          })
          expect(name).toBe('DATABASE_ERROR')
        },
        { port: proxy.port, query: '?query_timeout=600000' },
      ),
    )
  })

  test('a statement that takes too long is ended, and said so', async () => {
    const place = await newPlace()
    await place.withApp(async (patient) => {
      await add(patient, 'a')
      await place.withApp(
        async (t) => {
          const { release } = await lockTable(place, 'change_log')
          try {
            expect(await refusedAdd(t, 'b')).toMatchObject({
              name: 'DATABASE_ERROR',
              message: expect.stringContaining('A statement took too long'),
            })
          } finally {
            await release()
          }
        },
        { query: '?statement_timeout=2000&query_timeout=600000' },
      )
      await add(patient, 'b')
      expect(await place.names()).toEqual(['a', 'b'])
    })
  })

  test('a process whose connections are all busy says so, and goes on afterwards', async () => {
    const place = await newPlace()
    await place.withApp(
      async (t) => {
        await add(t, 'a')
        const { release } = await lockTable(place, 'entry')
        const get = () => t.call('memory_guideline', 'get', { name: 'a' })
        const first = [get(), get()]
        await until('both connections wait for the lock', async () => (await waitingIn(place)) === 2)
        const third = whileTimeFlies(() => t.refused('memory_guideline', 'get', { name: 'a' }))
        expect((await third).message).toContain('Every connection of this process to PostgreSQL stayed busy')
        await release()
        expect(await Promise.all(first)).toMatchObject([{ name: 'a' }, { name: 'a' }])
      },
      { query: '?statement_timeout=600000', env: { AGENT_MEMORY_PG_POOL_MAX: '2' } },
    )
  })
})

/** How many connections to this database wait for a lock. */
async function waitingIn(place: Place): Promise<unknown> {
  const [row] = await server.query(
    `select count(*)::int as n from pg_stat_activity where datname = '${place.name}' and wait_event_type = 'Lock'`,
  )
  return row?.['n']
}

async function lockTable(place: Place, table: string): Promise<{ release(): Promise<void> }> {
  const { Client } = await import('pg')
  const client = new Client({ connectionString: server.url(place.name) })
  await client.connect()
  await client.query(`begin; lock table ${table} in access exclusive mode`)
  return { release: () => client.end() }
}
