import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { AppError } from '../../../src/domain/errors.ts'
import { withApp } from '../../support/app.ts'
import { PostgresServer } from '../../support/postgres-server.ts'
import { whileHoursPass } from '../../support/time.ts'

// What a role is set to on the server: either it does not matter here, or the start says what it is and what to do.

let server: PostgresServer

beforeAll(async () => {
  server = await PostgresServer.start()
})
afterAll(() => server.close())

/** A role with a database of its own, set so. */
async function newRole(name: string, ...settings: string[]): Promise<Readonly<Record<string, string>>> {
  await server.query(`create role ${name} login`)
  await server.query(`create database ${name} owner ${name}`)
  for (const setting of settings) await server.query(`alter role ${name} ${setting}`)
  return {
    AGENT_MEMORY_DB_TYPE: 'postgresql',
    AGENT_MEMORY_PG_URL: `postgresql://${name}@127.0.0.1:${server.port}/${name}`,
  }
}

async function refusal(env: Readonly<Record<string, string>>): Promise<AppError> {
  const opened = whileHoursPass(() => openDatabase(readConfig(env)))
  const error = await opened.then(
    (database) => database.close(),
    (reason: unknown) => reason,
  )
  if (error instanceof AppError) return error
  throw new Error('it was not refused', { cause: error })
}

test('may have no more connections', async () => {
  const env = await newRole('crowded', 'connection limit 1')
  const other = new Client(env['AGENT_MEMORY_PG_URL'])
  await other.connect()
  try {
    expect(await refusal(env)).toMatchObject({
      message: expect.stringMatching(/^PostgreSQL has no connection left for the user/),
      suggestion: expect.stringContaining('ALTER ROLE … CONNECTION LIMIT'),
    })
  } finally {
    await other.end()
  }
})

test('may not log in', async () => {
  expect(await refusal(await newRole('locked_out', 'nologin'))).toMatchObject({
    message: expect.stringMatching(/^PostgreSQL does not let the user log in/),
    suggestion: expect.stringContaining('ALTER ROLE … LOGIN'),
  })
})

test('may only read', async () => {
  const env = await newRole('reader', 'set default_transaction_read_only = on')
  expect(await refusal(env)).toMatchObject({
    message: expect.stringMatching(/^PostgreSQL is read-only/),
    suggestion: expect.stringContaining('ALTER ROLE … RESET default_transaction_read_only'),
  })
})

test.each(['1ms', '5ms', '40ms'])('ends statements after %s', async (timeout) => {
  const env = await newRole(`hasty_${timeout}`, `set statement_timeout = '${timeout}'`)
  await withApp({ env }, async (t) => {
    await t.call('memory_knowledge', 'add', { name: 'Port', content: '8787' })
    expect(await t.call('memory_query', 'search', { query: '8787' })).toMatchObject({
      results: [{ name: 'Port' }],
    })
  })
})

test('fires no triggers, which find entries: a superuser’s are fired all the same', async () => {
  const quiet = 'set session_replication_role = replica'
  await withApp({ env: await newRole('quiet_super', 'superuser', quiet) }, async (t) => {
    await t.call('memory_knowledge', 'add', { name: 'Port', content: 'The port is 8787.' })
    expect(await t.call('memory_query', 'search', { query: 'port' })).toMatchObject({
      results: [{ name: 'Port' }],
    })
  })
  expect(await refusal(await newRole('quiet', quiet))).toMatchObject({
    message: expect.stringContaining('session_replication_role'),
    suggestion: expect.stringContaining('ALTER ROLE … RESET session_replication_role'),
  })
})
