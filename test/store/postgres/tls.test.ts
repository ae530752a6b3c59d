import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { PostgresServer, withPostgres } from '../../support/postgres-server.ts'
import { WorkerProcess } from '../../support/process.ts'
import { makeCertificates } from '../../support/tls.ts'

const PASSWORD = 'pass'
const { ca, ...tls } = makeCertificates()
const folder = mkdtempSync(join(tmpdir(), 'agent-memory-ca-'))
let server: PostgresServer

beforeAll(async () => {
  server = await PostgresServer.start({ tls, password: PASSWORD })
  writeFileSync(join(folder, 'ca.crt'), ca)
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await server.close()
})

function settings(more: Readonly<Record<string, string>> = {}, port = server.port) {
  return {
    AGENT_MEMORY_DB_TYPE: 'postgresql',
    // Said here, since a worker has the address of the tests' common server else.
    AGENT_MEMORY_PG_URL: '',
    AGENT_MEMORY_PG_HOST: 'localhost',
    AGENT_MEMORY_PG_PORT: String(port),
    AGENT_MEMORY_PG_DATABASE: 'postgres',
    AGENT_MEMORY_PG_PASSWORD: PASSWORD,
    AGENT_MEMORY_PG_SSL: 'true',
    ...more,
  }
}

const open = (env: Readonly<Record<string, string>>) => openDatabase(readConfig(env))

/** A process of its own: Node reads NODE_EXTRA_CA_CERTS once, at its start. */
async function callFromProcess(env: Readonly<Record<string, string>>): Promise<unknown> {
  const worker = await WorkerProcess.start({ dataDir: folder, env })
  try {
    return (await worker.call('memory_health', null))['database']
  } finally {
    await worker.stop()
  }
}

test('a certificate of a private authority is refused, with what to do', async () => {
  await expect(open(settings())).rejects.toMatchObject({
    errorName: 'DATABASE_ERROR',
    message: `The TLS connection to PostgreSQL failed its check (localhost:${server.port}/postgres).`,
    suggestion: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
  })
})

test('it is taken when Node knows the authority', async () => {
  const env = { ...settings(), NODE_EXTRA_CA_CERTS: join(folder, 'ca.crt') }
  expect(await callFromProcess(env)).toMatchObject({ type: 'postgresql', connected: true })
})

test('a certificate for another name is refused even then', async () => {
  const env = {
    ...settings({ AGENT_MEMORY_PG_HOST: '127.0.0.1' }),
    NODE_EXTRA_CA_CERTS: join(folder, 'ca.crt'),
  }
  await expect(callFromProcess(env)).rejects.toThrow('The TLS connection to PostgreSQL failed its check')
})

test.each(['', '?sslmode=require'])('it is taken unchecked when that is asked for (%s)', async (query) => {
  const unchecked = settings({ AGENT_MEMORY_PG_SSL_REJECT_UNAUTHORIZED: 'false' })
  await (await open(unchecked)).close()
  const url = `postgresql://postgres:${PASSWORD}@localhost:${server.port}/postgres${query}`
  const database = await open({ ...unchecked, AGENT_MEMORY_PG_URL: url })
  expect(database.place).toEqual({ address: `localhost:${server.port}/postgres` })
  await database.close()
})

test('a server that asks for TLS refuses a plain connection, with what to do', async () => {
  await expect(open(settings({ AGENT_MEMORY_PG_SSL: 'false' }))).rejects.toMatchObject({
    message: `PostgreSQL refused the user (localhost:${server.port}/postgres).`,
    suggestion: expect.stringContaining('AGENT_MEMORY_PG_SSL=true'),
  })
})

test('a server without TLS is not spoken to in plain where TLS is asked for', () =>
  withPostgres({}, async (plain) => {
    await expect(open(settings({}, plain.port))).rejects.toMatchObject({
      message: `The server at localhost:${plain.port}/postgres does not speak TLS.`,
    })
  }))
