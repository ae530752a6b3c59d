import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestApp, withApp } from '../../support/app.ts'
import { PostgresServer } from '../../support/postgres-server.ts'
import { type TcpProxy, withProxy } from '../../support/tcp-proxy.ts'

let server: PostgresServer
let databases = 0

beforeAll(async () => {
  server = await PostgresServer.start()
})
afterAll(() => server.close())

const IMPATIENT = { AGENT_MEMORY_PG_CONNECTION_TIMEOUT_MS: '300' }

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

/** The one connection of the App, as the server sees it; undefined before it is open. */
async function backendOf(place: Place): Promise<unknown> {
  const [row] = await server.query(
    `select pid from pg_stat_activity where datname = '${place.name}' and state is not null`,
  )
  return row?.['pid']
}

async function endBackend(pid: unknown): Promise<void> {
  if (pid !== undefined) await server.query(`select pg_terminate_backend(${pid})`)
}

test('a connection that is ended as it is opened costs one more try, not the process', async () => {
  const place = await newPlace()
  await withProxy(server.port, (proxy) =>
    place.withApp(
      async (t) => {
        // The pool may have given its only connection up by now.
        await endBackend(await backendOf(place))
        proxy.delayMs = 200
        const added = add(t, 'a')
        let pid: unknown
        while (pid === undefined) pid = await backendOf(place)
        // Its first words and its last arrive in one piece.
        const letGo = proxy.hold()
        await endBackend(pid)
        await new Promise((resolve) => setTimeout(resolve, 250))
        proxy.delayMs = 0
        letGo()
        await added
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
      await add(t, 'a')
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
        const writers = ['a', 'b', 'c'].map(writer)
        for (let round = 0; round < 3; round++) {
          const before = stored.size
          while (stored.size < before + 10) await new Promise((resolve) => setTimeout(resolve, 5))
          await server.stop(how)
          await server.resume()
        }
        const before = stored.size
        while (stored.size < before + 10) await new Promise((resolve) => setTimeout(resolve, 5))
        isOver = true
        await Promise.all(writers)
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
          expect((await t.refused('memory_guideline', 'get', { name: 'a' })).message).toContain(
            'PostgreSQL did not answer in time',
          )
          proxy.isBlackHole = false
          proxy.cut()
          await add(t, 'b')
        },
        { port: proxy.port, query: '?query_timeout=300', env: IMPATIENT },
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
          while (!proxy.isBlackHole) await new Promise((resolve) => setTimeout(resolve, 5))
          await place.withApp((t) => add(t, 'b'))
          expect(await place.names()).toEqual(['a', 'b'])
          expect((await lost).name).toBe('DATABASE_ERROR')
        },
        {
          port: proxy.port,
          query: '?idle_in_transaction_session_timeout=300&query_timeout=600',
          env: IMPATIENT,
        },
      ),
    )
  })

  test('a statement that takes too long is ended, and said so', async () => {
    const place = await newPlace()
    await place.withApp(
      async (t) => {
        await add(t, 'a')
        const { release } = await lockTable(place, 'change_log')
        try {
          expect(await refusedAdd(t, 'b')).toMatchObject({
            name: 'DATABASE_ERROR',
            message: expect.stringContaining('A statement took too long'),
          })
        } finally {
          await release()
        }
        await add(t, 'b')
        expect(await place.names()).toEqual(['a', 'b'])
      },
      { query: '?statement_timeout=200' },
    )
  })

  test('a process whose connections are all busy says so, and goes on afterwards', async () => {
    const place = await newPlace()
    await place.withApp(
      async (t) => {
        await add(t, 'a')
        const { release } = await lockTable(place, 'entry')
        const get = () =>
          t.call('memory_guideline', 'get', { name: 'a' }).catch((error: unknown) => String(error))
        const answers = [get(), get(), get()]
        expect(await Promise.race(answers)).toContain(
          'Every connection of this process to PostgreSQL stayed busy',
        )
        await release()
        const rest = await Promise.all(answers)
        expect(rest.filter((answer) => typeof answer === 'object')).toHaveLength(2)
      },
      { env: { ...IMPATIENT, AGENT_MEMORY_PG_POOL_MAX: '2' } },
    )
  })
})

async function lockTable(place: Place, table: string): Promise<{ release(): Promise<void> }> {
  const { Client } = await import('pg')
  const client = new Client({ connectionString: server.url(place.name) })
  await client.connect()
  await client.query(`begin; lock table ${table} in access exclusive mode`)
  return { release: () => client.end() }
}
