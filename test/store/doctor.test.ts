import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { openCheck } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { DatabaseCheck, Finding } from '../../src/domain/places/database-file.ts'
import { expectedColumns, missingParts } from '../../src/store/check/parts.ts'
import { ALL_TABLES } from '../../src/store/check/tables.ts'
import { beginIndex, putVectors } from '../../src/store/embeddings.ts'
import { parts as postgresParts } from '../../src/store/postgres/connection/parts.ts'
import { parts as sqliteParts } from '../../src/store/sqlite/parts.ts'
import { Store } from '../../src/store/store.ts'
import { type TestApp, withApp } from '../support/app.ts'
import { databaseEnv, openTestDatabase, runStatement, testDatabase } from '../support/database.ts'

// What `agent-memory doctor` says of what is stored, on both databases. Every damage is made while no server runs.

const checkOf = ({ dataDir }: TestApp): Promise<DatabaseCheck> =>
  openCheck(readConfig({ ...databaseEnv(dataDir), AGENT_MEMORY_DATA_DIR: dataDir }))
const broken = (findings: readonly Finding[]) =>
  findings.filter(({ level }) => level === 'broken').map(({ check, text }) => `${check}: ${text}`)

/** No single agent fills these without waiting, a key, a grant or a retried call. */
const WITHOUT_A_ROW = ['answered_call', 'api_key', 'lease_waiter', 'permission']

/** One row in every table that a memory fills. */
async function fill(t: TestApp): Promise<void> {
  const { id, version } = await t.call<{ id: string; version: number }>('memory_guideline', 'add', {
    name: 'One',
    content: 'First of the deployment rules.',
    tags: ['a'],
  })
  await t.call('memory_guideline', 'update', { id, content: 'Second.' }, { agentId: 'a' })
  await t.call('memory_guideline', 'update', { id, content: 'Third.' }, { agentId: 'b' })
  await t.refused('memory_guideline', 'update', { id, content: 'Fourth.', base_version: version })
  const other = await t.call<{ id: string }>('memory_guideline', 'add', { name: 'Two', content: 'Else.' })
  await t.call('memory_relation', 'create', { from_id: id, to_id: other.id, relation_type: 'explains' })
  await t.call('memory_voting', 'record_vote', { task_id: 'task', vote_value: 'yes' }, { agentId: 'ann' })
  await t.call('memory_voting', 'get_consensus', { task_id: 'task' })
  await t.call('memory_file_lock', 'checkout', { file_path: 'a.ts' })
  const org = await t.call<{ id: string }>('memory_scope', 'create', { scope_type: 'org', name: 'acme' })
  await t.call('memory_scope', 'update', { scope_id: org.id, purpose: 'p' })
}

/** What can go wrong with a row, as SQL, and what doctor says of it. */
const DAMAGE: [statement: string, said: RegExp][] = [
  ["update entry set metadata = '{broken'", /guideline \S+ \(One\): column metadata holds no JSON/],
  ["update entry set tags = '', fields = '['", /\(One\): column tags, fields holds no JSON/],
  ["update entry set status = 'odd'", /\(One\): status: /],
  ['update entry set priority = 700', /\(One\): priority: /],
  ["update entry set updated_at = 'yesterday'", /\(One\): updated_at: /],
  ['update entry set fields = \'{"enforce":"never"}\'', /\(One\): enforce: /],
  ["update revision set snapshot = '{}'", /version 1 of entry \S+: /],
  ["update revision set snapshot = 'x'", /version 1 of entry \S+: column snapshot holds no JSON/],
  ["update scope set metadata = 'x' where type = 'org'", /scope \S+: column metadata holds no JSON/],
  ["update scope_revision set snapshot = '{}'", /version 1 of scope \S+: /],
  ["update relation set metadata = ''", /relation \S+: column metadata/],
  ["update conflict set incoming_values = '{'", /conflict \S+: column incoming_values/],
  ['update vote set confidence = 7', /vote of ann on task: confidence: /],
  ["update change_log set versions = 'x'", /event \d+: column versions holds no JSON/],
  ["update change_log set type = 'odd'", /event \d+: type: /],
  ["update lease set expires_at = 'soon'", /lock of \S+: expires_at: /],
  ["update memory_identity set secret = ''", /identity: secret: /],
  ['drop table revision', /Tables are missing: revision/],
  ['alter table conflict drop column resolution', /Columns are missing: conflict\.resolution\./],
  ['drop index entry_name', /Tables: Missing: index entry_name\./],
  [
    testDatabase === 'sqlite' ? 'drop trigger entry_words_update' : 'drop trigger entry_search on entry',
    /Tables: Missing: trigger entry_(words_update|search)\./,
  ],
  ['delete from entry_tag', /Tags: Tags missing in the index: 1/],
  [
    "insert into entry_tag select id, 'ghost' from entry where name = 'One'",
    /in it, but not in their entry: 1/,
  ],
  [
    "update entry set search_text = (select search_text from entry where name = 'Two') where name = 'One'",
    /Terms: Entries that are found by words other than theirs: 1/,
  ],
  ['update entry set sketch_a = 1', /Terms: Entries that are found by words other than theirs: 2/],
  ['delete from scope_version', /Counters: Behind what was given out: /],
  ["update counter set value = 0 where name = 'lease_token'", /Behind what was given out: fencing tokens/],
  [
    "update entry set version = 1 where name = 'One'",
    /Versions: Entries whose history is newer than they are: 1/,
  ],
]

describe('doctor', () => {
  test('reads every row of every table, and is content with what the program writes', () =>
    withApp(async (t) => {
      await fill(t)
      const gone = await t.call('memory_knowledge', 'add', {
        scope_type: 'global',
        name: 'Gone',
        content: 'x',
      })
      await t.call('memory_knowledge', 'delete', { id: gone['id'] })
      await t.call('memory_voting', 'record_vote', { task_id: 'decided', vote_value: 1 })
      await t.call('memory_voting', 'get_consensus', { task_id: 'decided' })
      // Last of the writes: it seals them all, so that no row comes while they are counted.
      await t.call('memory_audit', 'verify')
      const store = new Store(await openTestDatabase(t.dataDir), 'test')
      await store.write(async ({ db }) => {
        const [model, now] = ['test', '2026-01-01T00:00:00.000Z']
        await beginIndex(db, { model, now })
        const { id } = await db.selectFrom('entry').select('id').executeTakeFirstOrThrow()
        await putVectors(db, { model, now }, [{ id, version: 1, vector: 'AQID' }])
      })
      await store.close()
      // A running instance seals what it wrote a moment later: another row.
      await t.app.close()
      const findings = await (await checkOf(t)).inspect()
      expect(broken(findings)).toEqual([])
      const rows = findings.find(({ check }) => check === 'Rows')
      const database = await openTestDatabase(t.dataDir)
      try {
        const counts = ALL_TABLES.map(async (table) => {
          const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(
            database.reader,
          )
          return Number(rows[0]?.n)
        })
        const all = await Promise.all(counts)
        expect(ALL_TABLES.filter((_, at) => all[at] === 0).toSorted()).toEqual(WITHOUT_A_ROW)
        expect(rows?.text).toBe(`Every row can be read (${all.reduce((sum, n) => sum + n, 0)}).`)
      } finally {
        await database.close()
      }
    }))

  test('knows every table that a new database has', () =>
    withApp(async ({ dataDir }) => {
      const database = await openTestDatabase(dataDir)
      try {
        const tables =
          testDatabase === 'postgresql'
            ? sql<{
                name: string
              }>`select tablename as name from pg_tables where schemaname = current_schema()`
            : sql<{ name: string }>`select name from sqlite_schema where type = 'table'`
        const names = (await tables.execute(database.reader)).rows.map(({ name }) => name)
        const own = names.filter(
          (name) => !/^(sqlite_|entry_(word|vocabulary|search|text)|schema_migration)/.test(name),
        )
        expect(own.sort()).toEqual([...ALL_TABLES].sort())
      } finally {
        await database.close()
      }
    }))

  test('knows every column, index and trigger that a new database has', () =>
    withApp(async ({ dataDir }) => {
      const database = await openTestDatabase(dataDir)
      try {
        const parts = testDatabase === 'sqlite' ? sqliteParts : postgresParts
        expect(await missingParts(database.reader, parts)).toEqual({ tables: [], columns: [], others: [] })
        const there = (await parts.listed.execute(database.reader)).rows.map(({ part }) => part)
        // Only publications know of that column.
        const isOurs = (part: string) =>
          ALL_TABLES.some((table) => part.startsWith(`${table}.`)) && !part.endsWith('.row_id')
        expect(there.filter(isOurs).sort()).toEqual(expectedColumns().sort())
      } finally {
        await database.close()
      }
    }))

  test.each(DAMAGE)('%s', (statement, said) =>
    withApp(async (t) => {
      await fill(t)
      await t.app.close()
      await runStatement(t.dataDir, statement)
      expect(broken(await (await checkOf(t)).inspect()).join(' ')).toMatch(said)
    }),
  )

  test('names the first broken rows and counts the others', () =>
    withApp(async (t) => {
      const entries = Array.from({ length: 30 }, (_, at) => ({ name: `n${at}`, content: 'c' }))
      await t.call('memory_knowledge', 'bulk_add', { entries })
      await t.app.close()
      await runStatement(t.dataDir, "update entry set metadata = 'x'")
      const [rows] = broken(await (await checkOf(t)).inspect())
      expect(rows).toMatch(/ And 25 more\.$/)
      expect(rows?.match(/holds no JSON/g)).toHaveLength(5)
    }))

  test.each([
    ['delete from entry_tag', 'Made the tag index say what the entries say.'],
    ["update entry set search_text = (select search_text from entry where name = 'Two')", 'are found: 1.'],
    ['update entry set sketch_a = 1', 'are found: 2.'],
    ['delete from scope_version', 'Raised counters that were behind: '],
    ["update counter set value = 0 where name = 'lease_token'", 'Raised counters that were behind: 1.'],
  ])('--mend after %s', (statement, said) =>
    withApp(async (t) => {
      await fill(t)
      await t.app.close()
      await runStatement(t.dataDir, statement)
      const check = await checkOf(t)
      expect((await check.mend()).join(' ')).toContain(said)
      expect(broken(await check.inspect())).toEqual([])
      expect(await check.mend()).toEqual([])
    }),
  )
})
