import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SETTINGS as ALL_SETTINGS } from '../../src/config/settings.ts'
import { keepSecrets, masked, maskedJson, secretsIn } from '../../src/domain/text/secrets.ts'
import { withCli } from '../support/cli.ts'
import { freePort } from '../support/free-port.ts'

// A server that says back everything it was sent, and the secret in every form that it may take: nothing of it leaves.

const SECRET = 'S3cr=t/Pass "wörd"'
const FORMS = [
  SECRET,
  encodeURIComponent(SECRET),
  JSON.stringify(SECRET).slice(1, -1),
  Buffer.from(SECRET).toString('base64'),
  Buffer.from(`:${SECRET}`).toString('base64').replace(/=+$/, ''),
]

let server: Server
let port: number
let reply: (socket: Socket, received: string) => void
const sockets = new Set<Socket>()

beforeEach(async () => {
  port = await freePort()
  server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk) => reply(socket, chunk.toString()))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
})
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => server.close(resolve))
})

const oneLine = (text: string) => text.replaceAll(/[\r\n]+/g, ' ')

/** As Redis refuses a command that it does not know: with the arguments of it. */
function asRedis(socket: Socket, received: string): void {
  socket.write(`-ERR unknown command, with args beginning with: ${oneLine(received)} ${FORMS.join(' ')}\r\n`)
}

/** As PostgreSQL refuses a connection, in its own protocol. */
function asPostgres(socket: Socket, received: string): void {
  const fields = `SFATAL\0VFATAL\0C99999\0Mno: ${oneLine(received).replaceAll('\0', ' ')} ${FORMS.join(' ')}\0\0`
  const length = Buffer.alloc(4)
  length.writeInt32BE(Buffer.byteLength(fields) + 4)
  socket.end(Buffer.concat([Buffer.from('E'), length, Buffer.from(fields)]))
}

const SETTINGS = {
  redis: () => ({
    AGENT_MEMORY_REDIS_ENABLED: 'true',
    AGENT_MEMORY_REDIS_HOST: '127.0.0.1',
    AGENT_MEMORY_REDIS_PORT: String(port),
    AGENT_MEMORY_REDIS_PASSWORD: SECRET,
    AGENT_MEMORY_REDIS_CONNECT_TIMEOUT_MS: '1000',
  }),
  'redis by its address': () => ({
    AGENT_MEMORY_REDIS_ENABLED: 'true',
    AGENT_MEMORY_REDIS_URL: `redis://:${encodeURIComponent(SECRET)}@127.0.0.1:${port}/0`,
    AGENT_MEMORY_REDIS_CONNECT_TIMEOUT_MS: '1000',
  }),
  postgresql: () => ({
    AGENT_MEMORY_DB_TYPE: 'postgresql',
    AGENT_MEMORY_PG_HOST: '127.0.0.1',
    AGENT_MEMORY_PG_PORT: String(port),
    AGENT_MEMORY_PG_PASSWORD: SECRET,
    AGENT_MEMORY_PG_CONNECTION_TIMEOUT_MS: '1000',
  }),
}

test.each(Object.keys(SETTINGS) as (keyof typeof SETTINGS)[])(
  '%s: no secret in health, errors, log or doctor',
  (kind) =>
    withCli(async (cli) => {
      reply = kind === 'postgresql' ? asPostgres : asRedis
      const env = { ...SETTINGS[kind](), AGENT_MEMORY_LOG_LEVEL: 'debug' }
      const commands = [['health', '--json'], ['lock', 'checkout', '/f'], ['knowledge', 'list'], ['doctor']]
      for (const command of commands) {
        const { stdout, stderr } = await cli(command, { env })
        const said = `${stdout}${stderr}`
        expect(said.length).toBeGreaterThan(0)
        for (const form of FORMS) expect(said.includes(form), `${command.join(' ')}: ${form}`).toBe(false)
      }
      const refused = await cli(['health'], { env: { ...env, AGENT_MEMORY_REDIS_REQUIRED: 'true' } })
      for (const form of FORMS) expect(`${refused.stdout}${refused.stderr}`.includes(form)).toBe(false)
    }),
)

test.each([
  ['AGENT_MEMORY_REDIS_HOST', { AGENT_MEMORY_REDIS_ENABLED: 'true' }],
  [
    'AGENT_MEMORY_REDIS_SENTINELS',
    { AGENT_MEMORY_REDIS_ENABLED: 'true', AGENT_MEMORY_REDIS_SENTINEL_NAME: 'm' },
  ],
  ['AGENT_MEMORY_PG_HOST', { AGENT_MEMORY_DB_TYPE: 'postgresql' }],
])('a password that was written into %s is masked', (variable, env) =>
  withCli(async (cli) => {
    for (const command of [['health'], ['doctor']]) {
      const { stdout, stderr } = await cli(command, {
        env: { ...env, [variable]: 'user:s3cretWord@host.invalid' },
      })
      expect(`${stdout}${stderr}`).not.toContain('s3cretWord')
    }
  }),
)

test.each([
  [
    'a password that is a number',
    { AGENT_MEMORY_REDIS_PASSWORD: '6379' },
    { port: 6379, said: 'no *** for you' },
    'no 6379 for you',
  ],
  [
    'a key with the line end of its file',
    { AGENT_MEMORY_EMBEDDINGS_KEY: 'embed-s3cretWord\n' },
    { said: 'key ***' },
    'key embed-s3cretWord',
  ],
  [
    'the longer of two',
    { AGENT_MEMORY_REDIS_PASSWORD: 'hunter22', AGENT_MEMORY_PG_PASSWORD: 'hunter22-longer' },
    { said: 'pw ***' },
    'pw hunter22-longer',
  ],
  [
    'an @ in a host',
    { AGENT_MEMORY_REDIS_HOST: 'user:p@ss,wo/rd@host' },
    { said: 'at user:***@host' },
    'at user:p@ss,wo/rd@host',
  ],
  [
    'one of two letters, in quotes and in an address',
    { AGENT_MEMORY_REDIS_PASSWORD: 'qz' },
    { said: 'args "***", at redis://:***@host; qzar stays' },
    'args "qz", at redis://:qz@host; qzar stays',
  ],
  [
    'a user and a password',
    { AGENT_MEMORY_PG_USER: 'anna', AGENT_MEMORY_PG_PASSWORD: 's3cretWord' },
    { said: '***' },
    Buffer.from('anna:s3cretWord').toString('base64').replace(/=+$/, ''),
  ],
])('%s', (_, env, expected, said) => {
  keepSecrets(secretsIn(env))
  expect(maskedJson({ ...expected, said })).toEqual(expected)
})

test.each(ALL_SETTINGS.filter(({ isSecret }) => isSecret).map(({ variable }) => variable))(
  '%s leaves in no answer',
  (variable) =>
    withCli(async (cli) => {
      // Another for each: what one test has made known is masked in the next.
      const word = `s3cretWordOf${variable}`
      const value = variable.endsWith('API_KEYS') ? `${word}:ann` : word
      const env = { [variable]: variable.endsWith('URL') ? `postgresql://ann:${word}@host.invalid` : value }
      const { stdout, stderr } = await cli(['knowledge', 'get', word, '--json'], { env })
      expect(`${stdout}${stderr}`).toContain('***')
      expect(`${stdout}${stderr}`).not.toContain(word)
    }),
)

test('the text of a key in the place of its file', () =>
  withCli(async (cli) => {
    const word = 's3cretWordOfAKey'
    const pem = `-----BEGIN ${'PRIVATE'} KEY-----\n${word}\n-----END ${'PRIVATE'} KEY-----`
    const env = { AGENT_MEMORY_HTTP_TLS_KEY: pem, AGENT_MEMORY_REDIS_TLS_KEY: pem }
    for (const command of ['health', 'doctor']) {
      const { stdout, stderr } = await cli([command], { env })
      expect(`${stdout}${stderr}`).not.toContain(word)
    }
  }))

test('one of two letters that is the whole text', () => {
  keepSecrets(['zq'])
  expect(maskedJson({ whole: 'zq', word: masked('zqueue') })).toEqual({ whole: '***', word: 'zqueue' })
})
