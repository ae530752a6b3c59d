import { expect, test, vi } from 'vitest'
import { debianProgram } from '../support/debian-program.ts'
import { EventStream } from '../support/event-stream.ts'
import { HttpServer } from '../support/http.ts'
import { withFolder } from '../support/mcp.ts'
import { Nginx } from '../support/nginx.ts'
import { PostgresServer } from '../support/postgres-server.ts'
import { RedisServer } from '../support/redis-server.ts'
import { testProgram } from '../support/test-programs.ts'
import { until, within } from '../support/until.ts'

// Two servers, four instances and a balancer begin, and one of them is lost.
vi.setConfig({ testTimeout: 240_000 })

const nginx = debianProgram('nginx', 'nginx-light') ?? ''

const INSTANCES = 4
const WRITERS = 4
const STREAMS = 8
/** Acknowledged writes of each writer, before the instance is lost and after. */
const WRITES = 6
const KEY = { authorization: 'Bearer administrator-key' }

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** One request; undefined where the connection broke, or the balancer found no instance to ask. */
async function ask(address: string, path: string, init: RequestInit = {}): Promise<Answer | undefined> {
  try {
    const response = await fetch(address + path, { ...init, headers: { ...KEY, ...init.headers } })
    if (response.status === 502 || response.status === 504) return undefined
    return { status: response.status, body: JSON.parse(await response.text()) as Answer['body'] }
  } catch {
    return undefined
  }
}

/** The same until something answers. */
function answered(address: string, path: string, init: RequestInit = {}): Promise<Answer> {
  return until(`an answer to ${path}`, () => ask(address, path, init))
}

/** Writes one entry after the other, each sent again with its key until an instance says whether it was done. */
class Writer {
  readonly acknowledged: string[] = []
  /** Names of which the instance died before it answered: they may be there or not. */
  readonly unknown: string[] = []
  readonly #name: string
  #sent = 0

  constructor(name: string) {
    this.#name = name
  }

  async write(address: string, count: number): Promise<void> {
    for (const end = this.acknowledged.length + count; this.acknowledged.length < end; )
      await this.#one(address, `${this.#name} ${this.#sent++}`)
  }

  async #one(address: string, name: string): Promise<void> {
    const body = JSON.stringify({ scope_type: 'global', name, content: `What ${name} says.` })
    const headers = { 'content-type': 'application/json', 'idempotency-key': name.replace(' ', '-') }
    await until(`${name} to be written`, async () => {
      const answer = await ask(address, '/v1/knowledge', { method: 'POST', headers, body })
      if (!answer || answer.status >= 500) return false
      if (answer.status === 201) this.acknowledged.push(String(answer.body['id']))
      // The instance that took it first has not answered, and will not.
      else if (answer.status === 409) this.unknown.push(name)
      else throw new Error(JSON.stringify(answer))
      return true
    })
  }
}

/** Follows the events as a browser does: where the stream breaks it comes again with the last id. */
class Listener {
  readonly heard: string[] = []
  times = 0
  #isOver = false
  #stream: EventStream | undefined

  async follow(address: string): Promise<void> {
    for (let last = ''; !this.#isOver; ) {
      const stream = await EventStream.open(`${address}/v1/events?types=entry.created`, {
        ...KEY,
        ...(last !== '' && { 'last-event-id': last }),
      }).catch(() => undefined)
      if (!stream) continue
      this.#stream = stream
      this.times++
      await this.#read(stream).catch(() => {})
      if (stream.lastId !== '') last = stream.lastId
    }
  }

  async close(): Promise<void> {
    this.#isOver = true
    await this.#stream?.close()
  }

  async #read(stream: EventStream): Promise<void> {
    for (;;) {
      const event = await stream.next()
      if (event?.data === undefined) return
      if (event.event === 'resync') throw new Error('the log is short')
      this.heard.push((JSON.parse(event.data) as { entry: { id: string } }).entry.id)
    }
  }
}

/** Waits for events with calls, one after the other from where the last one ended. */
async function waitForAll(address: string, isOver: () => boolean): Promise<Set<string>> {
  const heard = new Set<string>()
  for (let since = 0; !isOver(); ) {
    const path = `/v1/events/wait?since=${since}&types=entry.created&timeout_ms=200`
    const { body } = await answered(address, path)
    for (const { entry } of body['events'] as { entry: { id: string } }[]) heard.add(entry.id)
    since = Number(body['last_seq'])
  }
  return heard
}

async function streamsAt({ address }: HttpServer): Promise<number> {
  const text = await (await fetch(`${address}/metrics`, { headers: KEY })).text()
  return Number(/^agent_memory_event_streams (\d+)$/m.exec(text)?.[1] ?? 0)
}

test.runIf(nginx !== '')(
  'of four instances behind a balancer one is killed: no acknowledged write and no event is lost',
  () =>
    withFolder(async (dataDir) => {
      await using parts = new AsyncDisposableStack()
      const postgres = await PostgresServer.start()
      parts.defer(() => postgres.close())
      const redis = await RedisServer.start()
      parts.defer(() => redis.close())
      const env = {
        AGENT_MEMORY_DB_TYPE: 'postgresql',
        AGENT_MEMORY_PG_URL: postgres.url(),
        AGENT_MEMORY_REDIS_ENABLED: 'true',
        AGENT_MEMORY_REDIS_URL: redis.url(),
        AGENT_MEMORY_HTTP_ADMIN_KEY: 'administrator-key',
        AGENT_MEMORY_RATE_LIMIT: 'false',
      }
      const servers: HttpServer[] = []
      for (let n = 0; n < INSTANCES; n++) {
        const server = await HttpServer.start(dataDir, { program: testProgram('main.ts'), env })
        parts.defer(() => server.close())
        servers.push(server)
      }
      const balancer = await Nginx.start(
        nginx,
        servers.map(({ address }) => address),
      )
      parts.defer(() => balancer.close())
      const { address } = balancer

      const listeners = Array.from({ length: STREAMS }, () => new Listener())
      const following = listeners.map((listener) => listener.follow(address))
      parts.defer(async () => {
        await Promise.all(listeners.map((listener) => listener.close()))
      })
      const held = async () => (await Promise.all(servers.map(streamsAt))).reduce((sum, n) => sum + n, 0)
      await expect.poll(held).toBe(STREAMS)
      const [lost, ...others] = servers
      if (!lost) throw new Error('no instance')
      const ofLost = await streamsAt(lost)
      expect(ofLost).toBeGreaterThan(0)

      let isWritten = false
      const waiting = waitForAll(address, () => isWritten)
      const writers = Array.from({ length: WRITERS }, (_, n) => new Writer(`writer-${n}`))
      const acknowledged = () => writers.flatMap((writer) => writer.acknowledged)
      const readBack = async () => {
        let read = 0
        while (!isWritten) {
          const ids = acknowledged()
          const id = ids[read++ % ids.length]
          if (id !== undefined) expect((await answered(address, `/v1/knowledge/${id}`)).status).toBe(200)
          else await new Promise((resolve) => setTimeout(resolve, 5))
        }
        return read
      }
      const reading = readBack()
      const all = (count: number) => Promise.all(writers.map((writer) => writer.write(address, count)))
      await all(WRITES)
      // Killed while every writer is at work.
      const going = all(2 * WRITES)
      await until('writes to go on', () => acknowledged().length > WRITERS * WRITES)
      lost.kill('SIGKILL')
      await lost.ended()
      await going
      isWritten = true
      expect(await reading).toBeGreaterThan(0)
      const byCalls = await waiting

      const ids = acknowledged()
      expect(new Set(ids).size).toBe(WRITERS * WRITES * 3)
      for (const { address: own } of others)
        for (const id of ids) expect((await answered(own, `/v1/knowledge/${id}`)).status).toBe(200)
      // A request that was sent again was done once.
      const stored = await answered(address, '/v1/knowledge?scope_type=global&limit=100')
      const names = (stored.body['entries'] as { name: string }[]).map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
      expect(names.length).toBeLessThanOrEqual(ids.length + writers.flatMap(({ unknown }) => unknown).length)

      for (const listener of listeners) {
        await until('every event', () => ids.every((id) => listener.heard.includes(id)))
        // In the order of the log, none twice.
        expect(new Set(listener.heard).size).toBe(listener.heard.length)
      }
      const later = await answered(address, '/v1/events?types=entry.created&limit=100')
      for (const { entry } of later.body['events'] as { entry: { id: string } }[]) byCalls.add(entry.id)
      expect(ids.filter((id) => !byCalls.has(id))).toEqual([])
      expect(listeners.filter(({ times }) => times > 1).length).toBeGreaterThanOrEqual(ofLost)
      const elsewhere = async () => (await Promise.all(others.map(streamsAt))).reduce((sum, n) => sum + n, 0)
      await expect.poll(elsewhere).toBe(STREAMS)

      await Promise.all(listeners.map((listener) => listener.close()))
      await within('the listeners to end', Promise.all(following))
    }),
)
