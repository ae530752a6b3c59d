import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { grantAll, type Port, withPort } from '../../support/http.ts'

// An issuer on loopback that signs real tokens: its metadata, its keys, and a second key that it does not publish.

const AUDIENCE = 'https://memory.example.com/mcp'
const METADATA = 'https://memory.example.com/.well-known/oauth-protected-resource/mcp'

let server: Server
let issuer: string
let key: GenerateKeyPairResult
let foreign: GenerateKeyPairResult
let isAway = false

beforeAll(async () => {
  key = await generateKeyPair('ES256', { extractable: true })
  foreign = await generateKeyPair('ES256', { extractable: true })
  const jwk = { ...(await exportJWK(key.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }
  server = createServer((request, response) => {
    if (isAway) return request.socket.destroy()
    const answers: Readonly<Record<string, object>> = {
      '/.well-known/oauth-authorization-server/tenant': { issuer, jwks_uri: `${issuer}/keys` },
      '/tenant/keys': { keys: [jwk] },
    }
    const answer = answers[request.url ?? '']
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' })
    return response.end(JSON.stringify(answer ?? {}))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/tenant`
})
afterAll(() => server.close())

interface Token {
  readonly claims?: JWTPayload
  readonly signedBy?: GenerateKeyPairResult
  readonly lifetime?: string
}

async function token({
  claims = {},
  signedBy = key,
  lifetime = '5m',
}: Token = {}): Promise<Record<string, string>> {
  const payload = { iss: issuer, aud: AUDIENCE, sub: 'alice', ...claims }
  const jwt = new SignJWT(payload)
    .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: 'at+jwt' })
    .setIssuedAt()
  return { authorization: `Bearer ${await jwt.setExpirationTime(lifetime).sign(signedBy.privateKey)}` }
}

const inOAuth = (body: (port: Port) => Promise<void>, env: Record<string, string> = {}) =>
  withPort(
    {
      env: {
        AGENT_MEMORY_HTTP_OAUTH_ISSUER: issuer,
        AGENT_MEMORY_HTTP_OAUTH_AUDIENCE: AUDIENCE,
        AGENT_MEMORY_HTTP_API_KEYS: 'key-of-bob:bob',
        ...env,
      },
    },
    async (port, t) => {
      for (const agent of ['alice', 'carol', 'bob']) await grantAll(t, agent)
      await body(port)
    },
  )

const RULE = { scope_type: 'global', name: 'Rule', content: 'Do.', agent_id: 'mallory' }

test('a token of the issuer for this server is its agent, over REST and MCP; keys go on working', () =>
  inOAuth(async (port) => {
    const headers = await token()
    expect(await port.ask('POST /v1/guidelines', RULE, headers)).toMatchObject({
      status: 201,
      body: { created_by: 'alice' },
    })
    const client = new Client({ name: 'oauth', version: '1' })
    const url = new URL(`${port.address}/mcp`)
    await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }))
    const args = { action: 'add', ...RULE, name: 'Other' }
    const { structuredContent } = await client.callTool({ name: 'memory_guideline', arguments: args })
    expect(structuredContent).toMatchObject({ created_by: 'alice' })
    await client.close()
    const bob = { authorization: 'Bearer key-of-bob' }
    expect((await port.ask('GET /v1/guidelines', undefined, bob)).status).toBe(200)
  }))

test('without a token the answer names where tokens come from', () =>
  inOAuth(async (port) => {
    for (const line of ['POST /mcp', 'GET /v1/guidelines']) {
      const { status, headers } = await port.ask(line, line.startsWith('POST') ? {} : undefined)
      expect(status).toBe(401)
      expect(headers.get('www-authenticate')).toBe(
        `Bearer realm="agent-memory", resource_metadata="${METADATA}"`,
      )
    }
    for (const path of ['/.well-known/oauth-protected-resource', new URL(METADATA).pathname])
      expect(await port.ask(`GET ${path}`)).toMatchObject({
        status: 200,
        body: { resource: AUDIENCE, authorization_servers: [issuer], bearer_methods_supported: ['header'] },
      })
  }))

const REFUSED: readonly (readonly [what: string, token: () => Token])[] = [
  ['that a foreign issuer has signed', () => ({ signedBy: foreign })],
  ['of another issuer', () => ({ claims: { iss: 'https://elsewhere.example.com' } })],
  ['for another service', () => ({ claims: { aud: 'https://other.example.com' } })],
  ['that is past', () => ({ lifetime: '-5m' })],
  ['that is not valid yet', () => ({ claims: { nbf: Math.floor(Date.now() / 1000) + 3_600 } })],
  ['without an agent', () => ({ claims: { sub: '' } })],
  ['for all agents', () => ({ claims: { sub: '*' } })],
  ['in the name of the administrator', () => ({ claims: { sub: 'administrator' } })],
]

test.each(REFUSED)('a token %s opens nothing', (_what, given) =>
  inOAuth(async (port) => {
    const { status, headers } = await port.ask('GET /v1/guidelines', undefined, await token(given()))
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toContain('error="invalid_token"')
  }),
)

test('a token without a signature, or with the public key for a secret, opens nothing', () =>
  inOAuth(async (port) => {
    const text = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const payload = text({ iss: issuer, aud: AUDIENCE, sub: 'alice', exp: Date.now() })
    const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(key.publicKey)))
    const claims = { iss: issuer, aud: AUDIENCE, sub: 'alice' }
    const symmetric = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .setExpirationTime('5m')
      .sign(secret)
    for (const jwt of [`${text({ alg: 'none' })}.${payload}.x`, symmetric]) {
      const headers = { authorization: `Bearer ${jwt}` }
      expect((await port.ask('GET /v1/guidelines', undefined, headers)).status).toBe(401)
    }
  }))

test('another claim may name the agent, and the keys may be named', () =>
  inOAuth(
    async (port) => {
      const headers = await token({ claims: { client_id: 'carol' } })
      expect(await port.ask('POST /v1/guidelines', RULE, headers)).toMatchObject({
        body: { created_by: 'carol' },
      })
    },
    {
      AGENT_MEMORY_HTTP_OAUTH_AGENT_CLAIM: 'client_id',
      AGENT_MEMORY_HTTP_OAUTH_JWKS_URL: `${issuer}/keys`,
    },
  ))

test('while the issuer is away tokens are answered 503, keys are not, and it comes back by itself', () =>
  inOAuth(async (port) => {
    isAway = true
    const headers = await token()
    try {
      const { status, headers: told } = await port.ask('GET /v1/guidelines', undefined, headers)
      expect(status).toBe(503)
      expect(told.get('retry-after')).toBe('5')
      const bob = { authorization: 'Bearer key-of-bob' }
      expect((await port.ask('GET /v1/guidelines', undefined, bob)).status).toBe(200)
    } finally {
      isAway = false
    }
    expect((await port.ask('GET /v1/guidelines', undefined, headers)).status).toBe(200)
  }))

test('what was answered to a token is not answered again when the token is past', () =>
  inOAuth(async (port) => {
    // Good for three seconds more, with the leeway for clocks that differ.
    const headers = await token({ lifetime: '-27s' })
    await port.ask('POST /v1/guidelines', RULE, await token())
    await expect
      .poll(async () => (await port.ask('GET /v1/search?query=rule', undefined, headers)).status, {
        interval: 100,
      })
      .toBe(401)
  }))
