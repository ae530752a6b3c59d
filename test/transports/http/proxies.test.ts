import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { debianProgram } from '../../support/debian-program.ts'
import { EventStream } from '../../support/event-stream.ts'
import { HttpServer, type Json, openSharedHttp, withHttp } from '../../support/http.ts'
import { REVISIONS, withFolder } from '../../support/mcp.ts'
import { CADDY, NGINX, PROXIED_HOST, ReverseProxy } from '../../support/proxies.ts'

// The lines of docs/guides/team-server.md before a real server, with a certificate of a private authority.

const KEY = { authorization: 'Bearer key-of-bob' }
const ENV = {
  AGENT_MEMORY_HTTP_API_KEYS: 'key-of-bob:bob',
  AGENT_MEMORY_HTTP_ALLOWED_HOSTS: PROXIED_HOST,
  AGENT_MEMORY_PERMISSIONS_MODE: 'permissive',
}
const PROGRAMS = [
  { kind: NGINX, binary: debianProgram('nginx', 'nginx-light') },
  { kind: CADDY, binary: debianProgram('caddy', 'caddy') },
]

let shared: Awaited<ReturnType<typeof openSharedHttp>> | undefined
beforeAll(async () => {
  shared = await openSharedHttp({ env: ENV })
})
afterAll(() => shared?.close())

describe.each(PROGRAMS.filter(({ binary }) => binary !== undefined))(
  '$kind.name',
  ({ kind, binary = '' }) => {
    const proxyBefore = (server: HttpServer | undefined) =>
      ReverseProxy.start(kind, binary, new URL(server?.address ?? '').host)

    let proxy: ReverseProxy
    beforeAll(async () => {
      proxy = await proxyBefore(shared?.server)
    })
    afterAll(() => proxy[Symbol.asyncDispose]())

    // The proxies stand before one server.
    const named = (name: string) => `${name} over ${kind.name}`
    const add = (name: string) =>
      proxy.fetch(`${proxy.address}/v1/guidelines`, {
        method: 'POST',
        headers: { ...KEY, 'content-type': 'application/json' },
        body: JSON.stringify({ scope_type: 'global', name: named(name), content: 'Use tabs.' }),
      })

    test('hands on requests, conditions and refusals as they are', async () => {
      const added = await add('Tabs')
      expect(added.status).toBe(201)
      const { id } = (await added.json()) as { id: string }
      const url = `${proxy.address}/v1/guidelines/${id}`
      const read = await proxy.fetch(url, { headers: KEY })
      const etag = read.headers.get('etag') ?? ''
      expect(await read.json()).toMatchObject({ name: named('Tabs'), created_by: 'bob' })
      const change = (match: string) =>
        proxy.fetch(url, {
          method: 'PATCH',
          headers: { ...KEY, 'content-type': 'application/json', 'if-match': match },
          body: JSON.stringify({ content: 'Use spaces.' }),
        })
      expect((await change(etag)).status).toBe(200)
      expect((await change(etag)).status).toBe(412)
      const without = await proxy.fetch(url)
      expect(without.status).toBe(401)
      expect(without.headers.get('content-type')).toContain('application/problem+json')
    })

    test('lets events through while their stream stays open', async () => {
      const stream = await EventStream.open(`${proxy.address}/v1/events`, KEY, proxy.fetch)
      await stream.begun()
      for (const name of ['first', 'second']) {
        const { id } = (await (await add(name)).json()) as { id: string }
        expect(await nextAdded(stream)).toMatchObject({ entry: { id } })
      }
      await stream.close()
    })

    test.each(REVISIONS)('a client of MCP %s calls tools and hears of changes', async (revision) => {
      const mode = revision === '2025-11-25' ? 'legacy' : { pin: revision }
      const client = new Client({ name: 'far away', version: '1' }, { versionNegotiation: { mode } })
      const options = { requestInit: { headers: KEY }, fetch: proxy.fetch }
      await client.connect(new StreamableHTTPClientTransport(new URL(`${proxy.address}/mcp`), options))
      const { tools } = await client.listTools()
      expect(tools.map(({ name }) => name)).toContain('memory_event')
      const ask = async (args: object) =>
        (await client.callTool({ name: 'memory_event', arguments: { ...args } })).structuredContent as Json
      const { last_seq: since } = await ask({ action: 'list' })
      const waiting = ask({ action: 'wait', since, types: ['entry.created'], timeout_ms: 40_000 })
      await add(`heard by ${revision}`)
      expect(await waiting).toMatchObject({ events: [{ type: 'entry.created' }] })
      await client.close()
    })

    test('says that the server is away, and finds it again', () =>
      withHttp({ env: ENV }, async (server) => {
        await using proxy = await proxyBefore(server)
        server.kill('SIGKILL')
        await server.ended()
        expect((await proxy.fetch(`${proxy.address}/health`)).status).toBe(502)
        await withFolder(async (dataDir) => {
          const again = await HttpServer.start(dataDir, {
            env: ENV,
            args: ['--port', new URL(server.address).port],
          })
          await expect.poll(async () => (await proxy.fetch(`${proxy.address}/health`)).status).toBe(200)
          await again.close()
        })
      }))
  },
)

/** Other events, of the agent that came, may stand before it. */
async function nextAdded(stream: EventStream): Promise<Json> {
  for (;;) {
    const next = await stream.next()
    if (next === undefined) throw new Error('the stream ended')
    if (next.event === 'entry.created') return JSON.parse(next.data ?? '') as Json
  }
}
