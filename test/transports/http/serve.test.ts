import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { HttpServer, withHttp } from '../../support/http.ts'
import { withFolder } from '../../support/mcp.ts'

/** Says something raw over a connection of its own; answers all that comes back. */
async function raw(server: HttpServer, text: string): Promise<string> {
  const socket = dial(server)
  // Not ended with it: Node takes a request for given up whose sender has closed his half.
  socket.write(text)
  return allOf(socket)
}

function dial({ address }: HttpServer): Socket {
  const { hostname, port } = new URL(address)
  return connect(Number(port), hostname)
}

async function allOf(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk))
  // A refused one may be cut before it has said everything.
  socket.on('error', () => {})
  await new Promise((resolve) => socket.once('close', resolve))
  return text
}

const JSON_HEAD = 'Content-Type: application/json\r\n'

describe('a start', () => {
  test('says where it is and how each client connects, and answers health and readiness', () =>
    withHttp({}, async (server) => {
      expect(server.stdout).toContain(`serves ${server.address}\n`)
      for (const client of ['Claude Code', 'Codex', 'VS Code', 'Cursor', 'Windsurf'])
        expect(server.stdout).toMatch(new RegExp(`^  ${client} .*${server.address}/mcp`, 'm'))
      expect(await server.ask('/health')).toMatchObject({
        status: 200,
        body: { name: 'agent-memory', status: 'healthy' },
      })
      expect(await server.ask('/ready')).toMatchObject({ status: 200, body: { ready: true } })
    }))

  test('on a port that another program has names that program and what to do', () =>
    withHttp({}, async (first, dataDir) => {
      const port = new URL(first.address).port
      const second = await HttpServer.start(dataDir, { args: ['--port', port] })
      expect(await second.ended()).toBe(1)
      expect(second.stderr).toContain(`Port ${port} of 127.0.0.1 is taken by another agent-memory serve`)
      if (process.platform === 'linux') expect(second.stderr).toContain(`(process ${first.pid})`)
      expect(second.stderr).toContain(`agent-memory serve --port ${Number(port) + 1}`)
    }))

  test('on a port of another program says so', () =>
    withFolder(async (dataDir) => {
      const other = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
      await once(other, 'listening')
      const address = other.address()
      const port = typeof address === 'object' && address ? address.port : 0
      const server = await HttpServer.start(dataDir, { args: ['--port', String(port)] })
      expect(await server.ended()).toBe(1)
      expect(server.stderr).toMatch(
        new RegExp(`Port ${port} of 127.0.0.1 is taken by (?!another agent-memory)`),
      )
      other.close()
    }))

  test.each([
    [{ AGENT_MEMORY_HTTP_HOST: '0.0.0.0' }],
    [{ AGENT_MEMORY_HTTP_ALLOWED_HOSTS: 'memory.example.com' }],
  ])('beyond this machine without a key is refused: %j', (env) =>
    withFolder(async (dataDir) => {
      const server = await HttpServer.start(dataDir, { env })
      expect(await server.ended()).toBe(1)
      expect(server.stderr).toContain('E6001 UNAUTHENTICATED')
      expect(server.stderr).toContain('agent-memory key create')
    }),
  )

  test('beyond this machine with a key is served, and the key is in no output', () =>
    withHttp(
      { env: { AGENT_MEMORY_HTTP_HOST: '0.0.0.0', AGENT_MEMORY_HTTP_API_KEYS: 'k-secret-1:alice' } },
      async (server) => {
        expect((await server.ask('/v1/health')).status).toBe(401)
        const headers = { authorization: 'Bearer k-secret-1' }
        expect((await server.ask('/v1/health', { headers })).status).toBe(200)
        expect(server.stdout + server.stderr).not.toContain('k-secret-1')
      },
    ))
})

describe('an end', () => {
  test('lets what is under way be answered, says that it is not ready, and leaves with 0', () =>
    withHttp({}, async (server) => {
      const body = JSON.stringify({ name: 'Slow', content: 'Half now, half later.', scope_type: 'global' })
      const slow = dial(server)
      const answer = allOf(slow)
      slow.write(
        `POST /v1/guidelines HTTP/1.1\r\nHost: localhost\r\n${JSON_HEAD}Content-Length: ${body.length}\r\n\r\n`,
      )
      slow.write(body.slice(0, 10))
      const probe = dial(server)
      const readiness = allOf(probe)
      probe.write('GET /ready HTTP/1.1\r\nHost: loc')
      // Both have arrived when an answer to a later request has.
      await server.ask('/health')
      server.kill('SIGTERM')
      await server.line('ending')
      probe.write('alhost\r\n\r\n')
      expect(await readiness).toMatch(/^HTTP\/1\.1 503 [\s\S]*"ready":false,"reason":"ending"/)
      await expect(fetch(`${server.address}/health`)).rejects.toThrow()
      slow.write(body.slice(10))
      expect(await answer).toMatch(/^HTTP\/1\.1 201 [\s\S]*"name":"Slow"/)
      expect(await server.ended()).toBe(0)
    }))

  test('ends what waits for others', () =>
    withHttp({}, async (server) => {
      const waiting = server.ask('/v1/events/wait?types=entry.created&timeout_ms=60000')
      await server.ask('/health')
      server.kill('SIGTERM')
      expect(await waiting).toMatchObject({ status: 200, body: { events: [] } })
      expect(await server.ended()).toBe(0)
    }))
})

describe('the sender of a request', () => {
  test('under a foreign name, or from a page of another host, is refused', () =>
    withHttp({ env: { AGENT_MEMORY_HTTP_ALLOWED_ORIGINS: 'https://page.example' } }, async (server) => {
      const asked = (headers: string) =>
        raw(server, `GET /v1/health HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`)
      const { host } = new URL(server.address)
      expect(await asked('Host: evil.example\r\n')).toMatch(/^HTTP\/1\.1 403 [\s\S]*"code":"E6000"/)
      expect(await asked('Host: evil.example:8787\r\n')).toMatch(/^HTTP\/1\.1 403 /)
      expect(await asked('Host: localhost.evil.example\r\n')).toMatch(/^HTTP\/1\.1 403 /)
      expect(await asked('')).toMatch(/^HTTP\/1\.1 400 /)
      expect(await asked(`Host: ${host}\r\nOrigin: http://evil.example\r\n`)).toMatch(/^HTTP\/1\.1 403 /)
      expect(await asked(`Host: ${host}\r\nOrigin: null\r\n`)).toMatch(/^HTTP\/1\.1 403 /)
      expect(await asked(`Host: ${host}\r\nOrigin: http://${host}\r\n`)).toMatch(/^HTTP\/1\.1 200 /)
      expect(await asked(`Host: ${host}\r\nOrigin: https://page.example\r\n`)).toMatch(/^HTTP\/1\.1 200 /)
      expect(await asked('Host: LOCALHOST:1\r\n')).toMatch(/^HTTP\/1\.1 200 /)
    }))

  test('through a proxy without a key is refused', () =>
    withHttp({}, async (server) => {
      const headers = { 'x-forwarded-for': '203.0.113.7' }
      expect(await server.ask('/v1/health', { headers })).toMatchObject({ status: 401 })
      expect(await server.ask('/v1/health')).toMatchObject({ status: 200 })
    }))
})

describe('bad input', () => {
  const cases: readonly (readonly [
    what: string,
    path: string,
    init: RequestInit,
    status: number,
    code: string,
  ])[] = [
    ['broken JSON', '/v1/guidelines', post('{"name":'), 400, 'E1004'],
    ['no UTF-8', '/v1/guidelines', post(new Uint8Array([0x7b, 0xff, 0x7d])), 400, 'E1004'],
    ['a list', '/v1/guidelines', post('[]'), 400, 'E1004'],
    ['a form', '/v1/guidelines', { method: 'POST', body: new URLSearchParams({ name: 'x' }) }, 415, 'E1004'],
    ['20 MB', '/v1/guidelines', post(`{"name":"${'x'.repeat(20_000_000)}"}`), 413, 'E1006'],
    ['an unknown path', '/v1/guideline', {}, 404, 'E2000'],
    ['a path that is no text', '/v1/guidelines/%ff', {}, 404, 'E2000'],
    ['another method', '/v1/guidelines', { method: 'PUT' }, 405, 'E1002'],
    ['an unknown argument', '/v1/guidelines?colour=red', {}, 400, 'E1005'],
    ['a wrong type', '/v1/guidelines?limit=many', {}, 400, 'E1004'],
    ['no scope', '/v1/guidelines', post('{"name":"a","content":"b"}'), 400, 'E1000'],
    ['twice', '/v1/guidelines?name=a', post('{"name":"b","content":"b"}'), 400, 'E1004'],
    ['an id that is not there', '/v1/guidelines/nothing', {}, 404, 'E2000'],
  ]

  test('gets the right status and a body with our code, and the server lives', () =>
    withHttp({}, async (server) => {
      for (const [what, path, init, status, code] of cases) {
        const { headers, ...answer } = await server.ask(path, init)
        expect({ what, ...answer }).toMatchObject({ what, status, body: { status, error: { code } } })
        expect(headers.get('content-type')).toBe('application/problem+json')
      }
      expect((await server.ask('/v1/health')).status).toBe(200)
    }))

  test('that is no HTTP is answered with 400', () =>
    withHttp({}, async (server) => {
      expect(await raw(server, 'what?\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
      expect(await raw(server, `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`)).toMatch(/^(HTTP\/1\.1 431 |$)/)
      expect((await server.ask('/v1/health')).status).toBe(200)
    }))
})

function post(body: string | Uint8Array<ArrayBuffer>): RequestInit {
  return { method: 'POST', body, headers: { 'content-type': 'application/json' } }
}
