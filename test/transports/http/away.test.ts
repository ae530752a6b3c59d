import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EventStream } from '../../support/event-stream.ts'
import { type Answer, HttpServer, type Json } from '../../support/http.ts'
import { REVISIONS, type Revision, withFolder } from '../../support/mcp.ts'
import { PostgresServer } from '../../support/postgres-server.ts'
import { RedisServer } from '../../support/redis-server.ts'

// A real `serve` on servers of its own that stop and come back while clients of every kind are at it.

let postgres: PostgresServer
let redis: RedisServer

beforeAll(async () => {
  postgres = await PostgresServer.start()
  redis = await RedisServer.start()
})
afterAll(async () => {
  await redis.close()
  await postgres.close()
})

let databases = 0

/** Runs `body` with a server on a database of its own; the key may everything. */
async function withServer(
  more: Readonly<Record<string, string>>,
  body: (server: Serving) => Promise<void>,
): Promise<void> {
  const name = `away_${++databases}`
  await postgres.query(`create database ${name}`)
  const env = {
    AGENT_MEMORY_DB_TYPE: 'postgresql',
    AGENT_MEMORY_PG_URL: postgres.url(name),
    AGENT_MEMORY_REDIS_ENABLED: 'true',
    AGENT_MEMORY_REDIS_HOST: '127.0.0.1',
    AGENT_MEMORY_REDIS_PORT: String(redis.port),
    AGENT_MEMORY_REDIS_KEY_PREFIX: `${name}:`,
    // After Redis has lost its memory nobody gets a lock for as long.
    AGENT_MEMORY_REDIS_LOCK_TTL_MS: '1000',
    ...more,
  }
  await withFolder(async (dataDir) => {
    const server = await HttpServer.start(dataDir, { env })
    try {
      await body(new Serving(server, more['AGENT_MEMORY_HTTP_API_KEYS'] ? HEADERS : {}))
    } finally {
      await server.close()
      // The next test finds both there, whatever became of this one.
      await postgres.stop()
      await redis.stop()
      await postgres.resume()
      await redis.resume()
    }
  })
}

const KEY = { AGENT_MEMORY_HTTP_API_KEYS: 'the-key:ann', AGENT_MEMORY_PERMISSIONS_MODE: 'permissive' }
const ADMIN_KEY = 'the-key-of-the-administrator'
const HEADERS = { authorization: 'Bearer the-key' }

/** A server and what its clients ask. */
class Serving {
  readonly #server: HttpServer
  readonly #headers: Readonly<Record<string, string>>
  #names = 0

  constructor(server: HttpServer, headers: Readonly<Record<string, string>>) {
    this.#server = server
    this.#headers = headers
  }

  get address(): string {
    return this.#server.address
  }

  get stderr(): string {
    return this.#server.stderr
  }

  ask(line: string, body?: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const [method = '', path = ''] = line.split(' ')
    const json = body && { body: JSON.stringify(body) }
    const type = body && { 'content-type': 'application/json' }
    return this.#server.ask(path, { method, ...json, headers: { ...type, ...this.#headers, ...headers } })
  }

  add(headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const entry = { scope_type: 'global', name: `rule ${++this.#names}`, content: 'text' }
    return this.ask('POST /v1/guidelines', entry, headers)
  }

  lock(file_path: string): Promise<Answer> {
    return this.ask('POST /v1/locks', { file_path, wait_ms: 0 })
  }

  stream(): Promise<EventStream> {
    return EventStream.open(`${this.address}/v1/events`, HEADERS)
  }

  async client(revision: Revision): Promise<Client> {
    const mode = revision === '2025-11-25' ? 'legacy' : { pin: revision }
    const client = new Client({ name: 'c', version: '1' }, { versionNegotiation: { mode } })
    const options = { requestInit: { headers: HEADERS } }
    await client.connect(new StreamableHTTPClientTransport(new URL(`${this.address}/mcp`), options))
    return client
  }

  /** Polls until a probe or call answers so. */
  async until(line: string, status: number): Promise<void> {
    await expect.poll(async () => (await this.ask(line)).status).toBe(status)
  }
}

const E_DATABASE = { code: 'E4000', name: 'DATABASE_ERROR' }
const E_LOCKS = { code: 'E3005', name: 'LOCK_STORE_UNAVAILABLE' }

/** A refusal that says which part is away, what to do, and to come again. */
function expectAway({ status, headers, body }: Answer, error: object, part: RegExp): void {
  expect({ status, body }).toMatchObject({ status: 503, body: { status: 503, error } })
  expect(headers.get('content-type')).toBe('application/problem+json')
  expect(headers.get('retry-after')).toMatch(/^\d+$/)
  expect(body['detail']).toMatch(part)
  expect((body['error'] as Json)['suggestion']).toMatch(/\w/)
}

async function nextNamed(stream: EventStream, name: string): Promise<Json> {
  for (;;) {
    const event = await stream.next()
    if (event === undefined) throw new Error(`the stream ended before ${name}`)
    if (event.event === name) return JSON.parse(event.data ?? '') as Json
  }
}

async function called(client: Client, name: string, args: Json): Promise<unknown> {
  return (await client.callTool({ name, arguments: { ...args } })).structuredContent
}

/** What is said of the resource from now on. */
async function listenTo(client: Client, revision: Revision | undefined, uri: string): Promise<string[]> {
  const told: string[] = []
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
    told.push(params.uri)
  })
  await (revision === '2025-11-25'
    ? client.subscribeResource({ uri })
    : client.listen({ resourceSubscriptions: [uri] }))
  return told
}

async function expectToolsAway(client: Client): Promise<void> {
  const refused = { error: E_DATABASE }
  expect(await called(client, 'memory_guideline', { action: 'list' })).toMatchObject(refused)
  expect(await called(client, 'memory_health', {})).toMatchObject({ status: 'unhealthy' })
  const read = client.readResource({ uri: 'memory://context' })
  await expect(read).rejects.toMatchObject({ data: refused })
}

test('the database is away: 503 names it, /ready says no, streams stay, and everything comes back by itself', () =>
  withServer(KEY, async (server) => {
    const added = await server.add()
    const stream = await server.stream()
    await stream.begun()
    const clients = await Promise.all(REVISIONS.map((revision) => server.client(revision)))
    const uri = `memory://entry/${added.body['id']}`
    const told = await Promise.all(clients.map((client, at) => listenTo(client, REVISIONS[at], uri)))
    const waiting = server.ask(`GET /v1/events/wait?types=entry.deleted&timeout_ms=60000`)
    // It has begun when the database has answered several later questions that nobody has asked before.
    for (const word of ['first', 'second', 'third']) await server.ask(`GET /v1/search?query=${word}-word`)
    await postgres.stop('immediate')
    await server.until('GET /ready', 503)
    expect((await server.ask('GET /ready')).body).toMatchObject({
      ready: false,
      reason: expect.arrayContaining(['database']),
    })
    expect((await server.ask('GET /health')).status).toBe(503)
    for (const line of [
      'GET /v1/search?query=unheard-of',
      'GET /v1/guidelines',
      `GET /v1/guidelines/${added.body['id']}`,
      'GET /v1/events',
      `DELETE /v1/guidelines/${added.body['id']}`,
    ])
      expectAway(await server.ask(line), E_DATABASE, /PostgreSQL/)
    expectAway(await server.add(), E_DATABASE, /PostgreSQL/)
    expectAway(await server.add({ 'idempotency-key': 'while-away' }), E_DATABASE, /PostgreSQL/)
    expectAway(
      await server.ask('GET /v1/events', undefined, { accept: 'text/event-stream' }),
      E_DATABASE,
      /PostgreSQL/,
    )
    // What is wrong is said in detail, and counted, to those whose key the settings hold.
    expect((await server.ask('GET /v1/health')).body).toMatchObject({
      status: 'unhealthy',
      database: { connected: false },
      redis: { connected: true },
    })
    expect((await server.ask('GET /metrics')).status).toBe(200)
    for (const client of clients) await expectToolsAway(client)
    // A client that comes while it is away is at home as soon as it is back.
    const late = await server.client('2025-11-25')

    await postgres.resume()
    await server.until('GET /ready', 200)
    const again = await server.add({ 'idempotency-key': 'while-away' })
    expect(again).toMatchObject({ status: 201 })
    const replayed = await server.ask(
      'POST /v1/guidelines',
      { scope_type: 'global', name: again.body['name'], content: 'text' },
      { 'idempotency-key': 'while-away' },
    )
    expect(replayed.headers.get('idempotency-replayed')).toBe('true')
    expect(await nextNamed(stream, 'entry.created')).toMatchObject({ entry: { id: again.body['id'] } })
    for (const client of [...clients, late])
      expect(
        await called(client, 'memory_guideline', { action: 'list', scope_type: 'global' }),
      ).toMatchObject({ entries: expect.anything() })
    const deleted = { id: again.body['id'] }
    expect((await server.ask(`DELETE /v1/guidelines/${deleted.id}`)).status).toBe(200)
    expect((await waiting).body).toMatchObject({ events: [{ type: 'entry.deleted', entry: deleted }] })
    await server.ask(`PATCH /v1/guidelines/${added.body['id']}`, { content: 'new' })
    for (const uris of told) await expect.poll(() => uris).toContain(uri)
    expect(server.stderr.match(/"event":"not_ready"/g)).toHaveLength(1)
    expect(server.stderr).toContain('"event":"ready"')
    await stream.close()
    for (const client of [...clients, late]) await client.close()
  }))

describe('Redis is away', () => {
  test('only locks are refused, with 503 that names it; all else goes on, and locks come back by themselves', () =>
    withServer(KEY, async (server) => {
      expect(await server.lock('/srv/before.ts')).toMatchObject({ status: 200 })
      const stream = await server.stream()
      await stream.begun()
      const clients = await Promise.all(REVISIONS.map((revision) => server.client(revision)))
      const waiting = server.ask('POST /v1/locks', {
        file_path: '/srv/before.ts',
        agent_id: 'bob',
        wait_ms: 0,
      })
      expect((await waiting).status).toBe(200)
      await redis.stop()
      await expect
        .poll(async () => (await server.ask('GET /ready')).body)
        .toMatchObject({ ready: true, degraded: expect.arrayContaining(['redis', 'locks']) })
      expectAway(await server.lock('/srv/a.ts'), E_LOCKS, /Redis/)
      expectAway(await server.ask('GET /v1/locks'), E_LOCKS, /Redis/)
      for (const client of clients) {
        const lock = { action: 'checkout', file_path: '/srv/b.ts', wait_ms: 0 }
        expect(await called(client, 'memory_file_lock', lock)).toMatchObject({ error: E_LOCKS })
        await expect(client.readResource({ uri: 'memory://locks' })).rejects.toMatchObject({
          data: { error: E_LOCKS },
        })
      }
      const { status, body } = await server.add()
      expect(status).toBe(201)
      expect((await server.ask('GET /v1/search?query=rule')).body['results']).toHaveLength(1)
      expect(await nextNamed(stream, 'entry.created')).toMatchObject({ entry: { id: body['id'] } })
      await redis.resume()
      await expect.poll(async () => (await server.lock('/srv/a.ts')).status).toBe(200)
      await expect.poll(async () => (await server.ask('GET /ready')).body).toEqual({ ready: true })
      expect(await nextNamed(stream, 'lock.acquired')).toMatchObject({ lock: { file_path: '/srv/a.ts' } })
      for (const client of clients) {
        const lock = { action: 'checkout', file_path: '/srv/a.ts', wait_ms: 0 }
        expect(await called(client, 'memory_file_lock', lock)).toMatchObject({ locked: true })
        await client.close()
      }
      await stream.close()
    }))

  test('a server that requires it says that it is not ready, until it is back', () =>
    withServer({ ...KEY, AGENT_MEMORY_REDIS_REQUIRED: 'true' }, async (server) => {
      await server.until('GET /ready', 200)
      await redis.stop()
      await server.until('GET /ready', 503)
      expect((await server.ask('GET /ready')).body).toMatchObject({
        ready: false,
        reason: expect.arrayContaining(['redis']),
      })
      // It works, and would be no better after a restart.
      expect((await server.ask('GET /health')).status).toBe(200)
      await redis.resume()
      await server.until('GET /ready', 200)
    }))
})

test('a key in the database is not taken for a wrong one while that is away, and opens again', () =>
  withServer({ AGENT_MEMORY_HTTP_ADMIN_KEY: ADMIN_KEY }, async (server) => {
    const made = await server.ask('POST /v1/keys', { agent: 'ann', admin: true }, { 'x-api-key': ADMIN_KEY })
    const own = { 'x-api-key': String(made.body['key']) }
    expect((await server.add(own)).status).toBe(201)
    await postgres.stop('immediate')
    expectAway(await server.ask('GET /v1/guidelines', undefined, own), E_DATABASE, /PostgreSQL/)
    expectAway(await server.ask('POST /mcp', {}, own), E_DATABASE, /PostgreSQL/)
    await postgres.resume()
    await expect.poll(async () => (await server.ask('GET /v1/guidelines', undefined, own)).status).toBe(200)
  }))

test('a server without keys takes requests again after both were away', () =>
  withServer({}, async (server) => {
    expect((await server.add()).status).toBe(201)
    await postgres.stop('immediate')
    await redis.stop()
    await server.until('GET /v1/guidelines', 503)
    await postgres.resume()
    await redis.resume()
    await server.until('GET /v1/guidelines', 200)
    await expect.poll(async () => (await server.lock('/srv/a.ts')).status).toBe(200)
  }))
