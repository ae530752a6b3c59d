import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type Port, withHttp, withPort } from '../../support/http.ts'

const ENTRY = { scope_type: 'global', name: 'Tabs', content: 'Use tabs.' }
const JSON_TYPE = { 'content-type': 'application/json' }

/** What fetch does not send. */
async function send(
  { address }: Port,
  { method, path, headers, body }: { method: string; path: string; headers?: object; body?: string | Buffer },
): Promise<{ status: number | undefined; headers: Readonly<Record<string, unknown>>; text: string }> {
  const length = body && { 'content-length': Buffer.byteLength(body) }
  const asked = request(address + path, { method, headers: { ...headers, ...length } })
  asked.end(body)
  const [response] = await once(asked, 'response')
  let text = ''
  for await (const chunk of response) text += chunk
  return { status: response.statusCode, headers: response.headers, text }
}

test('every path says which methods it has, to OPTIONS and to another one', () =>
  withPort({}, async (port) => {
    const cases: [path: string, allow: string][] = [
      ['/v1/knowledge', 'POST, GET, HEAD, OPTIONS'],
      ['/v1/locks/renew', 'POST, OPTIONS'],
      ['/health', 'GET, HEAD, OPTIONS'],
      ['/ready', 'GET, HEAD, OPTIONS'],
      ['/metrics', 'GET, HEAD, OPTIONS'],
      ['/openapi.json', 'GET, HEAD, OPTIONS'],
      ['/', 'GET, HEAD, OPTIONS'],
      ['/mcp', 'GET, POST, DELETE, OPTIONS'],
    ]
    for (const [path, allow] of cases) {
      const options = await port.ask(`OPTIONS ${path}`)
      expect({ path, status: options.status, allow: options.headers.get('allow') }).toEqual({
        path,
        status: 204,
        allow,
      })
      const put = await port.ask(`PUT ${path}`)
      expect({ path, status: put.status, allow: put.headers.get('allow') }).toEqual({
        path,
        status: 405,
        allow,
      })
    }
    expect((await port.ask('PUT /nowhere')).status).toBe(404)
  }))

test.each(['__proto__', '__proto__[x]', 'constructor', 'toString', 'nothing'])(
  'an unknown query parameter %s is refused by name',
  (name) =>
    withPort({}, async (port) => {
      expect(await port.ask(`GET /v1/knowledge?${name}=1`)).toMatchObject({
        status: 400,
        body: { detail: `Unknown argument '${name.replace('[x]', '')}'.` },
      })
    }),
)

test('a path beside the one that was meant is answered with that, or as that', () =>
  withPort({}, async (port) => {
    expect((await port.ask('GET /v1/knowledge/')).body).toMatchObject({
      detail: 'There is nothing at this path. Did you mean /v1/knowledge?',
    })
    expect((await port.ask('GET /v1/knowledge/some-id/versions/')).body).toMatchObject({
      detail: 'There is nothing at this path. Did you mean /v1/knowledge/some-id/versions?',
    })
    // As a client asks that was given the address without /mcp.
    expect((await port.ask('POST /', {})).body).toMatchObject({
      error: { suggestion: expect.stringContaining('MCP is at /mcp') },
    })
    expect((await port.ask('GET /v1')).body).toMatchObject({ detail: 'There is nothing at this path.' })
    expect((await port.ask('GET /helth')).body).toMatchObject({ detail: expect.stringContaining('/health?') })
    const { body } = await port.ask('POST /sse', {})
    expect(body).toMatchObject({
      status: 404,
      error: { suggestion: expect.stringContaining('MCP is at /mcp') },
    })
    expect((await port.ask('POST /mcp/', { jsonrpc: '2.0', id: 1, method: 'ping' })).body).toMatchObject({
      error: { message: expect.stringContaining('Send initialize first') },
    })
  }))

test('a body that is packed is refused as such', () =>
  withPort({}, async (port) => {
    for (const path of ['/v1/knowledge', '/mcp']) {
      const { status, headers, text } = await send(port, {
        method: 'POST',
        path,
        headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
        body: gzipSync(JSON.stringify(ENTRY)),
      })
      expect(status).toBe(415)
      expect(headers['accept-encoding']).toBe('identity')
      expect(JSON.parse(text)).toMatchObject({ detail: expect.stringContaining('Content-Encoding gzip') })
    }
    const headers = { ...JSON_TYPE, 'content-encoding': 'identity' }
    const made = { method: 'POST', path: '/v1/knowledge', headers, body: JSON.stringify(ENTRY) }
    expect((await send(port, made)).status).toBe(201)
  }))

test('arguments in the body of a GET are refused rather than passed over', () =>
  withPort({}, async (port) => {
    const asked = { method: 'GET', path: '/v1/knowledge', headers: { ...JSON_TYPE } }
    const { status, text } = await send(port, { ...asked, body: '{"limit":1}' })
    expect({ status, ...JSON.parse(text) }).toMatchObject({
      status: 400,
      error: { suggestion: expect.stringContaining('in the query') },
    })
    expect((await send(port, { ...asked, body: '{}' })).status).toBe(200)
  }))

test('HTTP/1.0 without a Host is answered, as balancers ask whether a server is there', () =>
  withPort({}, async (port) => {
    const { hostname, port: number } = new URL(port.address)
    const socket = connect(Number(number), hostname)
    socket.write('GET /health HTTP/1.0\r\n\r\n')
    let text = ''
    for await (const chunk of socket) text += chunk
    expect(text).toMatch(/^HTTP\/1\.1 200 [\s\S]*"status":"healthy"/)
  }))

test('a stream of events begins only where one was asked for', () =>
  withPort({}, async (port) => {
    const typeOf = async (method: string, accept: string) => {
      const ending = new AbortController()
      const { headers } = await fetch(`${port.address}/v1/events`, {
        method,
        headers: { accept },
        signal: ending.signal,
      })
      ending.abort()
      return headers.get('content-type')
    }
    expect(await typeOf('GET', 'Text/Event-Stream; q=0.5')).toBe('text/event-stream')
    expect(await typeOf('GET', 'text/event-stream;q=0, application/json')).toBe('application/json')
    expect(await typeOf('GET', '*/*')).toBe('application/json')
    // Its head would belong to a stream that nobody reads.
    expect(await typeOf('HEAD', 'text/event-stream')).toBe('application/json')
  }))

test('a sender that goes away in the middle of its body is no error in the log', () =>
  withHttp({ env: { AGENT_MEMORY_LOG_LEVEL: 'debug' } }, async (server) => {
    const { hostname, port, host } = new URL(server.address)
    const socket = connect(Number(port), hostname)
    socket.write(
      `POST /v1/knowledge HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: 50\r\nexpect: 100-continue\r\n\r\n`,
    )
    // It reads the body from then on.
    await once(socket, 'data')
    socket.end('{')
    socket.destroySoon()
    expect(await server.line('request')).toMatchObject({ level: 'debug', method: 'POST', status: 400 })
  }))
