import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { claimCall } from '../../../src/store/answered-calls.ts'
import { putVectors } from '../../../src/store/embeddings.ts'
import { MIGRATIONS } from '../../../src/store/migrations/index.ts'
import { toAppError } from '../../../src/store/postgres/connection/errors.ts'
import { openPostgres } from '../../../src/store/postgres/open.ts'
import { Store } from '../../../src/store/store.ts'
import { type TestApp, withApp } from '../../support/app.ts'
import { PostgresServer } from '../../support/postgres-server.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await PostgresServer.start()
})
afterAll(() => server.close())

interface Named {
  readonly id: string
}

/** An App on a new database with two projects. */
async function inWorld(
  name: string,
  body: (world: { t: TestApp; other: Client; a: string; b: string }) => Promise<void>,
): Promise<void> {
  await server.query(`create database ${name}`)
  const other = new Client({ connectionString: server.url(name), ssl: false })
  await other.connect()
  const env = { AGENT_MEMORY_DB_TYPE: 'postgresql', AGENT_MEMORY_PG_URL: server.url(name) }
  try {
    await withApp({ env }, async (t) => {
      const create = (project: string) =>
        t.call<Named>('memory_scope', 'create', { scope_type: 'project', name: project })
      const { id: a } = await create('a')
      const { id: b } = await create('b')
      await body({ t, other, a, b })
    })
  } finally {
    await other.end()
  }
}

const add = (t: TestApp, project: string, name: string) =>
  t.call<Named>('memory_knowledge', 'add', {
    scope_type: 'project',
    scope_id: project,
    name,
    content: 'text',
  })

/** Begins a write as another instance does, and stops. */
async function stopIn(other: Client, project: string): Promise<void> {
  await other.query('begin; lock table memory_identity in row exclusive mode')
  await other.query('select 1 from scope where id = $1 for no key update', [project])
}

/** How many connections wait for a lock of another. */
async function waiting(name: string): Promise<number> {
  const [row] = await server.query(
    `select count(*)::int as n from pg_stat_activity where datname = '${name}' and wait_event_type = 'Lock'`,
  )
  return Number(row?.['n'])
}

test('a writer that stops holds up its own scope, and no other', () =>
  inWorld('stopped', async ({ t, other, a, b }) => {
    await stopIn(other, a)
    let isDone = false
    const held = add(t, a, 'held up').then(() => {
      isDone = true
    })
    await expect.poll(() => waiting('stopped')).toBe(1)
    for (let n = 0; n < 5; n++) await add(t, b, `free ${n}`)
    expect(isDone).toBe(false)
    const health = () => t.call<{ status: string; problems: string[] }>('memory_health', null)
    await expect
      .poll(async () => (await health()).problems)
      .toContainEqual(
        expect.stringMatching(/^database: A writer \(server process \d+\) has stood still .* at the latest/),
      )
    expect((await health()).status).toBe('degraded')
    await other.query('rollback')
    await held
    expect((await health()).problems).toEqual([])
  }))

test('what needs everything waits for the writers under way, and is not passed for ever', () =>
  inWorld('everything', async ({ t, other, a, b }) => {
    await stopIn(other, a)
    const voted = t.call('memory_voting', 'record_vote', { task_id: 'task', vote_value: 1 })
    await expect.poll(() => waiting('everything')).toBe(1)
    const after = add(t, b, 'after it')
    await expect.poll(() => waiting('everything')).toBe(2)
    await other.query('rollback')
    await Promise.all([voted, after])
  }))

test('no number of the log is given out while an earlier one may still be committed', () =>
  inWorld('numbers', async ({ t, other, a, b }) => {
    const last = async () => (await t.call<{ last_seq: number }>('memory_event', 'list')).last_seq
    const since = await last()
    // As another instance that is slow in its last message: its number is taken, its commit is to come.
    await other.query('begin; lock table memory_identity in row exclusive mode')
    await other.query('select 1 from memory_identity for no key update')
    const { rows } = await other.query(`insert into change_log
      (event_id, at, type, scope_type, scope_id, detail, versions, agent_id, instance_id)
      values ('slow', '2026-11-28T00:00:00.000Z', 'scope.updated', 'project', '${a}', '{}', '{}', 'bob', 'i') returning id`)
    const added = add(t, b, 'later')
    await expect.poll(() => waiting('numbers')).toBe(1)
    // A reader that came by now would go on from here.
    expect(await last()).toBe(since)
    await other.query('commit')
    await added
    const args = { scope_type: 'project', since }
    const { events } = await t.call<{ events: { seq: number; type: string }[] }>('memory_event', 'list', args)
    expect(events.map(({ type }) => type)).toEqual(['scope.updated', 'entry.created'])
    expect(events[0]?.seq).toBe(Number(rows[0]?.id))
  }))

test('a project that is new is made by its first write, whatever other writers do', () =>
  inWorld('first', async ({ t, other, a }) => {
    await stopIn(other, a)
    const made = t.call<Named>('memory_knowledge', 'add', { name: 'first', content: 'text' })
    await expect.poll(() => waiting('first')).toBe(1)
    await other.query('rollback')
    expect((await made).id).toEqual(expect.any(String))
  }))

test('a deadlock costs one more try, and no caller sees it', () =>
  inWorld('deadlock', async ({ t, other, a, b }) => {
    const [from, to] = [await add(t, a, 'from'), await add(t, b, 'to')]
    const link = { from_id: from.id, to_id: to.id, relation_type: 'depends_on' }
    await t.call('memory_relation', 'create', link)
    // The other one waits longer before it looks for a deadlock: ours is found first, and ended.
    await other.query("set deadlock_timeout = '60s'")
    await other.query('begin; select 1 from relation for update')
    const deleted = t.call('memory_knowledge', 'delete', { id: from.id })
    await expect.poll(() => waiting('deadlock')).toBe(1)
    await other.query('select 1 from scope where id = $1 for no key update', [a])
    await other.query('commit')
    await deleted
    expect((await t.refused('memory_knowledge', 'get', { id: from.id })).name).toBe('NOT_FOUND')
    const asked = { scope_type: 'project', scope_id: a, types: ['entry.deleted'] }
    expect((await t.call<{ events: unknown[] }>('memory_event', 'list', asked)).events).toHaveLength(1)
  }))

test('a word that is new to two writers at once is kept by both, and found once', () =>
  inWorld('words', async ({ t, other, a, b }) => {
    await stopIn(other, a)
    // What the trigger does for an entry of another scope that has not committed.
    await other.query("insert into entry_word (term) values ('quetzalcoatlus')")
    await t.call('memory_knowledge', 'add', {
      scope_type: 'project',
      scope_id: b,
      name: 'beast',
      content: 'quetzalcoatlus',
    })
    await other.query('commit')
    const found = await t.call<{ results: Named[] }>('memory_query', 'search', {
      scope_type: 'project',
      scope_id: b,
      query: 'quetzalcoatlos',
    })
    expect(found.results).toHaveLength(1)
  }))

test('the audit is one chain in the order of the log, whichever instances write and seal at once', () =>
  inWorld('chain', async ({ t, other, a, b }) => {
    const second = await t.secondApp()
    const verify = (of: TestApp) =>
      of.call<{ intact: boolean; rows: number; problems: { kind: string }[] }>('memory_audit', 'verify')
    for (let n = 0; n < 3; n++) {
      const writes = [1, 2, 3, 4].flatMap((m) => [
        add(t, a, `t ${n} ${m}`),
        add(second, b, `s ${n} ${m}`),
        add(second, a, `sa ${n} ${m}`),
      ])
      await Promise.all([...writes, verify(t), verify(second)])
    }
    const { intact, rows } = await verify(t)
    const { rows: log } = await other.query('select event_id from change_log order by id')
    const { rows: chain } = await other.query('select event_id from audit order by seq')
    expect(intact).toBe(true)
    expect(rows).toBe(log.length)
    expect(chain).toEqual(log)
    await other.query('delete from audit where seq = 5')
    const broken = await verify(second)
    expect(broken.intact).toBe(false)
    expect(broken.problems.map(({ kind }) => kind)).toContain('removed')
  }))

test('a vector of an entry that is deleted in that moment is left out, the others are kept', () =>
  inWorld('vectors', async ({ t, other, a, b }) => {
    const [gone, stays] = [await add(t, a, 'gone'), await add(t, b, 'stays')]
    const database = await openDatabase(t.app.config)
    const store = new Store(database, 'embedder')
    try {
      await other.query('begin')
      await other.query('lock table memory_identity in row exclusive mode')
      await other.query('delete from entry where id = $1', [gone.id])
      const vectors = [stays, gone].map(({ id }) => ({ id, version: 1, vector: 'AAAA' }))
      const made = { model: 'm', now: '2026-11-28T00:00:00.000Z' }
      const written = store.write(({ db }) => putVectors(db, made, vectors), { changes: 'own rows' })
      await expect.poll(() => waiting('vectors')).toBe(1)
      await other.query('commit')
      await written
      const { rows } = await other.query('select entry_id from embedding')
      expect(rows).toEqual([{ entry_id: stays.id }])
    } finally {
      await store.close()
    }
  }))

test('a call with a key that is given back in that moment is taken by one of two', () =>
  inWorld('keys', async ({ t, other }) => {
    const call = { agent_id: 'ann', key: 'k', request_hash: 'h', instance_id: 'i', status: null, body: null }
    const claimed = { claim_id: 'c', claimed_until: 2, effect: 'none' } as const
    const row = { ...call, ...claimed, created_at: '2026-11-28T00:00:00.000Z' }
    const database = await openDatabase(t.app.config)
    const store = new Store(database, 'caller')
    const claim = () =>
      store.write(async ({ db }) => ((await claimCall(db, row, 1)) ? 'taken' : 'first'), {
        changes: 'own rows',
      })
    try {
      expect(await claim()).toBe('first')
      await other.query('begin')
      await other.query('delete from answered_call')
      const claims = [claim(), claim()]
      await expect.poll(() => waiting('keys')).toBe(2)
      await other.query('commit')
      expect((await Promise.all(claims)).toSorted()).toEqual(['first', 'taken'])
    } finally {
      await store.close()
    }
  }))

/** How the build before began each write. */
const WRITE_OF_BEFORE =
  'begin isolation level read committed; select 1 from database_identity for no key update'

test('an earlier database goes on, and an earlier instance gets the error to start anew', async () => {
  await server.query('create database before')
  const env = { AGENT_MEMORY_DB_TYPE: 'postgresql', AGENT_MEMORY_PG_URL: server.url('before') }
  const old = await openOld(env)
  const before = new Client({ connectionString: server.url('before'), ssl: false })
  await before.connect()
  try {
    await before.query("insert into entry_word (term) values ('kept')")
    await before.query(`${WRITE_OF_BEFORE}; commit`)
    await withApp({ env }, async (t) => {
      await t.call('memory_guideline', 'add', { name: 'new', content: 'kept' })
      expect((await t.call<{ entries: unknown[] }>('memory_guideline', 'list')).entries).toHaveLength(1)
      const refusal = await before.query(WRITE_OF_BEFORE).then(
        () => undefined,
        (error: unknown) => toAppError(error, 'here'),
      )
      expect(refusal).toMatchObject({
        message: 'A table, column or function of the memory is missing in here.',
        suggestion: expect.stringMatching(/^Start the server anew/),
      })
    })
    const words = await server.query(
      "select count(*)::int as n from entry_word where term = 'kept'",
      'before',
    )
    expect(words).toEqual([{ n: 1 }])
  } finally {
    await before.end()
    await old.close()
  }
})

async function openOld(env: Readonly<Record<string, string>>) {
  const { postgres } = readConfig({ ...env, AGENT_MEMORY_DATA_DIR: '/tmp' })
  const last = MIGRATIONS.findIndex(({ name }) => name === '0016-narrow-locks')
  return openPostgres(postgres, MIGRATIONS.slice(0, last))
}
