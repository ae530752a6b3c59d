import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { PostgresServer } from '../test/support/postgres-server.ts'
import { type Asked, once, Repeater } from './http-client.ts'
import { median } from './measure.ts'
import { SERVE, type Serving, startServing } from './serving.ts'

/** One way of asking, both servers in turns. */
export interface HttpFigures {
  readonly name: string
  readonly own: Rate
  readonly beside: Rate
}

/** Medians of the rounds. */
interface Rate {
  readonly perSecond: number
  /** Microseconds of the server's processor for one request: what others do on the machine moves it least. */
  readonly cpuUs: number
}

const CONNECTIONS = 16
const ADMIN_KEY = 'key-of-the-administrator'

interface Options {
  readonly rounds: number
  readonly seconds: number
  readonly database: 'sqlite' | 'postgresql'
  /** Another build's dist/. */
  readonly beside: string | undefined
}

/**
 * REST and MCP of `agent-memory serve` (a process of its own; a key of its database, of an agent that was granted to read; no rate
 * limit) beside a process with the same framework that answers the very bodies as constants, or the SDK's handler with one tool that
 * does so; or beside another build on the same database.
 */
export async function measureHttp(options: Options): Promise<HttpFigures[]> {
  const parts = new AsyncDisposableStack()
  try {
    return await measureIn(parts, options)
  } finally {
    await parts.disposeAsync()
  }
}

async function measureIn(
  parts: AsyncDisposableStack,
  { rounds, seconds, database, beside: other }: Options,
): Promise<HttpFigures[]> {
  const env = await settings(parts, database)
  const serve = async (args: readonly string[]) => {
    const serving = await startServing(args, env, 'serving')
    parts.defer(() => serving.close())
    return serving
  }
  const own = await serve(SERVE)
  const { id, key } = await fill(own)
  const asks: Readonly<Record<string, Asked>> = {
    'REST: get an entry': { method: 'GET', path: `/v1/knowledge/${id}` },
    'REST: a search that is cached': { method: 'GET', path: '/v1/search?query=lease+tokens' },
    'MCP 2026-07-28: a search that is cached': mcpSearch(),
  }
  const beside = other
    ? await serve([join(other, 'main.js'), 'serve'])
    : await constantServer(parts, { address: own.address, key, asks: Object.values(asks) })
  const figures: HttpFigures[] = []
  for (const [name, asked] of Object.entries(asks))
    figures.push({ name, ...(await compare([own, beside], { asked, key, rounds, seconds })) })
  return figures
}

/** Answers what that server answers now. */
async function constantServer(
  parts: AsyncDisposableStack,
  { asks, ...target }: { address: string; key: string; asks: readonly Asked[] },
): Promise<Serving> {
  const texts: string[] = []
  // Twice: the second answer comes from the cache.
  for (const asked of asks) texts.push((await once(target, asked)) && (await once(target, asked)))
  const serving = await startServing([join(import.meta.dirname, 'http-constant.ts')], {}, 'constant')
  parts.defer(() => serving.close())
  const body = JSON.stringify(constants(asks, texts))
  await once({ address: serving.address, key: target.key }, { method: 'POST', path: '/answers', body })
  return serving
}

/** How busy the machine was, for the reader of the figures. */
export function machineLoad(): string {
  return `load ${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores`
}

function constants(asks: readonly Asked[], texts: readonly string[]) {
  const bodies = asks.map(({ path }, at) => [path.split('?')[0], texts[at]])
  const last: unknown = JSON.parse(texts.at(-1)?.replace(/^[\s\S]*?data: /, '') ?? '{}')
  return { bodies: Object.fromEntries(bodies) as Record<string, string>, mcp: last }
}

interface Load {
  readonly asked: Asked
  readonly key: string
  readonly rounds: number
  readonly seconds: number
}

async function compare([own, beside]: [Serving, Serving], load: Load): Promise<Omit<HttpFigures, 'name'>> {
  const rates: [own: Rate[], beside: Rate[]] = [[], []]
  for (let round = -1; round < load.rounds; round++) {
    for (const [at, server] of [own, beside].entries()) {
      const rate = await rateOf(server, load)
      // The first round warms both up.
      if (round >= 0) rates[at === 0 ? 0 : 1].push(rate)
    }
  }
  return { own: medianRate(rates[0]), beside: medianRate(rates[1]) }
}

function medianRate(rates: readonly Rate[]): Rate {
  return {
    perSecond: median(rates.map(({ perSecond }) => perSecond)),
    cpuUs: median(rates.map(({ cpuUs }) => cpuUs)),
  }
}

async function rateOf(server: Serving, { asked, key, seconds }: Load): Promise<Rate> {
  const target = { address: server.address, key }
  const repeaters = await Promise.all(Array.from({ length: CONNECTIONS }, () => Repeater.open(target, asked)))
  const cpu = server.cpuMs()
  const started = performance.now()
  const end = started + seconds * 1_000
  let done = 0
  const asks = async (repeater: Repeater) => {
    for (; performance.now() < end; done++) await repeater.send()
  }
  await Promise.all(repeaters.map(asks))
  const tookMs = performance.now() - started
  for (const repeater of repeaters) repeater.close()
  return { perSecond: (done / tookMs) * 1_000, cpuUs: ((server.cpuMs() - cpu) / done) * 1_000 }
}

/** What there is to read, and the key of an agent that may. */
async function fill({ address }: Serving): Promise<{ id: string; key: string }> {
  const admin = { address, key: ADMIN_KEY }
  const entries = Array.from({ length: 200 }, (_, at) => ({
    name: `Note ${at}`,
    content: `${at % 20 === 0 ? 'Leases have tokens that grow. ' : ''}Words of note ${at} about the parts of a shop.`,
  }))
  const post = (path: string, body: object) =>
    once(admin, { method: 'POST', path, body: JSON.stringify(body) }).then(
      (text) => JSON.parse(text) as Record<string, unknown>,
    )
  const made = await post('/v1/knowledge/bulk', { scope_type: 'global', entries })
  const [first] = made['entries'] as { id: string }[]
  const { key } = await post('/v1/keys', { agent: 'reader' })
  await post('/v1/permissions', { grantee: 'reader', permission: 'read', scope_type: 'global' })
  return { id: first?.id ?? '', key: String(key) }
}

function mcpSearch(): Asked {
  const params = {
    name: 'memory_query',
    arguments: { action: 'search', query: 'lease tokens' },
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  }
  return {
    method: 'POST',
    path: '/mcp',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    headers: {
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'memory_query',
    },
  }
}

async function settings(
  parts: AsyncDisposableStack,
  database: Options['database'],
): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-bench-'))
  parts.defer(() => rmSync(folder, { recursive: true, force: true }))
  const env = {
    AGENT_MEMORY_DATA_DIR: folder,
    AGENT_MEMORY_HTTP_PORT: '0',
    AGENT_MEMORY_HTTP_ADMIN_KEY: ADMIN_KEY,
    AGENT_MEMORY_RATE_LIMIT: 'false',
  }
  if (database === 'sqlite') return env
  const postgres = await PostgresServer.start()
  parts.defer(() => postgres.close())
  return { ...env, AGENT_MEMORY_DB_TYPE: 'postgresql', AGENT_MEMORY_PG_URL: postgres.url() }
}
