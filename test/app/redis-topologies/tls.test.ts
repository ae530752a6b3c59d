import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { withApp } from '../../support/app.ts'
import { RedisServer } from '../../support/redis-server.ts'
import { makeCertificates } from '../../support/tls.ts'
import { type Env, enabled, expectAway, expectTwoWork, nextDatabase, refusedCheckout } from './instances.ts'

let folder: string
let ca: string
let server: RedisServer
let plain: RedisServer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agent-memory-redis-ca-'))
  const own = makeCertificates()
  ca = file('ca.crt', own.ca)
  file('other.crt', makeCertificates().ca)
  server = await RedisServer.start({
    files: { 'server.crt': own.certificate, 'server.key': own.key },
    tls: ['tls-cert-file server.crt', 'tls-key-file server.key', 'tls-auth-clients no'],
    config: ['requirepass right'],
  })
  plain = await RedisServer.start()
})
afterAll(async () => {
  await server.close()
  await plain.close()
  rmSync(folder, { recursive: true, force: true })
})

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const at = (more: Env = {}) =>
  enabled({ AGENT_MEMORY_REDIS_PORT: String(server.port), AGENT_MEMORY_REDIS_PASSWORD: 'right', ...more })

const RIGHT: [how: string, env: () => Env][] = [
  [
    'AGENT_MEMORY_REDIS_TLS with the private CA in AGENT_MEMORY_REDIS_TLS_CA',
    () => at({ AGENT_MEMORY_REDIS_TLS: 'true', AGENT_MEMORY_REDIS_TLS_CA: ca }),
  ],
  [
    'rediss:// alone, with a password',
    () =>
      enabled({
        AGENT_MEMORY_REDIS_URL: `rediss://:right@localhost:${server.port}/2`,
        AGENT_MEMORY_REDIS_TLS_CA: ca,
      }),
  ],
  [
    'AGENT_MEMORY_REDIS_TLS and a redis:// address',
    () =>
      enabled({
        AGENT_MEMORY_REDIS_URL: `redis://:right@localhost:${server.port}`,
        AGENT_MEMORY_REDIS_TLS: 'true',
        AGENT_MEMORY_REDIS_TLS_CA: ca,
      }),
  ],
  [
    'AGENT_MEMORY_REDIS_TLS_REJECT_UNAUTHORIZED=false without the CA, by an address that is not in the certificate',
    () =>
      at({
        AGENT_MEMORY_REDIS_HOST: '127.0.0.1',
        AGENT_MEMORY_REDIS_TLS: 'true',
        AGENT_MEMORY_REDIS_TLS_REJECT_UNAUTHORIZED: 'false',
      }),
  ],
]
const ownPrefix = (): Env => ({ AGENT_MEMORY_REDIS_KEY_PREFIX: `agentmem:${nextDatabase()}:` })
for (const [how, env] of RIGHT) test(how, () => expectTwoWork({ ...env(), ...ownPrefix() }))

const tls = (more: Env = {}) => at({ AGENT_MEMORY_REDIS_TLS: 'true', ...more })
const WRONG: [how: string, env: () => Env, error: string, mend: string][] = [
  ['no CA for a certificate of a private one', () => tls(), 'certificate', 'AGENT_MEMORY_REDIS_TLS_CA'],
  [
    'the CA of another',
    () => tls({ AGENT_MEMORY_REDIS_TLS_CA: join(folder, 'other.crt') }),
    'certificate',
    'AGENT_MEMORY_REDIS_TLS_CA',
  ],
  [
    'a host that is not in the certificate',
    () => tls({ AGENT_MEMORY_REDIS_HOST: '127.0.0.1', AGENT_MEMORY_REDIS_TLS_CA: ca }),
    "does not match certificate's altnames",
    'AGENT_MEMORY_REDIS_HOST',
  ],
  // Whichever comes first of what the server says by hanging up.
  ['no TLS to a server that wants it', () => at(), '', 'AGENT_MEMORY_REDIS_TLS=true'],
  [
    'TLS to a server without it',
    () => tls({ AGENT_MEMORY_REDIS_PORT: String(plain.port), AGENT_MEMORY_REDIS_CONNECT_TIMEOUT_MS: '200' }),
    'did not answer in time',
    'AGENT_MEMORY_REDIS_URL',
  ],
]
for (const [how, env, error, mend] of WRONG) {
  test(`${how} is refused, with the reason and what to do`, async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    try {
      await withApp({ env: env() }, async (t) => {
        const report = await expectAway(t, expect.stringContaining(error), mend)
        expect((await refusedCheckout(t, 'ann', '/a.ts')).suggestion).toContain(mend)
        expect(JSON.stringify([report, said.mock.calls])).not.toContain('right')
      })
    } finally {
      said.mockRestore()
    }
  })
}

test('a name is sent along (SNI), and our own certificate where Redis asks for one', async () => {
  const { key, certificate, ca: own } = makeCertificates()
  const strict = await RedisServer.start({
    files: { 'server.crt': certificate, 'server.key': key, 'ca.crt': own },
    tls: [
      'tls-cert-file server.crt',
      'tls-key-file server.key',
      'tls-ca-cert-file ca.crt',
      'tls-auth-clients optional',
    ],
  })
  const names: unknown[] = []
  const front = createTlsServer({ key, cert: certificate, ca: own, requestCert: true }, (client) => {
    names.push(client.servername)
    // Its own side of the way is plain TLS to the server.
    const upstream = connectTls({ port: strict.port, host: '127.0.0.1', rejectUnauthorized: false })
    client.pipe(upstream).pipe(client)
    client.on('error', () => upstream.destroy())
    upstream.on('error', () => client.destroy())
  })
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  const address = front.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const files = {
    AGENT_MEMORY_REDIS_TLS_CA: file('own-ca.crt', own),
    AGENT_MEMORY_REDIS_TLS_CERT: file('own.crt', certificate),
    AGENT_MEMORY_REDIS_TLS_KEY: file('own.key', key),
  }
  try {
    const env = enabled({ AGENT_MEMORY_REDIS_URL: `rediss://localhost:${port}`, ...files })
    await withApp({ env }, async (t) => {
      await expect.poll(() => t.call('memory_health', null)).toMatchObject({ redis: { connected: true } })
    })
    expect(new Set(names)).toEqual(new Set(['localhost']))
  } finally {
    front.close()
    await strict.close()
  }
})

test('a Redis that asks clients for a certificate takes ours, and refuses a client without one', async () => {
  const { key, certificate, ca: own } = makeCertificates()
  const strict = await RedisServer.start({
    files: { 'server.crt': certificate, 'server.key': key, 'ca.crt': own },
    tls: [
      'tls-cert-file server.crt',
      'tls-key-file server.key',
      'tls-ca-cert-file ca.crt',
      'tls-auth-clients yes',
    ],
  })
  const env = enabled({
    AGENT_MEMORY_REDIS_URL: `valkeys://localhost:${strict.port}`,
    AGENT_MEMORY_REDIS_TLS_CA: file('strict-ca.crt', own),
  })
  const files = {
    AGENT_MEMORY_REDIS_TLS_CERT: file('strict.crt', certificate),
    AGENT_MEMORY_REDIS_TLS_KEY: file('strict.key', key),
  }
  try {
    await withApp({ env: { ...env, ...files } }, async (t) => {
      await expect.poll(() => t.call('memory_health', null)).toMatchObject({ redis: { connected: true } })
    })
    await withApp({ env }, async (t) => {
      expect(await t.call('memory_health', null)).toMatchObject({
        redis: { connected: false },
        problems: expect.arrayContaining([expect.stringContaining('AGENT_MEMORY_REDIS_TLS_CERT')]),
      })
    })
  } finally {
    await strict.close()
  }
})
