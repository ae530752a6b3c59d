import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Asked, bytesOf, once, type Target } from './http-client.ts'
import { percentile } from './measure.ts'
import { SERVE, startServing } from './serving.ts'

export interface StreamFigures {
  readonly name: string
  readonly streams: number
  /** Events (notifications) that were to arrive, over all streams, and those that did not. */
  readonly expected: number
  readonly missing: number
  readonly medianMs: number
  readonly p99Ms: number
  readonly longestMs: number
}

export interface StreamsMeasured {
  readonly figures: readonly StreamFigures[]
  readonly writes: number
  readonly writeMs: { readonly median: number; readonly p99: number }
  /** Of the server's memory: before the streams, once they are open, in the middle and at the end. */
  readonly residentMiB: readonly number[]
  /** Share of one core that the server took. */
  readonly processor: number
}

interface Options {
  readonly seconds: number
  readonly events?: number
  readonly mcp?: number
  readonly writesPerSecond?: number
}

const ADMIN_KEY = 'key-of-the-administrator'
/** For what is still on its way when the writes end. */
const LAST_MS = 15_000

/**
 * `serve` on SQLite holds streams while entries are written: clients of `/v1/events`, clients of MCP 2026-07-28 that listen to one
 * resource, and one that never reads. From the commit, by the event's own time, to its arrival at each client, in this process.
 */
export async function measureStreams({
  seconds,
  events = 1_000,
  mcp = 200,
  writesPerSecond = 4,
}: Options): Promise<StreamsMeasured> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-bench-'))
  const server = await startServing(SERVE, environment(folder), 'serving')
  const target = { address: server.address, key: ADMIN_KEY }
  const streams: Stream[] = []
  try {
    const write = (path: string, body: object, method: Asked['method'] = 'POST') =>
      once(target, { method, path, body: JSON.stringify(body) }).then((text) => JSON.parse(text) as Made)
    const { id } = await write('/v1/knowledge', { scope_type: 'global', name: 'Note', content: 'First.' })
    const resident = [residentMiB(server.pid)]
    const sse = await openAll(events, target, eventsAsked(), /"at":"([^"]+)"/)
    const listening = await openAll(mcp, target, listenAsked(`memory://entry/${id}`))
    const slow = await openAll(1, target, eventsAsked())
    streams.push(...sse, ...listening, ...slow)
    slow[0]?.pause()
    resident.push(residentMiB(server.pid))
    const writeMs: number[] = []
    const cpu = server.cpuMs()
    const begun = performance.now()
    for (let n = 0; performance.now() - begun < seconds * 1_000; n++) {
      const next = begun + (n * 1_000) / writesPerSecond
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())))
      const started = performance.now()
      for (const stream of listening) stream.sentAt.push(Date.now())
      await write(`/v1/knowledge/${id}`, { content: `Version ${n}. ${'Words. '.repeat(100)}` }, 'PATCH')
      writeMs.push(performance.now() - started)
      if (resident.length === 2 && performance.now() - begun > seconds * 500)
        resident.push(residentMiB(server.pid))
    }
    const processor = (server.cpuMs() - cpu) / (performance.now() - begun)
    const writes = writeMs.length
    const areThere = () => [...sse, ...listening].every(({ delays }) => delays.length >= writes)
    for (const end = performance.now() + LAST_MS; !areThere() && performance.now() < end; )
      await new Promise((resolve) => setTimeout(resolve, 50))
    resident.push(residentMiB(server.pid))
    return {
      figures: [figuresOf('/v1/events', sse, writes), figuresOf('MCP 2026-07-28', listening, writes)],
      writes,
      writeMs: { median: percentile(writeMs, 0.5), p99: percentile(writeMs, 0.99) },
      residentMiB: resident,
      processor,
    }
  } finally {
    for (const stream of streams) stream.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Made {
  readonly id: string
}

/** One stream, read as it comes: of each event no more than its time. */
class Stream {
  readonly delays: number[] = []
  /** When each write was sent, where an event does not say it. */
  readonly sentAt: number[] = []
  readonly #socket: Socket
  readonly #time: RegExp | undefined
  #rest = ''

  constructor(socket: Socket, time: RegExp | undefined) {
    this.#socket = socket
    this.#time = time
    socket.on('data', (chunk) => this.#take(chunk.toString('latin1')))
  }

  pause(): void {
    this.#socket.pause()
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) if (line.startsWith('data: ')) this.#event(line)
  }

  #event(line: string): void {
    if (this.#time) {
      const at = this.#time.exec(line)?.[1]
      if (at !== undefined) this.delays.push(Date.now() - Date.parse(at))
    } else if (line.includes('notifications/resources/updated')) {
      this.delays.push(Date.now() - (this.sentAt[this.delays.length] ?? Number.NaN))
    }
  }
}

async function openAll(count: number, target: Target, asked: Asked, time?: RegExp): Promise<Stream[]> {
  const streams: Stream[] = []
  // A few at a time: a queue of connections is no matter of this.
  while (streams.length < count) {
    const some = Math.min(20, count - streams.length)
    streams.push(...(await Promise.all(Array.from({ length: some }, () => open(target, asked, time)))))
  }
  return streams
}

function open(target: Target, asked: Asked, time: RegExp | undefined): Promise<Stream> {
  const { hostname, port } = new URL(target.address)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) })
    socket.once('error', reject)
    socket.once('data', (chunk) => {
      const isOpen = chunk.toString('latin1').startsWith('HTTP/1.1 200')
      if (isOpen) resolve(stream)
      else reject(new Error(chunk.toString()))
    })
    const stream = new Stream(socket, time)
    socket.write(bytesOf(target, asked))
  })
}

function figuresOf(name: string, streams: readonly Stream[], writes: number): StreamFigures {
  const delays = streams.flatMap((stream) => stream.delays)
  return {
    name,
    streams: streams.length,
    expected: writes * streams.length,
    missing: streams.reduce((sum, { delays: each }) => sum + Math.max(0, writes - each.length), 0),
    medianMs: percentile(delays, 0.5),
    p99Ms: percentile(delays, 0.99),
    longestMs: percentile(delays, 1),
  }
}

function residentMiB(pid: number): number {
  const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
  return Number(kib) / 1_024
}

function eventsAsked(): Asked {
  return { method: 'GET', path: '/v1/events?types=entry.updated', headers: { accept: 'text/event-stream' } }
}

function listenAsked(uri: string): Asked {
  const params = {
    notifications: { resourceSubscriptions: [uri] },
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  }
  return {
    method: 'POST',
    path: '/mcp',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params }),
    headers: {
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'subscriptions/listen',
    },
  }
}

function environment(folder: string): Readonly<Record<string, string>> {
  return {
    AGENT_MEMORY_DATA_DIR: folder,
    AGENT_MEMORY_HTTP_PORT: '0',
    AGENT_MEMORY_HTTP_ADMIN_KEY: ADMIN_KEY,
    AGENT_MEMORY_RATE_LIMIT: 'false',
  }
}
