import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import type { CodingSet } from './eval/coding.ts'
import { judged, meanOf } from './eval/figures.ts'
import { PROGRAM } from './mcp-client.ts'
import { median, percentile } from './measure.ts'

// Other memory servers that run on one machine without a key, beside ours: the same memories and questions, each server with one
// pot for all, over MCP stdio in one run.

/** What one server came to. */
export interface Peer {
  readonly name: string
  readonly startMs: number
  readonly listTokens: number
  readonly recall5: number
  readonly searchMs: number
  readonly search95: number
  readonly residentBytes: number
  /** Of writes by processes at once: that were acknowledged, refused, and acknowledged but gone. */
  readonly written: number
  readonly refused: number
  readonly lost: number
}

interface Memory {
  readonly name: string
  readonly type: string
  readonly content: string
}

interface Server {
  readonly name: string
  readonly args: readonly string[]
  /** Settings that put its data into a folder. */
  env(folder: string): Record<string, string>
  add(client: Client, memory: Memory): Promise<unknown>
  /** The names that answer, best first. */
  search(client: Client, query: string): Promise<string[]>
  count(client: Client, folder: string): Promise<number>
}

const PINNED = [
  '@modelcontextprotocol/server-memory@2026.8.31',
  'mcp-memory-libsql@0.0.17',
  '@itseasy21/mcp-knowledge-graph@1.0.7',
]
const STARTS = 5
const WRITERS = 4
const WRITES_EACH = 50

export async function measurePeers(): Promise<Peer[]> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-peers-'))
  try {
    writeFileSync(join(folder, 'package.json'), '{"private":true}')
    const npm = ['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts', ...PINNED]
    await promisify(execFile)('npm', npm, { cwd: folder })
    const servers = [ours(), ...others(folder)]
    const starts = await startInTurns(folder, servers)
    const peers = []
    for (const [at, server] of servers.entries()) {
      const asked = await ask(server, mkdtempSync(join(folder, 'ask-')))
      const writes = await writeAtOnce(server, mkdtempSync(join(folder, 'write-')))
      peers.push({ name: server.name, startMs: median(starts[at] ?? []), ...asked, ...writes })
    }
    return peers
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function ours(): Server {
  const scope = { scope_type: 'global' }
  return {
    name: 'agent-memory',
    args: [PROGRAM, 'mcp'],
    env: (folder) => ({ AGENT_MEMORY_DATA_DIR: folder, AGENT_MEMORY_AGENT_ID: 'peer' }),
    add: (client, { name, content }) =>
      call(client, 'memory_knowledge', { action: 'add', name, content, ...scope }),
    async search(client, query) {
      const { results } = await call(client, 'memory_query', { action: 'search', query, ...scope, limit: 10 })
      return (results as { name: string }[]).map(({ name }) => name)
    },
    async count(client) {
      let count = 0
      for (let cursor: unknown; ; ) {
        const args = { action: 'list', ...scope, limit: 100, ...(cursor !== undefined && { cursor }) }
        const { entries, next_cursor } = await call(client, 'memory_knowledge', args)
        count += (entries as unknown[]).length
        if (next_cursor === undefined) return count
        cursor = next_cursor
      }
    },
  }
}

/** All three keep entities with observations, and have the same names for their tools. */
function others(folder: string): Server[] {
  const module = (path: string) => join(folder, 'node_modules', path, 'dist/index.js')
  const graph = {
    add: (client: Client, { name, type, content }: Memory) =>
      send(client, 'create_entities', { entities: [{ name, entityType: type, observations: [content] }] }),
    search: async (client: Client, query: string) =>
      namesIn(await call(client, 'search_nodes', { query: query.slice(0, 512) })),
    count: async (client: Client) => namesIn(await call(client, 'read_graph', {})).length,
  }
  const file = (name: string) => (data: string) => ({ MEMORY_FILE_PATH: join(data, name) })
  return [
    {
      ...graph,
      name: '@modelcontextprotocol/server-memory',
      args: [module('@modelcontextprotocol/server-memory')],
      env: file('memory.jsonl'),
    },
    {
      ...graph,
      name: 'mcp-memory-libsql',
      args: [module('mcp-memory-libsql')],
      env: (data) => ({ LIBSQL_URL: `file:${join(data, 'memory.db')}` }),
      // Its read_graph gives the newest ten.
      count: async (_client, data) => countRows(join(data, 'memory.db')),
    },
    {
      ...graph,
      name: '@itseasy21/mcp-knowledge-graph',
      args: [module('@itseasy21/mcp-knowledge-graph')],
      env: file('memory.jsonl'),
    },
  ]
}

function countRows(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true })
  const row = db.prepare('select count(*) as n from entities').get()
  db.close()
  return Number(row?.['n'])
}

const nameOf = (writer: number, nth: number) => `writer${writer}number${nth}`

async function call(client: Client, name: string, args: object): Promise<Record<string, unknown>> {
  const { text, structured } = await send(client, name, args)
  return (structured ?? JSON.parse(text)) as Record<string, unknown>
}

/** A refusal is thrown with its words. */
async function send(client: Client, name: string, args: object) {
  const { isError, structuredContent, content } = await client.callTool({ name, arguments: { ...args } })
  const [block] = content
  const text = block?.type === 'text' ? block.text : '{}'
  if (isError) throw new Error(text)
  return { text, structured: structuredContent }
}

function namesIn(graph: Record<string, unknown>): string[] {
  const { entities = [] } = graph as { entities?: { name: string }[] }
  return entities.map(({ name }) => name)
}

async function open({ args, env }: Server, folder: string): Promise<{ client: Client; pid: number }> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ['--no-warnings', ...args],
    env: { PATH: process.env['PATH'] ?? '', ...env(folder) },
    stderr: 'ignore',
  })
  const client = new Client({ name: 'bench', version: '1' })
  await client.connect(transport)
  return { client, pid: transport.pid ?? 0 }
}

async function startInTurns(folder: string, servers: readonly Server[]): Promise<number[][]> {
  const data = servers.map(() => mkdtempSync(join(folder, 'start-')))
  const times: number[][] = servers.map(() => [])
  for (let round = 0; round <= STARTS; round++) {
    for (const [at, server] of servers.entries()) {
      const started = performance.now()
      const { client } = await open(server, data[at] ?? folder)
      await client.listTools()
      if (round > 0) times[at]?.push(performance.now() - started)
      await client.close()
    }
  }
  return times
}

async function ask(server: Server, folder: string) {
  const file = join(import.meta.dirname, 'eval/coding-dev.json')
  const { entries, questions } = JSON.parse(readFileSync(file, 'utf8')) as CodingSet
  const { client, pid } = await open(server, folder)
  try {
    const { tools } = await client.listTools()
    for (const { key, name, type, content, tags } of entries) {
      const memory = { name: `${name || 'turn'} (${key})`, type, content: `${content}\n${tags.join(' ')}` }
      await server.add(client, memory)
    }
    const asked = []
    const times = []
    for (const { q, relevant } of questions.filter((each) => Object.keys(each.relevant).length > 0)) {
      const started = performance.now()
      const names = await server.search(client, q)
      times.push(performance.now() - started)
      const keys = names.map((name) => /\(([^()]+)\)$/.exec(name)?.[1] ?? '')
      asked.push(judged('all', keys, new Set(Object.keys(relevant))))
    }
    return {
      listTokens: Math.round(Buffer.byteLength(JSON.stringify(tools)) / 4),
      recall5: meanOf(asked, 'recall5'),
      searchMs: median(times),
      search95: percentile(times, 0.95),
      residentBytes: residentOf(pid),
    }
  } finally {
    await client.close()
  }
}

/** NaN where there is no /proc. */
function residentOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
  } catch {
    return Number.NaN
  }
}

/** Processes on one memory, each writing one thing after another; counted by a fresh one. */
async function writeAtOnce(server: Server, folder: string) {
  const first = await open(server, folder)
  await first.client.listTools()
  await first.client.close()
  const writers = await Promise.all(Array.from({ length: WRITERS }, () => open(server, folder)))
  let [written, refused] = [0, 0]
  await Promise.all(
    writers.map(async ({ client }, writer) => {
      for (let nth = 0; nth < WRITES_EACH; nth++) {
        const name = nameOf(writer, nth)
        const memory = { name, type: 'knowledge', content: `what ${name} has to say` }
        await server.add(client, memory).then(
          () => written++,
          () => refused++,
        )
      }
    }),
  )
  for (const { client } of writers) await client.close()
  const { client } = await open(server, folder)
  const there = await server.count(client, folder).catch(() => 0)
  await client.close()
  return { written, refused, lost: Math.max(0, written - there) }
}
