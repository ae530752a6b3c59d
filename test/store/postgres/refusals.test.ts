import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { AppError } from '../../../src/domain/errors.ts'
import type { Database } from '../../../src/store/database.ts'
import { withApp } from '../../support/app.ts'
import { freePort } from '../../support/free-port.ts'
import { PostgresServer, withPostgres } from '../../support/postgres-server.ts'
import { whileHoursPass } from '../../support/time.ts'

const PASSWORD = 's3cret:/@p%w'
let server: PostgresServer

beforeAll(async () => {
  server = await PostgresServer.start({ password: PASSWORD })
})
afterAll(() => server.close())

type Settings = Readonly<Record<string, string>>

function config(settings: Settings) {
  return readConfig({
    AGENT_MEMORY_DB_TYPE: 'postgresql',
    AGENT_MEMORY_PG_HOST: '127.0.0.1',
    AGENT_MEMORY_PG_PORT: String(server.port),
    AGENT_MEMORY_PG_PASSWORD: PASSWORD,
    ...settings,
  })
}

async function open(settings: Settings): Promise<Database> {
  return openDatabase(config(settings))
}

/** How the start is refused; no trace of the password, whatever an operator gets to see of it. */
async function refusal(settings: Settings): Promise<AppError> {
  const error = await whileHoursPass(() => open(settings)).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof AppError)) throw new Error('it was not refused', { cause: error })
  expect(everythingOf(error)).not.toContain('s3cret')
  return error
}

function everythingOf(error: Error): string {
  const cause = error.cause instanceof Error ? everythingOf(error.cause) : ''
  return [error.message, error.stack, JSON.stringify(error), JSON.stringify({ ...error }), cause].join('\n')
}

async function newDatabase(name: string, ...statements: string[]): Promise<Settings> {
  await server.query(`create database ${name}`)
  for (const statement of statements) await server.query(statement, name)
  return { AGENT_MEMORY_PG_DATABASE: name }
}

test('no server listens there', async () => {
  const port = await freePort()
  expect(await refusal({ AGENT_MEMORY_PG_PORT: String(port) })).toMatchObject({
    errorName: 'DATABASE_ERROR',
    message: `PostgreSQL refused the connection (connect ECONNREFUSED 127.0.0.1:${port}).`,
    suggestion: expect.stringContaining('AGENT_MEMORY_PG_HOST'),
  })
  expect(
    (await refusal({ AGENT_MEMORY_PG_HOST: 'localhost', AGENT_MEMORY_PG_PORT: String(port) })).message,
  ).toMatch(/connect ECONNREFUSED (127\.0\.0\.1|::1):\d+/)
})

test('an unknown host', async () => {
  const { message, suggestion } = await refusal({ AGENT_MEMORY_PG_HOST: 'nowhere.invalid' })
  expect(message).toBe(`The host of PostgreSQL is unknown (nowhere.invalid:${server.port}/agent_memory).`)
  expect(suggestion).toContain('AGENT_MEMORY_PG_HOST')
})

test('a wrong password, as a setting and in the address', async () => {
  const wrong = await refusal({ AGENT_MEMORY_PG_PASSWORD: `${PASSWORD}?` })
  expect(wrong.message).toBe(`PostgreSQL refused the password (127.0.0.1:${server.port}/agent_memory).`)
  const url = `postgresql://postgres:s3cret@127.0.0.1:${server.port}/postgres`
  expect((await refusal({ AGENT_MEMORY_PG_URL: url })).message).toBe(
    `PostgreSQL refused the password (127.0.0.1:${server.port}/postgres).`,
  )
  expect((await refusal({ AGENT_MEMORY_PG_USER: 'nobody' })).message).toContain('refused the password')
})

test('an address that is none is refused by the name of its variable, and not repeated', () => {
  for (const url of ['postgresql://postgres:s3cret@host:port/x', 'mysql://root:s3cret@host/x', 's3cret']) {
    expect(() => config({ AGENT_MEMORY_PG_URL: url })).toThrow(
      /^AGENT_MEMORY_PG_URL=\*\*\*: expected postgresql:/,
    )
  }
})

test('a certificate that is not there', async () => {
  const url = `postgresql://postgres:s3cret@127.0.0.1:${server.port}/postgres?sslrootcert=/nowhere/ca.crt`
  const { message, suggestion } = await refusal({ AGENT_MEMORY_PG_URL: url })
  expect(message).toBe(
    `A file that the address of PostgreSQL names cannot be read (127.0.0.1:${server.port}/postgres).`,
  )
  expect(suggestion).toContain('sslrootcert')
})

test('a database that does not exist', async () => {
  const { message, suggestion } = await refusal({ AGENT_MEMORY_PG_DATABASE: 'missing' })
  expect(message).toBe(`The database does not exist (127.0.0.1:${server.port}/missing).`)
  expect(suggestion).toContain('createdb')
  // Where the address names it, that setting changes nothing.
  expect(suggestion).toContain('AGENT_MEMORY_PG_URL')
})

test('a user without the right to create tables', async () => {
  const place = await newDatabase('rights', `create role reader login password '${PASSWORD}'`)
  const error = await refusal({ ...place, AGENT_MEMORY_PG_USER: 'reader' })
  expect(error.message).toBe(`The user lacks rights in 127.0.0.1:${server.port}/rights.`)
  expect(error.suggestion).toContain('GRANT')
})

test('the tables of another program are not touched', async () => {
  const tables = "select tablename from pg_tables where schemaname = 'public' order by 1"
  const place = await newDatabase(
    'shop',
    'create table orders (id int)',
    'create table schema_migration (id int)',
  )
  expect((await refusal(place)).message).toContain('holds the tables of another program. It was not touched.')
  expect(await server.query(tables, 'shop')).toEqual([
    { tablename: 'orders' },
    { tablename: 'schema_migration' },
  ])
})

test('a newer program’s schema', async () => {
  const place = await newDatabase('newer')
  await (await open(place)).close()
  await server.query("insert into schema_migration values (99, 'x', 'now')", 'newer')
  expect(await refusal(place)).toMatchObject({
    errorName: 'MIGRATION_ERROR',
    message: expect.stringContaining('a newer agent-memory wrote it'),
  })
})

test('another encoding than UTF-8', async () => {
  await server.query("create database latin encoding 'LATIN1' locale 'C' template template0")
  const { message, suggestion } = await refusal({ AGENT_MEMORY_PG_DATABASE: 'latin' })
  expect(message).toContain('is encoded in LATIN1')
  expect(suggestion).toContain("encoding 'UTF8'")
})

test('a search path that leads nowhere', async () => {
  const place = await newDatabase('lost', 'alter database lost set search_path = nowhere')
  expect((await refusal(place)).message).toBe('The search_path of this user names no schema that exists.')
})

test('a user with no connection left', async () => {
  await server.query(`create role busy login password '${PASSWORD}' connection limit 0`)
  const { message, suggestion } = await refusal({
    AGENT_MEMORY_PG_USER: 'busy',
    AGENT_MEMORY_PG_DATABASE: 'postgres',
  })
  expect(message).toBe(`PostgreSQL has no connection left for the user (127.0.0.1:${server.port}/postgres).`)
  expect(suggestion).toContain('AGENT_MEMORY_PG_POOL_MAX')
})

test('a standby', () =>
  withPostgres({}, async (primary) => {
    const place = { AGENT_MEMORY_PG_DATABASE: 'postgres', AGENT_MEMORY_PG_PORT: String(primary.port) }
    await (await open(place)).close()
    await withPostgres({ standbyOf: primary }, async (standby) => {
      const { message } = await refusal({ ...place, AGENT_MEMORY_PG_PORT: String(standby.port) })
      expect(message).toBe(`PostgreSQL is read-only (127.0.0.1:${standby.port}/postgres).`)
    })
  }))

test('a server that became read-only still reads, and refuses to write', async () => {
  const { AGENT_MEMORY_PG_DATABASE } = await newDatabase('frozen')
  const env = {
    AGENT_MEMORY_DB_TYPE: 'postgresql',
    AGENT_MEMORY_PG_URL: server.url(AGENT_MEMORY_PG_DATABASE),
  }
  await withApp({ env }, async (t) => {
    await t.call('memory_guideline', 'add', { name: 'a', content: 'b' })
    await server.query('alter database frozen set default_transaction_read_only = on')
    await server.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'frozen'")
    expect(await t.refused('memory_guideline', 'add', { name: 'b', content: 'b' })).toMatchObject({
      name: 'DATABASE_ERROR',
      message: `PostgreSQL is read-only (127.0.0.1:${server.port}/frozen).`,
    })
    expect(await t.call('memory_guideline', 'get', { name: 'a' })).toMatchObject({ content: 'b' })
    const health = JSON.stringify(await t.call('memory_health', null))
    expect(health).toContain(`"address":"127.0.0.1:${server.port}/frozen"`)
    expect(health).not.toContain('s3cret')
  })
})

test('every class of error that a server gives has a sentence, and none repeats the server’s words', async () => {
  const { AGENT_MEMORY_PG_DATABASE } = await newDatabase('raising')
  const env = {
    AGENT_MEMORY_DB_TYPE: 'postgresql',
    AGENT_MEMORY_PG_URL: server.url(AGENT_MEMORY_PG_DATABASE),
  }
  const sentences: [code: string, said: string][] = [
    ['0A000', 'does not support what was asked (SQLSTATE 0A000'],
    ['22012', 'refused a value (SQLSTATE 22012'],
    ['23514', 'refused a row that contradicts another (SQLSTATE 23514'],
    ['25P04', 'A transaction took longer than the server allows'],
    ['42P01', 'is missing in'],
    ['42804', 'refused a statement (SQLSTATE 42804'],
    ['53200', 'has no memory left'],
    ['53100', 'The disk of PostgreSQL is full'],
    ['53400', 'has not enough resources (SQLSTATE 53400'],
    ['54000', 'A limit of PostgreSQL is exceeded (SQLSTATE 54000'],
    ['55000', 'cannot do that in its present state'],
    ['58030', 'could not read or write a file of its own'],
    ['58P01', 'an error of its system (SQLSTATE 58P01'],
    ['F0001', 'its configuration in error (SQLSTATE F0001'],
    ['P0001', 'A function of PostgreSQL failed (SQLSTATE P0001'],
    ['XX000', 'an internal error (SQLSTATE XX000'],
    ['XX001', 'found damaged data'],
  ]
  await withApp({ env }, async (t) => {
    for (const [code, said] of sentences) {
      await server.query(
        `create or replace function raise_it() returns trigger language plpgsql as $$
          begin raise exception using errcode = '${code}', message = 's3cret words'; end $$;
         create or replace trigger raise_it before insert on entry execute function raise_it()`,
        'raising',
      )
      const error = await t.refused('memory_guideline', 'add', { name: code, content: 'c' })
      expect(error).toMatchObject({ name: 'DATABASE_ERROR', message: expect.stringContaining(said) })
      expect(JSON.stringify(error)).not.toContain('s3cret')
    }
  })
})
