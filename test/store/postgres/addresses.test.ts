import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { withApp } from '../../support/app.ts'
import { PostgresServer } from '../../support/postgres-server.ts'
import { runProgram } from '../../support/run-program.ts'
import { makeCertificates } from '../../support/tls.ts'

const PASSWORD = 's3cret:p@ss/%w'
const folder = mkdtempSync(join(tmpdir(), 'agent-memory-addresses-'))
// A place of its own: the path of a socket may have 107 bytes.
const sockets = mkdtempSync('/tmp/amsock-')
let server: PostgresServer

beforeAll(async () => {
  chmodSync(sockets, 0o777)
  const { key, certificate, ca } = makeCertificates()
  server = await PostgresServer.start({
    password: PASSWORD,
    tls: { key, certificate },
    sockets,
  })
  writeFileSync(join(folder, 'ca.crt'), ca)
})
afterAll(async () => {
  await server.close()
  for (const each of [folder, sockets]) rmSync(each, { recursive: true, force: true })
})

type Settings = Readonly<Record<string, string>>

const url = (text: string, more: Settings = {}): Settings => ({
  AGENT_MEMORY_DB_TYPE: 'postgresql',
  AGENT_MEMORY_PG_URL: text,
  ...more,
})

/** The address that health shows of a database that could be opened. */
async function opened(settings: Settings): Promise<unknown> {
  const database = await openDatabase(readConfig(settings))
  await database.close()
  return 'address' in database.place ? database.place.address : undefined
}

const socketUrl = () => `postgresql:///postgres?host=${sockets}&port=${server.port}`

test('a socket is named in health, and user and password come from the single settings', async () => {
  const env = url(socketUrl(), { AGENT_MEMORY_PG_USER: 'postgres', AGENT_MEMORY_PG_PASSWORD: PASSWORD })
  await withApp({ env }, async (t) => {
    expect(await t.call('memory_health', null)).toMatchObject({
      database: { connected: true, address: `${sockets}:${server.port}/postgres` },
    })
  })
})

test('the single settings may name a socket, and several hosts', async () => {
  const single = (host: string) => ({
    AGENT_MEMORY_DB_TYPE: 'postgresql',
    AGENT_MEMORY_PG_HOST: host,
    AGENT_MEMORY_PG_PORT: String(server.port),
    AGENT_MEMORY_PG_DATABASE: 'postgres',
    AGENT_MEMORY_PG_PASSWORD: PASSWORD,
  })
  expect(await opened(single(sockets))).toBe(`${sockets}:${server.port}/postgres`)
  // Nothing listens at the first.
  expect(await opened(single(`127.0.0.9,${sockets}`))).toBe(
    `127.0.0.9:${server.port},${sockets}:${server.port}/postgres`,
  )
})

test('a folder that is a percent-encoded host is a socket too', async () => {
  const address = `postgresql://postgres@${encodeURIComponent(sockets)}:${server.port}/postgres`
  expect(await opened(url(address, { AGENT_MEMORY_PG_PASSWORD: PASSWORD }))).toBe(
    `${sockets}:${server.port}/postgres`,
  )
})

test('what an address leaves out the single settings fill in', async () => {
  const parts = {
    AGENT_MEMORY_PG_HOST: '127.0.0.1',
    AGENT_MEMORY_PG_PORT: String(server.port),
    AGENT_MEMORY_PG_DATABASE: 'postgres',
    AGENT_MEMORY_PG_USER: 'postgres',
    AGENT_MEMORY_PG_PASSWORD: PASSWORD,
    AGENT_MEMORY_PG_SSL_REJECT_UNAUTHORIZED: 'false',
  }
  const shown = `127.0.0.1:${server.port}/postgres`
  for (const text of ['postgresql://', 'postgres:///?sslmode=require', 'postgresql://postgres@/postgres'])
    expect(await opened(url(text, { ...parts, AGENT_MEMORY_PG_SSL: 'true' }))).toBe(shown)
  expect(await opened(url('postgresql:///template1?ssl=1', parts))).toBe(`127.0.0.1:${server.port}/template1`)
})

describe('an unchecked certificate is taken beside every spelling', () => {
  test.each([
    'sslmode=require',
    'sslmode=verify-full',
    'ssl=true',
    'ssl=1',
    'ssl=no-verify',
    'sslnegotiation=postgres&sslmode=prefer',
    'sslmode=require&sslrootcert=CA',
    'sslrootcert=CA&ssl=true',
    'sslrootcert=CA',
  ])('%s', async (query) => {
    const parameters = query.replace('CA', join(folder, 'ca.crt'))
    const text = `postgresql://postgres@127.0.0.1:${server.port}/postgres?${parameters}`
    const password = { AGENT_MEMORY_PG_PASSWORD: PASSWORD }
    const unchecked = { ...password, AGENT_MEMORY_PG_SSL_REJECT_UNAUTHORIZED: 'false' }
    expect(await opened(url(text, unchecked))).toBe(`127.0.0.1:${server.port}/postgres`)
    // The certificate is for localhost.
    if (!query.includes('no-verify'))
      await expect(opened(url(text, password))).rejects.toThrow('failed its check')
  })
})

test('a checked certificate of an authority that the address names is taken, with libpq’s meanings on demand', async () => {
  const ca = join(folder, 'ca.crt')
  const at = (host: string, query: string) =>
    opened(url(`postgresql://postgres@${host}:${server.port}/postgres?${query}`, passwordOnly))
  const passwordOnly = { AGENT_MEMORY_PG_PASSWORD: PASSWORD }
  expect(await at('localhost', `sslmode=verify-full&sslrootcert=${ca}`)).toContain('localhost')
  await expect(at('localhost', 'sslmode=verify-full')).rejects.toThrow('failed its check')
  const asLibpq = `uselibpqcompat=true&sslmode=verify-ca&sslrootcert=${ca}`
  expect(await at('127.0.0.1', asLibpq)).toContain('127.0.0.1')
  expect(await at('127.0.0.1', 'uselibpqcompat=true&sslmode=require')).toContain('127.0.0.1')
})

describe('where no setting holds the password', () => {
  const program = (env: Settings) =>
    runProgram(['health', '--json'], { home: folder, env: { ...url(socketUrl()), ...env } })
  const file = join(folder, 'pgpass')
  const escaped = PASSWORD.replace(':', '\\:')

  test('PGPASSWORD is taken, and is a secret', async () => {
    expect((await program({ PGPASSWORD: PASSWORD })).stdout).toContain('"status": "healthy"')
    const { stdout, stderr, code } = await program({ PGPASSWORD: `${PASSWORD}!` })
    expect({ code, stdout }).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('refused the password'),
    })
    expect(stdout + stderr).not.toContain('s3cret')
  })

  test('the file of passwords is read, unless others can read it', async () => {
    writeFileSync(file, `# ours\nelsewhere:*:*:*:no\nlocalhost:${server.port}:*:postgres:${escaped}\n`)
    chmodSync(file, 0o600)
    const good = await program({ PGPASSFILE: file })
    expect(good.stdout).toContain('"status": "healthy"')
    expect(good.stderr).toBe('')
    chmodSync(file, 0o644)
    const open = await program({ PGPASSFILE: file })
    expect(open.stdout).toContain('asks for a password, and none is given')
    expect(open.stdout).toContain(`chmod 600 ${file}`)
  })

  test('the error says that one is asked for, and doctor says it too', async () => {
    const none = await program({ PGPASSFILE: join(folder, 'none') })
    expect(none.stdout).toContain('PostgreSQL asks for a password, and none is given')
    const env = { ...url(socketUrl()), PGPASSFILE: join(folder, 'none') }
    const doctor = await runProgram(['doctor'], { home: folder, env })
    expect(doctor.code).toBe(1)
    expect(doctor.stdout).toContain('PostgreSQL asks for a password, and none is given')
  })
})

test('what cannot be followed is refused by the name of its parameter, and no value is repeated', () => {
  const refusal = (query: string) => () => readConfig(url(`postgresql://a:s3cret@h/d?${query}`))
  expect(refusal('target_session_attrs=standby')).toThrow(
    'its parameter target_session_attrs must be one of any, primary, read-write',
  )
  expect(refusal('sslcrl=/x')).toThrow('its parameter sslcrl has no meaning here')
  expect(refusal('schema=mine')).toThrow('its parameter schema has no meaning here')
  expect(refusal('sslmode=s3cret')).toThrow('its parameter sslmode must be one of')
  expect(refusal('pgbouncer=true&connect_timeout=3')).not.toThrow()
  for (const query of ['target_session_attrs=standby', 's3cret', 'a%3Ds3cret=1', 'port=1,2,3'])
    expect(refusal(query)).not.toThrow('s3cret')
  expect(refusal('port=1,2,3')).toThrow('port')
})
