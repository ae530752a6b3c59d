import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { describe, expect, test } from 'vitest'
import { grantAll, openPort, type Port, withPort } from '../../support/http.ts'
import { REVISIONS, type Revision, withRawServer } from '../../support/mcp.ts'

type Json = Readonly<Record<string, unknown>>

async function connect(
  { address }: Port,
  revision: Revision,
  headers: Record<string, string> = {},
): Promise<{ client: Client; transport: StreamableHTTPClientTransport }> {
  const transport = new StreamableHTTPClientTransport(new URL(`${address}/mcp`), { requestInit: { headers } })
  const mode = revision === '2025-11-25' ? 'legacy' : { pin: revision }
  const client = new Client({ name: 'over http', version: '1' }, { versionNegotiation: { mode } })
  await client.connect(transport)
  return { client, transport }
}

async function withClient<T>(
  port: Port,
  revision: Revision,
  body: (client: Client) => Promise<T>,
  headers: Record<string, string> = {},
): Promise<T> {
  const { client } = await connect(port, revision, headers)
  try {
    return await body(client)
  } finally {
    await client.close()
  }
}

async function call(client: Client, name: string, args: object): Promise<Json> {
  const { structuredContent } = await client.callTool({ name, arguments: { ...args } })
  return structuredContent as Json
}

const ADD = { action: 'add', scope_type: 'global', name: 'Tabs', content: 'Use tabs.' }

describe.each(REVISIONS)('the official client of %s', (revision) => {
  test('lists and calls tools, reads resources and gets prompts', () =>
    withPort({}, (port) =>
      withClient(port, revision, async (client) => {
        const { tools } = await client.listTools()
        expect(tools.map(({ name }) => name)).toContain('memory_guideline')
        const added = await call(client, 'memory_guideline', ADD)
        expect(added).toMatchObject({ name: 'Tabs', version: 1 })
        expect(added['created_by']).toMatch(/^over http-[0-9a-f]{8}$/)
        expect(
          (await call(client, 'memory_query', { action: 'search', query: 'tabs' }))['results'],
        ).toHaveLength(1)
        const { contents } = await client.readResource({ uri: `memory://entry/${added['id']}` })
        expect(JSON.stringify(contents)).toContain('Use tabs.')
        expect((await client.listPrompts()).prompts).toHaveLength(2)
        const refused = await client.callTool({ name: 'memory_guideline', arguments: { ...ADD } })
        expect(refused).toMatchObject({ isError: true, structuredContent: { error: { code: 'E2001' } } })
      }),
    ))

  test('guesses no scope', () =>
    withPort({}, (port) =>
      withClient(port, revision, async (client) => {
        const { scope_type: _scope, ...args } = ADD
        expect(await call(client, 'memory_guideline', args)).toMatchObject({ error: { code: 'E1000' } })
      }),
    ))

  test('is the agent of its key, whatever it says', () =>
    withPort({ env: { AGENT_MEMORY_HTTP_API_KEYS: 'k1:alice' } }, async (port, t) => {
      await grantAll(t, 'alice')
      await expect(connect(port, revision)).rejects.toThrow()
      await expect(connect(port, revision, { authorization: 'Bearer k2' })).rejects.toThrow()
      await withClient(
        port,
        revision,
        async (client) =>
          expect(await call(client, 'memory_guideline', { ...ADD, agent_id: 'mallory' })).toMatchObject({
            created_by: 'alice',
          }),
        { authorization: 'Bearer k1' },
      )
    }))

  test('is notified of what others change, through another instance too', () =>
    withPort({}, async (port, t) => {
      const other = await t.secondApp()
      const { id } = await other.call<{ id: string }>('memory_guideline', 'add', {
        ...without(ADD, 'action'),
      })
      const uri = `memory://entry/${id}`
      await withClient(port, revision, async (client) => {
        const told = Promise.withResolvers<string>()
        client.setNotificationHandler('notifications/resources/updated', ({ params }) =>
          told.resolve(params.uri),
        )
        if (revision === '2025-11-25') await client.subscribeResource({ uri })
        else await client.listen({ resourceSubscriptions: [uri] })
        await other.call('memory_guideline', 'update', { id, content: 'Use spaces.' })
        expect(await told.promise).toBe(uri)
      })
    }))
})

describe('a session', () => {
  test('that this instance does not have is answered 404, and the client begins anew', () =>
    withPort({}, async (port, t) => {
      const { client, transport } = await connect(port, '2025-11-25')
      const headers = {
        'mcp-session-id': transport.sessionId ?? '',
        accept: 'application/json, text/event-stream',
      }
      const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
      expect(await port.ask('POST /mcp', list, headers)).toMatchObject({ status: 200 })
      const other = await openPort(await t.secondApp())
      try {
        expect(await other.ask('POST /mcp', list, headers)).toMatchObject({
          status: 404,
          body: { error: { code: -32_001 } },
        })
        expect(await other.ask('GET /mcp', undefined, headers)).toMatchObject({ status: 404 })
      } finally {
        await other.close()
      }
      await client.close()
    }))

  test('of another key is not there', () =>
    withPort({ env: { AGENT_MEMORY_HTTP_API_KEYS: 'k1:alice,k2:bob' } }, async (port) => {
      const { client, transport } = await connect(port, '2025-11-25', { authorization: 'Bearer k1' })
      const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
      const ask = (key: string) =>
        port.ask('POST /mcp', list, {
          authorization: `Bearer ${key}`,
          'mcp-session-id': transport.sessionId ?? '',
          accept: 'application/json, text/event-stream',
        })
      expect((await ask('k1')).status).toBe(200)
      expect((await ask('k2')).status).toBe(404)
      await client.close()
    }))

  test('ends when its client says so', () =>
    withPort({}, async (port) => {
      const { client, transport } = await connect(port, '2025-11-25')
      const headers = {
        'mcp-session-id': transport.sessionId ?? '',
        accept: 'application/json, text/event-stream',
      }
      await transport.terminateSession()
      const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
      expect((await port.ask('POST /mcp', list, headers)).status).toBe(404)
      await client.close()
    }))

  test('goes on where its stream broke', () =>
    withPort({}, async (port, t) => {
      const { client, transport } = await connect(port, '2025-11-25')
      const { id } = await call(client, 'memory_guideline', ADD)
      const uri = `memory://entry/${id}`
      let heard = 0
      client.setNotificationHandler('notifications/resources/updated', () => {
        heard++
      })
      await client.subscribeResource({ uri })
      await t.call('memory_guideline', 'update', { id, content: 'Once.' })
      await expect.poll(() => heard).toBe(1)
      // The client's own stream is cut, as by a proxy; it comes again by itself, in the same session.
      const { sessionId } = transport
      port.cutStreams()
      await t.call('memory_guideline', 'update', { id, content: 'Changed meanwhile.' })
      await expect.poll(() => heard).toBe(2)
      expect(transport.sessionId).toBe(sessionId)
      await client.close()
    }))
})

describe('a stream that broke on the way looks open to the server, and', () => {
  const HEAD = { accept: 'Application/JSON, text/*', 'content-type': 'application/json' }
  const wait = { action: 'wait', since: 0, types: ['vote.*'], timeout_ms: 20_000 }

  /** The events of a stream as they come; the connection stays open. */
  async function reading(port: Port, init: RequestInit & { headers: Record<string, string> }) {
    const response = await fetch(`${port.address}/mcp`, init)
    let text = ''
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    const until = async (part: string): Promise<string> => {
      while (!text.includes(part)) {
        const { value, done } = (await reader?.read()) ?? { done: true }
        if (done) return `${text}(ended)`
        text += value ?? ''
      }
      return text
    }
    return {
      status: response.status,
      headers: response.headers,
      until,
      id: async () => /id: (.*)\n/.exec(await until('id: '))?.[1] ?? '',
    }
  }

  async function begun(port: Port) {
    const headers = { ...HEAD, 'mcp-protocol-version': '2025-11-25' }
    const params = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'raw', version: '1' },
    }
    const post = (more: object, message: object) =>
      reading(port, {
        method: 'POST',
        headers: { ...headers, ...more },
        body: JSON.stringify({ jsonrpc: '2.0', ...message }),
      })
    const { headers: answered } = await post({}, { id: 0, method: 'initialize', params })
    const session = { ...headers, 'mcp-session-id': answered.get('mcp-session-id') ?? '' }
    const get = (more = {}) => reading(port, { headers: { ...session, ...more } })
    const ask = async (id: number, method: string, params: object = {}) =>
      post(session, { id, method, params })
    // Its client hears of what is new once it has listed.
    await (await ask(1, 'resources/list')).until('result')
    return { get, ask }
  }

  test('the one that its client opens anew has what comes, the other is not ended', () =>
    withPort({}, async (port, t) => {
      const { get } = await begun(port)
      const [first, second] = [await get(), await get()]
      expect(second.status).toBe(200)
      await t.call('memory_knowledge', 'add', {
        scope_type: 'global',
        name: 'Rates',
        content: 'Read the day.',
      })
      await second.until('list_changed')
      const third = await get({ 'last-event-id': await first.id() })
      expect(third.status).toBe(200)
      expect(await third.until('list_changed')).toContain('list_changed')
      port.end()
      for (const left of [first, second])
        expect(await left.until('list_changed and more')).toContain('(ended)')
      expect(await first.until('list_changed and more')).not.toContain('list_changed')
    }))

  test('the answer to a call comes where its client goes on', () =>
    withPort({}, async (port, t) => {
      const { get, ask } = await begun(port)
      const broken = await ask(2, 'tools/call', { name: 'memory_event', arguments: wait })
      const goesOn = await get({ 'last-event-id': await broken.id() })
      expect(goesOn.status).toBe(200)
      await t.call('memory_voting', 'record_vote', { task_id: 'plan', vote_value: 'a' })
      expect(await goesOn.until('vote.recorded')).toContain('vote.recorded')
    }))
})

test('a request without a session says what is missing', () =>
  withPort({}, async (port) => {
    for (const line of ['GET /mcp', 'DELETE /mcp'])
      expect((await port.ask(line, undefined, { accept: 'text/event-stream' })).body).toMatchObject({
        error: { message: expect.stringContaining('Mcp-Session-Id: missing.') },
      })
  }))

describe('bad input', () => {
  test.each([
    ['no JSON', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }, 400],
    ['another type', { method: 'POST', body: '{}', headers: { 'content-type': 'text/plain' } }, 415],
    ['another method', { method: 'PUT' }, 405],
    ['no type that it takes', { method: 'GET', headers: { accept: 'application/json' } }, 406],
    ['no session', { method: 'GET', headers: { accept: 'text/event-stream' } }, 400],
  ])('%s', (_what, init, status) =>
    withPort({}, async (port) => {
      const response = await fetch(`${port.address}/mcp`, init)
      await response.text()
      expect(response.status).toBe(status)
    }),
  )
})

test.each(['application/json', 'text/event-stream'])(
  'a client that takes %s alone is told what header to send',
  (accept) =>
    withPort({}, async (port) => {
      const clientInfo = { name: 'raw', version: '1' }
      const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo }
      const { status, body } = await port.ask(
        'POST /mcp',
        { jsonrpc: '2.0', id: 1, method: 'initialize', params },
        { accept },
      )
      expect({ status, body }).toMatchObject({
        status: 406,
        body: {
          error: { message: expect.stringContaining('"Accept: application/json, text/event-stream"') },
        },
      })
    }),
)

describe('messages that do not fit', () => {
  const HEAD = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const WRONG = [
    ['resources/read', {}],
    ['resources/subscribe', { uri: 5 }],
    ['prompts/get', { name: 5 }],
    ['completion/complete', { ref: {} }],
    ['tools/list', { cursor: {} }],
    ['tools/call', { name: 'memory_health', arguments: [1] }],
  ] as const

  async function session(port: Port, accept?: string) {
    const headers = { ...HEAD, ...(accept && { accept }) }
    const post = (more: object, message: object) =>
      fetch(`${port.address}/mcp`, {
        method: 'POST',
        headers: { ...headers, ...more },
        body: JSON.stringify({ jsonrpc: '2.0', ...message }),
      })
    const clientInfo = { name: 'raw', version: '1' }
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo }
    const begun = await post({}, { id: 0, method: 'initialize', params })
    await begun.text()
    const id = { 'mcp-session-id': begun.headers.get('mcp-session-id') ?? '' }
    return async (method: string, asked: object) => {
      const text = await (await post(id, { id: 1, method, params: asked })).text()
      return JSON.parse(/^data: (\{.*)$/m.exec(text)?.[1] ?? text) as Json
    }
  }

  test('are invalid params in one sentence, in a session and in a single request', () =>
    withPort({}, async (port) => {
      const ask = await session(port)
      const _meta = {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      }
      for (const [method, params] of WRONG) {
        const single = await fetch(`${port.address}/mcp`, {
          method: 'POST',
          headers: {
            ...HEAD,
            'mcp-protocol-version': '2026-07-28',
            'mcp-method': method,
            ...('name' in params && { 'mcp-name': String(params.name) }),
          },
          body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } }),
        })
        for (const answer of [await ask(method, params), (await single.json()) as Json]) {
          const isOld = method === 'resources/subscribe' && 'error' in answer
          if (isOld && (answer['error'] as { code: number }).code === -32_601) continue
          expect({ method, ...answer }).toMatchObject({ error: { code: -32_602 } })
          expect(JSON.stringify(answer)).not.toContain('path')
        }
      }
    }))

  test('are taken where it is plain what they mean: arguments as JSON text, or null', () =>
    withPort({}, async (port) => {
      // A client that takes anything names no type.
      const ask = await session(port, '*/*')
      for (const given of ['{"action":"list"}', { action: 'list' }])
        expect(await ask('tools/call', { name: 'memory_knowledge', arguments: given })).toMatchObject({
          result: { structuredContent: { entries: [] } },
        })
      for (const given of [null, ''])
        expect(await ask('tools/call', { name: 'memory_health', arguments: given })).toMatchObject({
          result: { structuredContent: { status: 'healthy' } },
        })
      expect(await ask('tools/call', { name: 'memory_health', arguments: 'text' })).toMatchObject({
        error: { code: -32_602 },
      })
    }))
})

test('an initialize that lacks something is refused by its name, as over stdio', () =>
  withPort({}, (port) =>
    withRawServer(async (server) => {
      const whole = {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'raw', version: '1' },
      }
      const cases: [params: Json, missing: string][] = [
        [without(whole, 'clientInfo'), 'clientInfo'],
        [without(whole, 'capabilities'), 'capabilities'],
        [without(whole, 'protocolVersion'), 'protocolVersion'],
        [{ ...whole, clientInfo: { name: 'raw' } }, 'clientInfo.version'],
        [{}, 'protocolVersion'],
      ]
      for (const [at, [params, missing]] of cases.entries()) {
        const message = { jsonrpc: '2.0', id: at, method: 'initialize', params }
        const accept = { accept: 'application/json, text/event-stream' }
        const { status, headers, body } = await port.ask('POST /mcp', message, accept)
        expect(status).toBe(400)
        expect(headers.get('mcp-session-id')).toBe(null)
        expect(body).toMatchObject({
          id: at,
          error: { code: -32_602, message: expect.stringContaining(missing) },
        })
        expect(body['error']).toEqual((await server.ask(at, 'initialize', params)).error)
      }
      // What a client may leave out, or add, keeps nobody out.
      const lax = { ...whole, clientInfo: { name: '', version: '', icon: 1 }, more: true }
      const begun = await port.ask('POST /mcp', { jsonrpc: '2.0', id: 1, method: 'initialize', params: lax })
      expect(begun.status).toBe(200)
    }),
  ))

function without(value: Json, name: string): Json {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name))
}
