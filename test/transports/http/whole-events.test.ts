import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { debianProgram } from '../../support/debian-program.ts'
import { EventStream } from '../../support/event-stream.ts'
import { type OpenPort, withPort } from '../../support/http.ts'
import { Nginx } from '../../support/nginx.ts'
import { until } from '../../support/until.ts'

// An event is one write, so that a client or a proxy that hands on what it gets as it comes never holds a part of one.

type Json = Readonly<Record<string, unknown>>

const open: Socket[] = []
afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy()
})

/** What stands in each chunk of an answer, as the server has written them. */
class Chunks {
  readonly texts: string[] = []
  head = ''
  #rest = Buffer.alloc(0)

  constructor({ address }: OpenPort, lines: readonly string[], body = '') {
    const { hostname, port, host } = new URL(address)
    const socket = connect(Number(port), hostname)
    open.push(socket)
    const length = body === '' ? [] : [`content-length: ${Buffer.byteLength(body)}`]
    socket.write(`${[...lines, `host: ${host}`, ...length].join('\r\n')}\r\n\r\n${body}`)
    socket.on('data', (bytes) => this.#take(bytes))
  }

  get all(): string {
    return this.texts.join('')
  }

  #take(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes])
    if (this.head === '') {
      const end = this.#rest.indexOf('\r\n\r\n')
      if (end < 0) return
      this.head = this.#rest.toString('latin1', 0, end)
      this.#rest = this.#rest.subarray(end + 4)
    }
    for (;;) {
      const lineEnd = this.#rest.indexOf('\r\n')
      const size = Number.parseInt(this.#rest.toString('latin1', 0, Math.max(lineEnd, 0)), 16)
      if (lineEnd < 0 || this.#rest.length < lineEnd + 2 + size + 2) return
      this.texts.push(this.#rest.toString('utf8', lineEnd + 2, lineEnd + 2 + size))
      this.#rest = this.#rest.subarray(lineEnd + 2 + size + 2)
    }
  }

  /** Each of them holds whole events and nothing else; a field of an event is one line. */
  expectWhole(): void {
    for (const text of this.texts.filter((part) => part !== '')) {
      expect(text.endsWith('\n\n')).toBe(true)
      for (const event of text.split('\n\n').filter((part) => part !== ''))
        for (const line of event.split('\n')) expect(line).toMatch(/^(?::|(?:event|id|data|retry):)/)
    }
  }
}

/** Words of several bytes a letter, and what would end a line of an event. */
const NAME = 'Für ⇥ 日本 🙂'
const CONTENT = `Erste Zeile.\n\ndata: keine\r\nid: 7\u2028 ${'äöü⇥日本🙂 '.repeat(400)}`

function add(port: OpenPort, n: number, headers = {}) {
  return port.ask(
    'POST /v1/knowledge',
    { scope_type: 'global', name: `${NAME} ${n}`, content: CONTENT },
    headers,
  )
}

const JSON_TYPE = 'content-type: application/json'
const BOTH = 'accept: application/json, text/event-stream'

test('each event of /v1/events is written in one piece, however many come together', () =>
  withPort({}, async (port) => {
    const stream = new Chunks(port, ['GET /v1/events HTTP/1.1', 'accept: text/event-stream'])
    await until('the stream has begun', () => stream.all.includes('retry: '))
    await Promise.all(Array.from({ length: 20 }, (_, n) => add(port, n)))
    await until('all have come', () => stream.all.split('event: entry.created').length > 20)
    stream.expectWhole()
    expect(stream.head).toMatch(/x-accel-buffering: no/i)
  }))

test('each message of a session of MCP is written in one piece', () =>
  withPort({}, async (port) => {
    const post = (message: Json, session?: string) =>
      new Chunks(
        port,
        ['POST /mcp HTTP/1.1', JSON_TYPE, BOTH, ...(session ? [`mcp-session-id: ${session}`] : [])],
        JSON.stringify({ jsonrpc: '2.0', ...message }),
      )
    const clientInfo = { name: 'raw', version: '1' }
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo }
    const begun = post({ id: 0, method: 'initialize', params })
    await until('it has begun', () => begun.all.includes('serverInfo'))
    const id = /mcp-session-id: (\S+)/i.exec(begun.head)?.[1] ?? ''
    const listening = new Chunks(port, ['GET /mcp HTTP/1.1', BOTH, `mcp-session-id: ${id}`])
    await until('it listens', () => listening.head !== '')
    const { body } = await add(port, 1)
    const uri = `memory://entry/${body['id']}`
    const subscribed = post({ id: 1, method: 'resources/subscribe', params: { uri } }, id)
    await until('it has subscribed', () => subscribed.all.includes('"id":1'))
    for (let n = 2; n < 12; n++) await port.ask(`PATCH /v1/knowledge/${body['id']}`, { priority: n })
    await until('it has been notified', () => listening.all.includes(uri))
    const read = post({ id: 2, method: 'resources/read', params: { uri } }, id)
    await until('it has read', () => read.all.includes('"id":2'))
    expect(read.all.length).toBeGreaterThan(4_000)
    for (const answer of [begun, listening, subscribed, read]) {
      answer.expectWhole()
      expect(answer.head).toMatch(/content-type: text\/event-stream/i)
      expect(answer.head).toMatch(/x-accel-buffering: no/i)
    }
  }))

test('each message to a client of MCP 2026-07-28 that listens is written in one piece', () =>
  withPort({}, async (port) => {
    const { body } = await add(port, 1)
    const uri = `memory://entry/${body['id']}`
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    }
    const notifications = { resourceSubscriptions: [uri], resourcesListChanged: true }
    const message = {
      jsonrpc: '2.0',
      id: 1,
      method: 'subscriptions/listen',
      params: { notifications, _meta },
    }
    const lines = ['POST /mcp HTTP/1.1', JSON_TYPE, BOTH, 'mcp-protocol-version: 2026-07-28']
    const stream = new Chunks(port, [...lines, 'mcp-method: subscriptions/listen'], JSON.stringify(message))
    await until('it listens', () => stream.texts.length > 0)
    for (let n = 2; n < 12; n++) await port.ask(`PATCH /v1/knowledge/${body['id']}`, { priority: n })
    await until('it has been notified', () => stream.all.includes('notifications/resources/updated'))
    stream.expectWhole()
    expect(stream.head).toMatch(/x-accel-buffering: no/i)
  }))

/** Hands on so few bytes at a time that letters are cut in two. */
async function withSmallRelay(target: string, body: (address: string) => Promise<void>): Promise<void> {
  const relay = createServer((client) => {
    const server = connect(Number(new URL(target).port), '127.0.0.1')
    open.push(client, server)
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      to.setNoDelay(true)
      from.on('error', () => {})
      from.on('close', () => to.destroy())
      from.on('data', (bytes) => {
        for (let at = 0; at < bytes.length; at += 7) to.write(bytes.subarray(at, at + 7))
      })
    }
  }).listen(0, '127.0.0.1')
  await once(relay, 'listening')
  try {
    await body(`http://127.0.0.1:${(relay.address() as AddressInfo).port}`)
  } finally {
    for (const socket of open.splice(0)) socket.destroy()
    relay.close()
  }
}

/** All that was added comes through, as it was sent, while the stream stays open. */
async function expectAll(port: OpenPort, address: string, headers = {}): Promise<void> {
  const stream = await EventStream.open(`${address}/v1/events?types=entry.created`, headers)
  await stream.begun()
  for (let n = 0; n < 8; n++) {
    const { body } = await add(port, n, headers)
    const event = JSON.parse((await stream.next())?.data ?? '{}') as Json
    expect(event).toMatchObject({ type: 'entry.created', entry: { id: body['id'] } })
    const listed = await port.ask(
      `GET /v1/events?since=${Number(event['seq']) - 1}&limit=1`,
      undefined,
      headers,
    )
    expect(listed.body['events']).toEqual([event])
  }
  await stream.close()
}

test('events come through a proxy that hands on seven bytes at a time', () =>
  withPort({}, (port) => withSmallRelay(port.address, (address) => expectAll(port, address))))

const nginx = debianProgram('nginx', 'nginx-light')
if (nginx !== undefined) {
  test('events come at once through an nginx that buffers, in small buffers: they ask it not to', () =>
    withPort({ env: { AGENT_MEMORY_HTTP_ADMIN_KEY: 'key-of-the-administrator' } }, async (port) => {
      const proxy = await Nginx.start(nginx, [port.address], { smallBuffers: true })
      try {
        await expectAll(port, proxy.address, { authorization: 'Bearer key-of-the-administrator' })
      } finally {
        await proxy.close()
      }
    }))
}
