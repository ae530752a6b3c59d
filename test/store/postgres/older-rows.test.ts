import { afterAll, beforeAll, expect, test } from 'vitest'
import { MIGRATIONS } from '../../../src/store/migrations/index.ts'
import { openPostgres } from '../../../src/store/postgres/open.ts'
import { DECISION, OLDER_VOTES, VOTE } from '../../support/older-votes.ts'
import { PostgresServer } from '../../support/postgres-server.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await PostgresServer.start()
})
afterAll(() => server.close())

const before = (name: string) =>
  MIGRATIONS.slice(
    0,
    MIGRATIONS.findIndex((migration) => migration.name === name),
  )

const optionsOf = (database: string) => ({
  url: server.url(database),
  host: '',
  port: 0,
  database: '',
  user: '',
  ssl: false,
  sslRejectUnauthorized: true,
  poolMin: 0,
  poolMax: 2,
  idleTimeoutMs: 1_000,
  connectionTimeoutMs: 10_000,
  statementTimeoutMs: 10_000,
})

/** The tags as the row has them; the last two cannot be read. */
const ROWS = {
  apart: '["billing", "invoices"]',
  odd: String.raw`["a\"b", "c\\d", "é", "x,y"]`,
  none: '[]',
  empty: '',
  broken: '{broken',
}

test('a tag index that is apart from its entries is made to agree, and a row with broken tags does not stop that', async () => {
  await server.query('create database apart')
  const options = optionsOf('apart')
  await (await openPostgres(options, before('0004-tag-index'))).close()
  for (const [name, tags] of Object.entries(ROWS)) {
    await server.query(
      `insert into entry (id, type, scope_id, name, content, tags, priority, version, status, fields, metadata,
        search_text, created_at, created_by, updated_at, updated_by)
      values ('${name}', 'knowledge', 'global', '${name}', 'c', '${tags}', 50, 1, 'active', '{}', '{}', '',
        '2026-01-01T00:00:00.000Z', 'ann', '2026-01-01T00:00:00.000Z', 'ann')`,
      'apart',
    )
  }
  await server.query("insert into entry_tag (entry_id, tag) values ('apart', 'billing,invoices')", 'apart')
  await (await openPostgres(options)).close()
  const rows = await server.query('select entry_id, tag from entry_tag', 'apart')
  expect(rows.map(({ entry_id, tag }) => `${String(entry_id)}: ${String(tag)}`).sort()).toEqual([
    'apart: billing',
    'apart: invoices',
    'odd: a"b',
    'odd: c\\d',
    'odd: x,y',
    'odd: é',
  ])
})

test('votes and decisions of before are of the global scope', async () => {
  await server.query('create database voted')
  await (await openPostgres(optionsOf('voted'), before('0018-vote-scopes'))).close()
  for (const statement of OLDER_VOTES) await server.query(statement, 'voted')
  await (await openPostgres(optionsOf('voted'))).close()
  expect(await server.query('select * from vote', 'voted')).toEqual([VOTE])
  expect(await server.query('select * from vote_decision', 'voted')).toEqual([DECISION])
})
