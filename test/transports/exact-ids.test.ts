import { expect, test } from 'vitest'
import { withPort } from '../support/http.ts'
import { type RawServer, withRawServer } from '../support/mcp.ts'

// JavaScript reads these as other numbers than were sent.
const IDS = ['9007199254740993', '-9007199254740993', '18446744073709551615', '1.5', '1e400']
const CALL = { name: 'memory_health', arguments: {} }
const HELLO = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'counts in 64 bits', version: '1' },
}

const request = (id: string, method: string, params: object = {}) =>
  `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":${JSON.stringify(params)}}`

/** The bytes of the answers, for whoever parses them loses what is tested. */
function lines(server: RawServer): readonly string[] {
  const seen: string[] = []
  let rest = ''
  server.child.stdout?.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    seen.push(...parts)
  })
  return seen
}

const answered = (seen: readonly string[], id: string) =>
  expect.poll(() => seen.some((line) => line.startsWith('{') && line.includes(`"id":${id}}`)))

test('over stdio a request is answered under the very number that its client gave it', () =>
  withRawServer(async (server) => {
    const seen = lines(server)
    server.write(`${request('9223372036854775807', 'initialize', HELLO)}\n`)
    await answered(seen, '9223372036854775807').toBe(true)
    server.send({ method: 'notifications/initialized' })
    for (const id of IDS) {
      server.write(`${request(id, 'tools/call', CALL)}\n`)
      await answered(seen, id).toBe(true)
      server.write(`${request(id, 'no/such')}\n`)
      await expect.poll(() => seen.filter((line) => line.includes(`"id":${id}`)).length).toBe(2)
    }
    server.write(`${request('7', 'tools/call', CALL)}\n`)
    await answered(seen, '7').toBe(true)
    expect(seen.join('\n')).not.toContain('number-')
    // Numbers of the same spelling in what is stored are none of it.
    const entry = { action: 'add', name: 'a', content: 'c', scope_type: 'global', metadata: { id: 1.5 } }
    server.write(`${request(IDS[0] ?? '', 'tools/call', { name: 'memory_knowledge', arguments: entry })}\n`)
    await expect.poll(() => seen.some((line) => line.includes('"metadata":{"id":1.5}'))).toBe(true)
  }))

test('over stdio such a request is cancelled by its number', () =>
  withRawServer(async (server) => {
    await server.initialize()
    const seen = lines(server)
    const wait = { action: 'wait', timeout_ms: 600_000 }
    const [id = ''] = IDS
    server.write(`${request(id, 'tools/call', { name: 'memory_event', arguments: wait })}\n`)
    server.write(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id}}}\n`)
    server.child.stdin?.end()
    // One that waits keeps a server until it is answered, a cancelled one does not.
    expect(await server.ended()).toBe(0)
    expect(seen.filter((line) => line.includes(id))).toEqual([])
  }))

test('over HTTP too, with and without a session', () =>
  withPort({}, async (port) => {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
    }
    const post = (body: string, more: Record<string, string> = {}) =>
      fetch(`${port.address}/mcp`, { method: 'POST', headers: { ...headers, ...more }, body })
    const hello = await post(request('9223372036854775807', 'initialize', HELLO))
    expect(await hello.text()).toContain('"id":9223372036854775807}')
    const session = { 'mcp-session-id': hello.headers.get('mcp-session-id') ?? '' }
    for (const id of IDS) {
      for (const each of [session, {}]) {
        const text = await (await post(request(id, 'tools/call', CALL), each)).text()
        expect(text).toContain(`"id":${id}`)
        expect(text).not.toContain('number-')
      }
    }
    expect(await (await post(request('7', 'tools/call', CALL), session)).text()).toContain('"id":7}')
  }))

test('progress is told under the very token', () =>
  withRawServer(async (server) => {
    await server.initialize()
    const seen = lines(server)
    const params = JSON.stringify({
      name: 'memory_event',
      arguments: { action: 'wait', timeout_ms: 60_000 },
    })
    const meta = ',"_meta":{"progressToken":9007199254740993}}'
    server.write(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params.slice(0, -1)}${meta}}\n`)
    const told = () => seen.find((line) => line.includes('notifications/progress'))
    await expect.poll(told, { timeout: 60_000 }).toContain('"progressToken":9007199254740993')
  }))

test('what a client can may be null', () =>
  withRawServer(async (server) => {
    expect(await server.ask(1, 'initialize', { ...HELLO, capabilities: null })).toMatchObject({
      result: { protocolVersion: '2025-11-25' },
    })
  }))
