import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../../src/domain/clock.ts'
import type { Database, SharedWrites } from '../../../src/store/database.ts'
import { JointWrites } from '../../../src/store/writing/joint-writes.ts'
import { type TestApp, withApp } from '../../support/app.ts'
import { PostgresServer } from '../../support/postgres-server.ts'

// Additions that one process is asked for at once share a transaction: what each of them is promised alone it is promised there.

let server: PostgresServer
beforeAll(async () => {
  server = await PostgresServer.start()
})
afterAll(() => server.close())

interface Named {
  readonly id: string
  readonly name: string
}

interface World {
  readonly t: TestApp
  readonly name: string
  readonly projects: readonly string[]
}

/** An App that has added to each of four projects. */
async function inWorld(name: string, body: (world: World) => Promise<void>): Promise<void> {
  await server.query(`create database ${name}`)
  const env = {
    AGENT_MEMORY_DB_TYPE: 'postgresql',
    AGENT_MEMORY_PG_URL: server.url(name),
    // What waits for another's scope waits for longer than a test may take.
    AGENT_MEMORY_PG_STATEMENT_TIMEOUT_MS: '300000',
  }
  await withApp({ env }, async (t) => {
    const projects: string[] = []
    for (const project of ['a', 'b', 'c', 'd']) {
      const args = { scope_type: 'project', name: project }
      const { id } = await t.call<Named>('memory_scope', 'create', args)
      projects.push(id)
      await add(t, id, 'first')
    }
    await body({ t, name, projects })
  })
}

const add = (t: TestApp, project: string | undefined, name: string) =>
  t.call<Named>('memory_knowledge', 'add', {
    scope_type: 'project',
    scope_id: project,
    name,
    content: `text of ${name}`,
    tags: ['one', name],
  })

/** So many additions at once, to each project in turn. */
const addMany = ({ t, projects }: World, prefix: string, count: number) =>
  Promise.allSettled(
    Array.from({ length: count }, (_, n) => add(t, projects[n % projects.length], `${prefix} ${n}`)),
  )

interface Logged {
  readonly name: string
  readonly transaction: string
  readonly versions: string
}

/** What the log says of entries so called, in its order. */
async function logged(name: string, prefix: string): Promise<readonly Logged[]> {
  const rows = await server.query(
    `select e.name, l.xmin::text as transaction, l.versions from change_log l join entry e on e.id = l.entry_id
      where e.name like '${prefix}%' order by l.id`,
    name,
  )
  return rows.map((row) => ({
    name: String(row['name']),
    transaction: String(row['transaction']),
    versions: String(row['versions']),
  }))
}

/** How many connections wait for a lock of another. */
async function waiting(name: string): Promise<number> {
  const [row] = await server.query(
    `select count(*)::int as n from pg_stat_activity where datname = '${name}' and wait_event_type = 'Lock'`,
  )
  return Number(row?.['n'])
}

test('additions of one moment share a transaction, each with its entry, its tags, its words and its event', () =>
  inWorld('shared', async (world) => {
    const outcomes = await addMany(world, 'many', 40)
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([])
    const log = await logged('shared', 'many')
    expect(log).toHaveLength(40)
    expect(new Set(log.map(({ name }) => name)).size).toBe(40)
    // How few is the machine's affair.
    expect(new Set(log.map(({ transaction }) => transaction)).size).toBeLessThan(40)
    // A version for each transaction, one step after the other.
    const last = new Map<string, { version: number; transaction: string }>()
    for (const { versions, transaction } of log)
      for (const [key, version] of Object.entries(JSON.parse(versions) as Record<string, number>)) {
        const before = last.get(key)
        if (before) expect(version - before.version).toBe(before.transaction === transaction ? 0 : 1)
        last.set(key, { version, transaction })
      }
    const [parts] = await server.query(
      `select count(distinct e.id)::int as entries, count(distinct t.tag)::int as tags, count(distinct s.seq)::int as found
        from entry e left join entry_tag t on t.entry_id = e.id left join entry_search s on s.seq = e.seq
        where e.name like 'many%'`,
      'shared',
    )
    expect(parts).toEqual({ entries: 40, tags: 41, found: 40 })
  }))

test('the answer of each is about its own entry, and events are told once and in order', () =>
  inWorld('answers', async (world) => {
    const { t } = world
    const { last_seq: since } = await t.call<{ last_seq: number }>('memory_event', 'list')
    const outcomes = await addMany(world, 'mine', 24)
    const names = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.name : ''))
    expect(names).toEqual(Array.from({ length: 24 }, (_, n) => `mine ${n}`))
    const seen = await t.call<{ events: { seq: number; entry: { id: string } }[] }>('memory_event', 'list', {
      since,
      scope_type: 'project',
      types: ['entry.created'],
      limit: 100,
    })
    const ids = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.id : ''))
    expect(seen.events.map(({ entry }) => entry.id).toSorted()).toEqual(ids.toSorted())
    expect(seen.events.map(({ seq }) => seq)).toEqual(
      seen.events.map(({ seq }) => seq).toSorted((a, b) => a - b),
    )
  }))

test('a name that is taken is refused to its own caller alone, and no transaction is made anew for it', () =>
  inWorld('taken', async (world) => {
    const { t, projects } = world
    const [many, refused] = await Promise.all([
      addMany(world, 'free', 12),
      t.refused('memory_knowledge', 'add', {
        scope_type: 'project',
        scope_id: projects[0],
        name: 'first',
        content: 'again',
      }),
    ])
    expect(refused.name).toBe('ALREADY_EXISTS')
    expect(many.every(({ status }) => status === 'fulfilled')).toBe(true)
  }))

test('of several that add one name at once one is acknowledged, and the others beside them are stored', () =>
  inWorld('same', async (world) => {
    const { t, projects } = world
    const same = Promise.allSettled(Array.from({ length: 6 }, () => add(t, projects[1], 'wanted')))
    const others = await addMany(world, 'beside', 12)
    expect(others.every(({ status }) => status === 'fulfilled')).toBe(true)
    const outcomes = await same
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ errorName: 'ALREADY_EXISTS' })
    expect(await logged('same', 'wanted')).toHaveLength(1)
    expect(await logged('same', 'beside')).toHaveLength(12)
  }))

test(
  'a scope that another process has holds up its own additions, and none that were to share their transaction',
  () =>
    inWorld('held', async (world) => {
      const { t, projects } = world
      const other = new Client({ connectionString: server.url('held'), ssl: false })
      await other.connect()
      try {
        await other.query('begin; lock table memory_identity in row exclusive mode')
        await other.query('select 1 from scope where id = $1 for no key update', [projects[0]])
        let isDone = false
        const all = [1, 2, 3].map((n) => add(t, projects[n], `free ${n}`))
        const held = Promise.all([add(t, projects[0], 'held 1'), add(t, projects[0], 'held 2')]).then(() => {
          isDone = true
        })
        all.push(...[1, 2, 3].map((n) => add(t, projects[n], `later ${n}`)))
        await Promise.all(all)
        for (let n = 0; n < 5; n++) await add(t, projects[1], `after ${n}`)
        await expect.poll(() => waiting('held')).toBeGreaterThan(0)
        expect(isDone).toBe(false)
        await other.query('rollback')
        await held
      } finally {
        await other.end()
      }
    }),
  120_000,
)

test('a project that was deleted in the meantime refuses its own additions', () =>
  inWorld('deleted', async (world) => {
    const { t, projects } = world
    const [gone, ...kept] = projects
    const second = await t.secondApp()
    await second.call('memory_scope', 'delete', { scope_id: gone, cascade: true })
    const outcomes = await Promise.allSettled([
      ...kept.map((project) => add(t, project, 'kept 1')),
      add(t, gone, 'lost'),
      ...kept.map((project) => add(t, project, 'kept 2')),
    ])
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(refused.map(({ reason }) => reason)).toMatchObject([{ errorName: 'NOT_FOUND' }])
  }))

/** The commit of the first transaction that several share waits for `before`, which learns whose connection it is and how many share it. */
function atSharedCommit(before: (pid: number, together: number) => Promise<void>): Disposable {
  const query = Client.prototype.query
  type Send = (this: Client, ...args: unknown[]) => Promise<{ readonly rows: readonly { n: number }[] }>
  const send = query as unknown as Send
  const mine = 'select count(*)::int as n from entry where xmin = pg_current_xact_id()::xid'
  let isMet = false
  async function meet(client: Client & { processID?: number }, args: unknown[]): Promise<unknown> {
    const { rows } = await send.call(client, mine)
    const together = rows[0]?.n ?? 0
    if (!isMet && together > 1) {
      isMet = true
      await before(client.processID ?? 0, together)
    }
    return send.apply(client, args)
  }
  Object.assign(Client.prototype, {
    query(this: Client, ...args: unknown[]): unknown {
      const [asked] = args
      const isCommit = typeof asked === 'string' && asked.endsWith('; commit')
      return isCommit && !isMet ? meet(this, args) : send.apply(this, args)
    },
  })
  return { [Symbol.dispose]: () => Object.assign(Client.prototype, { query }) }
}

test('where the connection breaks before the commit is answered, those that share it may be stored or not', () =>
  inWorld('broken', async (world) => {
    let struck = 0
    using _ = atSharedCommit(async (pid, together) => {
      struck = together
      await server.query(`select pg_terminate_backend(${pid}, 10000)`)
    })
    const outcomes = await addMany(world, 'unknown', 9)
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(struck).toBeGreaterThan(1)
    expect(failed).toHaveLength(struck)
    for (const { reason } of failed)
      expect(reason).toMatchObject({ message: expect.stringContaining('may be stored or not') })
    expect(await logged('broken', 'unknown')).toHaveLength(9 - struck)
  }))

test('one that left the transaction because another process has its scope is stored, although the commit breaks', () =>
  inWorld('apart', async (world) => {
    const { t, projects } = world
    const other = new Client({ connectionString: server.url('apart'), ssl: false })
    await other.connect()
    try {
      await other.query('begin; lock table memory_identity in row exclusive mode')
      await other.query('select 1 from scope where id = $1 for no key update', [projects[0]])
      using _ = atSharedCommit(async (pid) => {
        await server.query(`select pg_terminate_backend(${pid}, 10000)`)
        await other.query('rollback')
      })
      // The first is alone; the others share the next one.
      const outcomes = await Promise.allSettled([3, 0, 1, 2].map((n) => add(t, projects[n], `left ${n}`)))
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected'])
      expect((await logged('apart', 'left')).map(({ name }) => name)).toEqual(['left 3', 'left 0'])
    } finally {
      await other.end()
    }
  }))

test('what goes wrong after a commit makes nothing a second time', async () => {
  const made: string[] = []
  let told = 0
  const shared = {
    transaction: <T>(fn: (db: never) => Promise<T>) => fn(undefined as never),
    claimFree: (_: unknown, ids: readonly string[]) => Promise.resolve(new Set(ids)),
  } as unknown as SharedWrites
  const database = {
    clock: systemClock,
    logLast: () => Promise.resolve({ events: [], versions: new Map() }),
  } as unknown as Database
  const committed = () => {
    told++
    return Promise.reject(new Error('a listener at fault'))
  }
  const joint = new JointWrites(shared, { database, instanceId: 'one', committed })
  const outcomes = await Promise.all(
    ['first', 'a', 'b'].map(
      (name) =>
        new Promise<string>((resolve) => {
          const run = () => {
            made.push(name)
            return Promise.resolve(() => resolve('well'))
          }
          const alone = () => run().then((end) => end())
          joint.add({ scopeId: name, run, alone, fail: (error) => resolve(String(error)) })
        }),
    ),
  )
  expect([told, made]).toEqual([1, ['first', 'a', 'b']])
  expect(outcomes).toEqual(['well', 'Error: a listener at fault', 'Error: a listener at fault'])
})
