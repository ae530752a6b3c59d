import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/app.ts'
import { sealed } from '../../src/domain/audit.ts'
import { OPERATIONS } from '../../src/operations/index.ts'
import type { Schema } from '../../src/store/schema.ts'
import { type TestApp, withApp } from '../support/app.ts'

const ANN = { agentId: 'ann' }
const BOB = { agentId: 'bob' }

interface Verdict {
  readonly intact: boolean
  readonly rows: number
  readonly head: string
  readonly problems: readonly { readonly seq: number; readonly kind: string; readonly message: string }[]
}

const verify = (t: TestApp, args: object = {}) => t.call<Verdict>('memory_audit', 'verify', { ...args })

interface Listed {
  readonly records: readonly {
    readonly seq: number
    readonly event: { readonly type: string; readonly agent_id: string }
  }[]
}

/** What an administrator of the database can do, and no other user. */
async function meddle(t: TestApp, work: (db: Kysely<Schema>) => Promise<unknown>): Promise<void> {
  const database = await openDatabase(t.app.config)
  try {
    await database.transaction(async (db) => void (await work(db)))
  } finally {
    await database.close()
  }
}

/** Some rows by two instances: as many as events. */
async function written(t: TestApp): Promise<TestApp> {
  const other = await t.secondApp()
  for (const [i, instance] of [t, other, t, other].entries())
    await instance.call('memory_knowledge', 'add', { name: `n${i}`, content: 'content to be kept out' }, ANN)
  return other
}

test('every write, refusal and forced unlock is in the chain, by whichever instance, and none of what they hold', () =>
  withApp(async (t) => {
    const other = await written(t)
    await t.call('memory_file_lock', 'checkout', { file_path: '/a.ts' }, ANN)
    await other.refused('memory_file_lock', 'checkout', { file_path: '/a.ts', wait_ms: 0 }, BOB)
    await other.refused('memory_file_lock', 'checkin', { file_path: '/a.ts' }, BOB)
    await other.call('memory_file_lock', 'force_unlock', { file_path: '/a.ts', reason: 'gone' }, BOB)
    const types = async () => {
      const { records } = await t.call<Listed>('memory_audit', 'list', { limit: 50 })
      return records.map(({ event }) => `${event.type} ${event.agent_id}`)
    }
    const wanted = [
      'entry.created ann',
      'lock.acquired ann',
      'lock.wanted bob',
      'call.refused bob',
      'lock.forced bob',
    ]
    await expect.poll(types).toEqual(expect.arrayContaining(wanted))
    const verdict = await verify(other)
    expect(verdict).toMatchObject({ intact: true, problems: [] })
    expect(verdict.rows).toBe((await types()).length)
    const { records } = await t.call<Listed>('memory_audit', 'list', { limit: 50 })
    expect(records.map(({ seq }) => seq)).toEqual(Array.from(records, (_, i) => verdict.rows - i))
    expect(JSON.stringify(records)).not.toContain('content to be kept out')
  }))

test('the chain stands also where both instances seal at once, and goes on from page to page', () =>
  withApp(async (t) => {
    const other = await written(t)
    await Promise.all([t, other, t, other].map((instance) => verify(instance)))
    const { rows } = await verify(t)
    const first = await t.call<Listed & { next_cursor: string }>('memory_audit', 'list', { limit: 2 })
    const second = await t.call<Listed>('memory_audit', 'list', { limit: 2, cursor: first.next_cursor })
    expect([...first.records, ...second.records].map(({ seq }) => seq)).toEqual([
      rows,
      rows - 1,
      rows - 2,
      rows - 3,
    ])
  }))

test.each([
  [
    'altered',
    2,
    (db) => sql`update audit set event = replace(event, 'ann', 'eve') where seq = 2`.execute(db),
  ],
  ['removed', 2, (db) => sql`delete from audit where seq = 2`.execute(db)],
  [
    'moved',
    2,
    async (db) => {
      for (const [from, to] of [
        [2, 99],
        [3, 2],
        [99, 3],
      ])
        await sql`update audit set seq = ${sql.lit(to)} where seq = ${sql.lit(from)}`.execute(db)
    },
  ],
  [
    'cut_off',
    5,
    async (db) => {
      // The log has forgotten them too, else they are sealed anew, behind a gap.
      await sql`delete from change_log where event_id in (select event_id from audit where seq >= 5)`.execute(
        db,
      )
      await sql`delete from audit where seq >= 5`.execute(db)
    },
  ],
  [
    'log_altered',
    3,
    (db) =>
      sql`update change_log set agent_id = 'eve' where event_id = (select event_id from audit where seq = 3)`.execute(
        db,
      ),
  ],
] satisfies [string, number, (db: Kysely<Schema>) => Promise<unknown>][])(
  'a row that was %s is found and named',
  (kind, seq, work) =>
    withApp(async (t) => {
      await written(t)
      expect(await verify(t)).toMatchObject({ intact: true })
      await meddle(t, work)
      const { intact, problems } = await verify(t)
      expect(intact).toBe(false)
      expect(problems[0]).toMatchObject({ seq, kind })
      expect(problems[0]?.message).toMatch(/row|Row/)
    }),
)

/** A row that was never sealed, made as an attacker makes it who knows how. */
async function forge(db: Kysely<Schema>, { after, seq }: { after: number; seq: number }): Promise<void> {
  const digest = (text: string) => createHash('sha256').update(text).digest('hex')
  const { hash } = await db
    .selectFrom('audit')
    .select('hash')
    .where('seq', '=', after)
    .executeTakeFirstOrThrow()
  const event = JSON.stringify({ type: 'lock.forced', agent_id: 'ann' })
  const [row] = sealed({ seq: seq - 1, hash }, [{ event_id: `forged-${seq}`, event }], digest)
  if (row) await db.insertInto('audit').values(row).execute()
}

test('rows that were put behind the end or before the beginning are found, and the chain goes on', () =>
  withApp(async (t) => {
    const other = await written(t)
    const { rows } = await verify(t)
    for (const seq of [rows + 1, 0]) {
      await meddle(t, (db) => forge(db, { after: rows, seq }))
      const { intact, problems } = await verify(other)
      expect([intact, problems[0]?.kind, problems[0]?.seq]).toEqual([false, 'inserted', seq])
    }
    await meddle(t, (db) => sql`delete from audit where seq = 0`.execute(db))
    await t.call('memory_knowledge', 'add', { name: 'later', content: 'x' }, ANN)
    const { intact, problems } = await verify(t)
    expect([intact, problems[0]?.kind, problems[0]?.seq]).toEqual([false, 'moved', rows + 2])
    expect(problems[0]?.message).toContain('what stands between them was put there')
    const { records } = await t.call<Listed>('memory_audit', 'list', { limit: 1 })
    expect(records[0]?.event).toMatchObject({ type: 'entry.created', agent_id: 'ann' })
  }))

test('a head that was noted proves later that nothing before it was changed, also by an attacker who can make all hashes anew', () =>
  withApp(async (t) => {
    await written(t)
    const { head } = await verify(t)
    await t.call('memory_knowledge', 'add', { name: 'later', content: 'x' }, ANN)
    expect(await verify(t, { head })).toMatchObject({ intact: true })
    // The whole chain is thrown away, and made again of an altered log.
    await meddle(t, async (db) => {
      await sql`update change_log set agent_id = 'eve' where agent_id = 'ann'`.execute(db)
      await sql`delete from audit`.execute(db)
      await sql`update audit_head set seq = 0, hash = '', log_id = 0`.execute(db)
    })
    expect(await verify(t)).toMatchObject({ intact: true })
    expect(await verify(t, { head })).toMatchObject({ intact: false, problems: [{ kind: 'unknown_head' }] })
    const refused = await t.refused('memory_audit', 'verify', { head: 'abc' })
    expect(refused).toMatchObject({ name: 'INVALID_PARAMETER' })
  }))

test('what was written is sealed a moment later without being asked for', () =>
  withApp(async (t) => {
    await t.call('memory_knowledge', 'add', { name: 'n', content: 'x' }, ANN)
    const database = await openDatabase(t.app.config)
    try {
      await expect
        .poll(async () => (await database.reader.selectFrom('audit').selectAll().execute()).length)
        .toBeGreaterThan(0)
    } finally {
      await database.close()
    }
  }))

type Args = Readonly<Record<string, unknown>>
type Made = ReadonlyMap<string, string>

/** What each operation that writes is called with; `id` is that of the answer to the line before it that has one of this name. */
const DEEDS: readonly (readonly [operation: string, args: (made: Made) => Args])[] = [
  ...(['guideline', 'knowledge', 'tool'] as const).flatMap((kind) => {
    const id = (made: Made) => ({ id: made.get(`${kind}.add`) })
    const deeds: [string, (made: Made) => Args][] = [
      [`${kind}.add`, () => ({ name: 'n', content: 'old' })],
      [`${kind}.update`, (made) => ({ ...id(made), content: 'new' })],
      [`${kind}.deactivate`, id],
      [`${kind}.reactivate`, id],
      [`${kind}.bulk_add`, () => ({ entries: [{ name: 'm', content: 'x' }] })],
    ]
    return deeds
  }),
  ['tag.attach', (made) => ({ entry_id: made.get('knowledge.add'), tags: ['a'] })],
  ['tag.detach', (made) => ({ entry_id: made.get('knowledge.add'), tags: ['a'] })],
  [
    'relation.create',
    (made) => ({ from_id: made.get('knowledge.add'), to_id: made.get('tool.add'), relation_type: 'uses' }),
  ],
  ['relation.delete', (made) => ({ id: made.get('relation.create') })],
  ['knowledge.add', () => ({ name: 'kept', content: 'old' })],
  [
    'relation.consolidate',
    (made) => ({ dry_run: false, keep: made.get('knowledge.add'), merge: [made.get('knowledge.update')] }),
  ],
  ['guideline.delete', (made) => ({ id: made.get('guideline.add') })],
  ['knowledge.delete', (made) => ({ id: made.get('knowledge.add') })],
  ['tool.delete', (made) => ({ id: made.get('tool.add') })],
  ['scope.create', () => ({ scope_type: 'org', name: 'Acme' })],
  ['scope.update', (made) => ({ scope_id: made.get('scope.create'), name: 'Other' })],
  ['scope.delete', (made) => ({ scope_id: made.get('scope.create') })],
  ['scope.create', () => ({ scope_type: 'project', name: 'Old' })],
  ['scope.move', () => ({ from: 'Old', to: '/srv/somewhere-else' })],
  ['scope.start', () => ({ scope_type: 'session', name: 'Work' })],
  ['scope.log', (made) => ({ session_id: made.get('scope.start'), turns: [{ content: 'said' }] })],
  ['scope.end', (made) => ({ scope_id: made.get('scope.start') })],
  ['file_lock.checkout', () => ({ file_path: '/a.ts' })],
  ['file_lock.checkin', () => ({ file_path: '/a.ts' })],
  ['file_lock.checkout', () => ({ file_path: '/b.ts' })],
  ['file_lock.force_unlock', () => ({ file_path: '/b.ts', reason: 'gone' })],
  ['voting.record_vote', () => ({ task_id: 't', vote_value: 1 })],
  ['voting.get_consensus', () => ({ task_id: 't' })],
  ['permission.grant', () => ({ grantee: 'bob', permission: 'read', scope_type: 'global' })],
  ['permission.revoke', (made) => ({ id: made.get('permission.grant') })],
  ['key.create', () => ({ agent: 'bob' })],
  ['key.revoke', (made) => ({ id: made.get('key.create') })],
]

/** Held by tests of their own, or no change of what is stored. */
const ELSEWHERE = [
  // The index is made again of what is there.
  'query.reindex',
  // The same holder, a while longer.
  'file_lock.renew',
  // Needs two agents: `conflict.resolved` in event-types.test.ts.
  'conflict.resolve',
]

test('every operation that writes leaves a row, whichever it is', () =>
  withApp(async (t) => {
    const writing = OPERATIONS.filter(({ hints }) => !hints.readOnly).map(
      ({ tool, action }) => `${tool.replace('memory_', '')}.${action}`,
    )
    const done = [...DEEDS.map(([operation]) => operation), ...ELSEWHERE]
    expect(new Set(writing)).toEqual(new Set(done))
    const made = new Map<string, string>()
    let { rows } = await verify(t)
    for (const [operation, args] of DEEDS) {
      const [tool, action = ''] = operation.split('.')
      const { id } = await t.call(`memory_${tool}`, action, args(made), ANN)
      if (typeof id === 'string') made.set(operation, id)
      // Where Redis keeps the locks, what became of one is written down a moment later.
      await expect.poll(async () => (await verify(t)).rows, { message: operation }).toBeGreaterThan(rows)
      const verdict = await verify(t)
      expect(verdict, operation).toMatchObject({ intact: true })
      rows = verdict.rows
    }
  }))
