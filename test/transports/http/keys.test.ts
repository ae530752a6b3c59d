import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { expect, test } from 'vitest'
import { EventStream } from '../../support/event-stream.ts'
import { openPort, type Port, withPort } from '../../support/http.ts'

const ADMIN_KEY = 'key-of-the-administrator'
const ADMIN = { authorization: `Bearer ${ADMIN_KEY}` }
const ENV = { AGENT_MEMORY_HTTP_ADMIN_KEY: ADMIN_KEY, AGENT_MEMORY_HTTP_API_KEYS: 'key-of-bob:bob' }
const BOB = { authorization: 'Bearer key-of-bob' }
const GLOBAL = { scope_type: 'global' }

interface Made {
  readonly id: string
  readonly headers: { readonly authorization: string }
  readonly key: string
}

async function makeKey(port: Port, agent: string, more: object = {}): Promise<Made> {
  const { status, headers, body } = await port.ask('POST /v1/keys', { agent, ...more }, ADMIN)
  expect({ status, body }).toMatchObject({ status: 200, body: { agent_id: agent } })
  expect(headers.get('cache-control')).toBe('no-store')
  const key = String(body['key'])
  return { id: String(body['id']), key, headers: { authorization: `Bearer ${key}` } }
}

const grant = (port: Port, grantee: string, permission = 'write', by = ADMIN) =>
  port.ask('POST /v1/permissions', { grantee, permission, ...GLOBAL }, by)

test('keys are made, listed without themselves, and revoked over REST, by an administrator alone', () =>
  withPort({ env: ENV }, async (port, t) => {
    const { id, key, headers } = await makeKey(port, 'alice', { name: 'laptop', days: 1 })
    expect((await port.ask('GET /v1/guidelines', undefined, headers)).status).toBe(403)
    await grant(port, 'alice')
    const rule = { ...GLOBAL, name: 'Rule', content: 'Do.' }
    expect((await port.ask('POST /v1/guidelines', { ...rule, agent_id: 'bob' }, headers)).body).toMatchObject(
      {
        created_by: 'alice',
      },
    )
    const { body } = await port.ask('GET /v1/keys', undefined, ADMIN)
    expect(body).toMatchObject({ keys: [{ id, name: 'laptop', created_by: 'administrator' }] })
    expect(JSON.stringify(body)).not.toContain(key)
    // A caller that may write may not therefore change the rights of others.
    for (const weak of [headers, BOB]) {
      expect((await port.ask('POST /v1/keys', { agent: 'eve' }, weak)).status).toBe(403)
      expect((await port.ask('GET /v1/keys', undefined, weak)).status).toBe(403)
      expect((await port.ask(`DELETE /v1/keys/${id}`, undefined, weak)).status).toBe(403)
      expect((await grant(port, 'eve', 'admin', weak)).status).toBe(403)
    }
    const other = await openPort(await t.secondApp())
    try {
      expect((await other.ask('GET /v1/guidelines', undefined, headers)).status).toBe(200)
      expect((await port.ask(`DELETE /v1/keys/${id}`, undefined, ADMIN)).status).toBe(200)
      // On the very next request, of the other instance too.
      expect((await other.ask('GET /v1/guidelines', undefined, headers)).status).toBe(401)
      expect((await port.ask('GET /v1/guidelines', undefined, headers)).status).toBe(401)
    } finally {
      await other.close()
    }
  }))

test('an agent with a key that becomes administrator may grant from then on', () =>
  withPort({ env: ENV }, async (port) => {
    const { headers } = await makeKey(port, 'ann', { admin: true })
    expect((await grant(port, 'bob', 'read', headers)).status).toBe(200)
    expect((await port.ask('GET /v1/guidelines', undefined, BOB)).status).toBe(200)
    expect((await port.ask('POST /v1/keys', { agent: 'eve' }, headers)).status).toBe(200)
  }))

test('what is open by a key is cut off when the key is revoked, on another instance too', () =>
  withPort({ env: ENV }, async (port, t) => {
    const { id, headers } = await makeKey(port, 'alice')
    await grant(port, 'alice')
    const other = await openPort(await t.secondApp())
    try {
      const stream = await EventStream.open(`${other.address}/v1/events`, headers)
      await stream.begun()
      const waiting = expect(
        other.ask('GET /v1/events/wait?types=vote.*&timeout_ms=60000', undefined, headers),
      ).rejects.toThrow()
      const bob = await EventStream.open(`${other.address}/v1/events?types=vote.*`, ADMIN)
      await bob.begun()
      await port.ask(`DELETE /v1/keys/${id}`, undefined, ADMIN)
      await waiting
      await expect(
        (async () => {
          while (await stream.next()) {
            // What it was told before.
          }
        })(),
      ).rejects.toThrow()
      await port.ask('POST /v1/votes', { task_id: 't', vote_value: 1 }, ADMIN)
      expect(await bob.next()).toMatchObject({ event: 'vote.recorded' })
      await bob.close()
    } finally {
      await other.close()
    }
  }))

test('a session of MCP is of its key’s agent; without rights its tools refuse, and keys are no tool', () =>
  withPort({ env: { ...ENV, AGENT_MEMORY_TOOLSETS: 'all' } }, async (port) => {
    const { headers } = await makeKey(port, 'alice')
    const client = new Client({ name: 'keys', version: '1' })
    const url = new URL(`${port.address}/mcp`)
    await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }))
    const add = { action: 'add', ...GLOBAL, name: 'Rule', content: 'Do.', agent_id: 'administrator' }
    const call = () => client.callTool({ name: 'memory_guideline', arguments: add })
    expect(await call()).toMatchObject({
      isError: true,
      structuredContent: { error: { name: 'PERMISSION_DENIED' } },
    })
    await grant(port, 'alice')
    expect(await call()).toMatchObject({ structuredContent: { created_by: 'alice' } })
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toContain('memory_permission')
    expect(tools.map(({ name }) => name)).not.toContain('memory_key')
    await expect(client.callTool({ name: 'memory_key', arguments: { action: 'list' } })).rejects.toThrow()
    await client.close()
  }))

test('without keys no client makes one over HTTP: the first is made on the machine', () =>
  withPort({}, async (port) => {
    for (const [line, body] of [
      ['POST /v1/keys', { agent: 'mallory', admin: true }],
      ['GET /v1/keys', undefined],
      ['POST /v1/permissions', { grantee: 'mallory', permission: 'admin', ...GLOBAL }],
    ] as const) {
      const answer = await port.ask(line, body)
      expect({ line, status: answer.status, body: answer.body }).toMatchObject({
        line,
        status: 401,
        body: { error: { suggestion: expect.stringContaining('key create NAME --admin') } },
      })
    }
    expect((await port.ask('POST /v1/guidelines', { ...GLOBAL, name: 'n', content: 'c' })).status).toBe(201)
  }))

test('permissive lets every key do everything but decide on others', () =>
  withPort({ env: { ...ENV, AGENT_MEMORY_PERMISSIONS_MODE: 'permissive' } }, async (port) => {
    expect((await port.ask('POST /v1/guidelines', { ...GLOBAL, name: 'n', content: 'c' }, BOB)).status).toBe(
      201,
    )
    expect((await port.ask('POST /v1/keys', { agent: 'eve' }, BOB)).status).toBe(403)
    expect((await grant(port, 'bob', 'admin', BOB)).status).toBe(403)
    expect((await port.ask('POST /v1/keys', { agent: 'eve' }, ADMIN)).status).toBe(200)
  }))

test('a key is kept nowhere: no answer to it is, and no agent has the name of the administrator', () =>
  withPort({ env: ENV }, async (port) => {
    const headers = { ...ADMIN, 'idempotency-key': 'once' }
    expect((await port.ask('POST /v1/keys', { agent: 'alice' }, headers)).status).toBe(400)
    for (const agent of ['administrator', 'system', '*'])
      expect((await port.ask('POST /v1/keys', { agent }, ADMIN)).status).toBe(400)
    expect((await port.ask('GET /v1/keys', undefined, ADMIN)).body).toEqual({ keys: [] })
  }))
