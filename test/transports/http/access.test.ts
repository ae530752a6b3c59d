import { expect, test } from 'vitest'
import { OPERATIONS } from '../../../src/operations/index.ts'
import { withPort } from '../../support/http.ts'

/** Every line that a key must open. */
const LINES = [
  ...OPERATIONS.flatMap(({ routes }) => routes.map((route) => route.replace(/\{\w+\}/g, 'x'))),
  'GET /metrics',
  'GET /mcp',
  'POST /mcp',
  'DELETE /mcp',
  'GET /v1/nothing',
]

const SHOWN: readonly (readonly [what: string, headers: Readonly<Record<string, string>>])[] = [
  ['nothing', {}],
  ['a wrong key', { authorization: 'Bearer wrong' }],
  ['a wrong key in its own header', { 'x-api-key': 'wrong' }],
  ['an empty key', { authorization: 'Bearer ' }],
  ['another scheme', { authorization: `Basic ${Buffer.from('alice:k1').toString('base64')}` }],
  ['a key and more', { authorization: 'Bearer k1 k2' }],
  ['the agent for the key', { authorization: 'Bearer alice' }],
  ['a key in the wrong case', { authorization: 'Bearer K1' }],
]

test.each(SHOWN)('with %s every route is closed', (_what, headers) =>
  withPort({ env: { AGENT_MEMORY_HTTP_API_KEYS: 'k1:alice' } }, async (port) => {
    for (const line of LINES) {
      const body = line.startsWith('GET') ? undefined : { name: 'x' }
      const answer = await port.ask(line, body, headers)
      expect({ line, status: answer.status, body: answer.body }).toMatchObject({
        line,
        status: 401,
        body: { error: { code: 'E6001' } },
      })
      expect(answer.headers.get('www-authenticate')).toContain('Bearer')
    }
  }),
)

test('with a key no route is closed, and what needs none is open to all', () =>
  withPort({ env: { AGENT_MEMORY_HTTP_API_KEYS: 'k1:alice' } }, async (port) => {
    for (const line of LINES) {
      const body = line.startsWith('GET') ? undefined : { name: 'x' }
      const { status } = await port.ask(line.replace('/wait', '/wait?timeout_ms=0'), body, {
        authorization: 'bearer k1',
      })
      expect({ line, isClosed: status === 401 }).toEqual({ line, isClosed: false })
    }
    for (const line of ['GET /health', 'GET /ready', 'GET /openapi.json'])
      expect({ line, status: (await port.ask(line)).status }).toEqual({ line, status: 200 })
  }))

test('once a key was issued every request needs one, also after the last is revoked', () =>
  withPort({}, async (port, t) => {
    expect((await port.ask('GET /v1/guidelines')).status).toBe(200)
    const { apiKeys } = t.app.services
    const { key, id } = await apiKeys.create('tester', { agentId: 'alice', isAdministrator: true })
    await expect.poll(async () => (await port.ask('GET /v1/guidelines')).status).toBe(401)
    const headers = { authorization: `Bearer ${key}` }
    expect((await port.ask('GET /v1/guidelines', undefined, headers)).status).toBe(200)
    await apiKeys.revoke('tester', id)
    expect((await port.ask('GET /v1/guidelines', undefined, headers)).status).toBe(401)
    expect((await port.ask('GET /v1/guidelines')).status).toBe(401)
  }))

test('a key that has run out opens nothing', () =>
  withPort({}, async (port, t) => {
    const { key } = await t.app.services.apiKeys.create('tester', { agentId: 'alice', validMs: -1 })
    expect((await port.ask('GET /v1/guidelines', undefined, { 'x-api-key': key })).status).toBe(401)
  }))

test('what is open to all says no more than whether it works', () =>
  withPort({ env: { AGENT_MEMORY_HTTP_API_KEYS: 'k1:alice' } }, async (port, t) => {
    const { body } = await port.ask('GET /health')
    expect(JSON.stringify(body)).not.toContain(t.dataDir)
    expect(Object.keys(body)).toEqual(['name', 'version', 'status', 'problems'])
  }))
