import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCheck, openDatabase } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { AppError } from '../../../src/domain/errors.ts'
import { PostgresServer } from '../../support/postgres-server.ts'

// In which schema the memory is, and whose turn it is to make its tables, whatever other logins of the server do.

let server: PostgresServer
beforeAll(async () => {
  server = await PostgresServer.start()
})
afterAll(() => server.close())

type Settings = Readonly<Record<string, string>>

/** A database whose `public` belongs to the role that the program runs as, which has no schema of its own name. */
async function newPlace(name: string): Promise<Settings> {
  await server.query(`create database ${name}`)
  await server.query(`create role ${name} login`)
  await server.query(`create role ${name}_low login`)
  await server.query(`grant create on schema public to ${name}`, name)
  return {
    AGENT_MEMORY_DB_TYPE: 'postgresql',
    AGENT_MEMORY_PG_URL: `postgresql://${name}@127.0.0.1:${server.port}/${name}`,
    AGENT_MEMORY_PG_STATEMENT_TIMEOUT_MS: '1000',
  }
}

async function refusal(env: Settings): Promise<AppError> {
  const error = await openDatabase(readConfig(env)).then(
    async (database) => database.close(),
    (reason: unknown) => reason,
  )
  if (!(error instanceof AppError)) throw new Error('it was not refused', { cause: error })
  return error
}

/** What another session holds while the body runs. */
async function whileHeld<T>(url: string, statements: readonly string[], body: () => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
    return await body()
  } finally {
    await client.end()
  }
}

test('two schemas of the search path that hold a memory are refused until one is meant', async () => {
  const env = await newPlace('twice')
  await (await openDatabase(readConfig(env))).close()
  await server.query('create schema twice authorization twice', 'twice')
  const other = {
    ...env,
    AGENT_MEMORY_PG_URL: `${env['AGENT_MEMORY_PG_URL']}?options=-c%20search_path%3Dtwice`,
  }
  await (await openDatabase(readConfig(other))).close()
  const { message, suggestion } = await refusal(env)
  expect(message).toBe(
    'Several schemas on the search_path of this user hold a memory: twice, public. None was touched.',
  )
  expect(suggestion).toContain('SET search_path')
  const findings = await (await openCheck(readConfig(env))).inspect()
  expect(findings).toMatchObject([{ level: 'broken', text: message, mend: suggestion }])
  await server.query('alter role twice in database twice set search_path = public', 'twice')
  await (await openDatabase(readConfig(env))).close()
})

test('an upgrade waits for no login, and not for ever for a login that may write', async () => {
  const env = await newPlace('upgrade')
  const low = server.url('upgrade').replace('postgres@', 'upgrade_low@')
  await (await openDatabase(readConfig(env))).close()
  await server.query(
    'delete from schema_migration where version = (select max(version) from schema_migration)',
    'upgrade',
  )
  await expect(
    whileHeld(low, ['begin; lock table schema_migration in access share mode'], async () => {}),
  ).rejects.toThrow(/permission denied/)
  const held = ['begin', 'lock table schema_migration in share row exclusive mode']
  const { message, suggestion } = await whileHeld(server.url('upgrade'), held, () => refusal(env))
  expect(message).toBe(
    `Another connection kept the tables of 127.0.0.1:${server.port}/upgrade locked: they could not be brought up to date.`,
  )
  expect(suggestion).toContain('pg_stat_activity')
})
