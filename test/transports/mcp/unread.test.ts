import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openClient, RawServer, withFolder, withRawServer } from '../../support/mcp.ts'

// A client that asks and does not read costs little, however it asks.

const MOST_MB = 400
const QUIET_MS = 1_500

/** Lets `ask` write as long as the server reads; nothing that it says is read. Answers the most memory that it had, in MB. */
async function memoryOf(dataDir: string, lines: () => Generator<string | Buffer>): Promise<number> {
  const server = new RawServer(dataDir)
  try {
    await server.initialize()
    const { stdin, stdout, pid } = server.child
    stdout?.pause()
    for (const line of lines()) if (!stdin?.write(line) && !(await takes(stdin))) break
    // It may still be at what it has read.
    await takes(stdin)
    return peakMb(pid)
  } finally {
    await server.close()
  }
}

/** False when the server reads no more. */
async function takes(stdin: RawServer['child']['stdin']): Promise<boolean> {
  if (!stdin) return false
  const quiet = new Promise<false>((resolve) => setTimeout(() => resolve(false), QUIET_MS).unref())
  return Promise.race([once(stdin, 'drain').then(() => true), quiet])
}

function peakMb(pid: number | undefined): number {
  const [, kb] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kb) / 1024
}

const request = (id: number, params: object, method = 'tools/call') =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`
const call = (id: number, name: string, args: object) => request(id, { name, arguments: args })

function* many<T>(count: number, one: (n: number) => T): Generator<T> {
  for (let n = 1; n <= count; n++) yield one(n)
}

const large = 'words '.repeat(43_000)
const MB = 1024 * 1024

const WAYS: [what: string, lines: () => Generator<string | Buffer>][] = [
  ['lists of 44 MB', () => many(300, (n) => call(n, 'memory_knowledge', { action: 'list', limit: 100 }))],
  ['lists of tools', () => many(20_000, (n) => request(n, {}, 'tools/list'))],
  ['resources', () => many(20_000, (n) => request(n, { uri: 'memory://context' }, 'resources/read'))],
  [
    'large requests',
    () =>
      many(150, (n) => call(n, 'memory_tool', { action: 'add', name: `${n}`, content: 'x'.repeat(4 * MB) })),
  ],
  [
    'one as large as can be',
    () => many(3, (n) => call(n, 'memory_tool', { action: 'add', name: 'n', content: 'x'.repeat(47 * MB) })),
  ],
  ['bad lines', () => many(300, () => 'x\n'.repeat(50_000))],
  ['large bad lines', () => many(20, () => `{"x":"${'y'.repeat(8 * MB)}"\n`)],
  ['lines that are too long', () => many(6, () => `${'y'.repeat(65 * MB)}\n`)],
  ['calls that wait', () => many(100_000, (n) => call(n, 'memory_event', { action: 'wait' }))],
]

test.each(WAYS)(`%s that the client does not read keep memory under ${MOST_MB} MB`, (what, lines) =>
  withFolder(async (dataDir) => {
    if (what.includes('MB')) {
      const client = await openClient(dataDir)
      for (let n = 0; n < 10; n++) {
        const entries = Array.from({ length: 10 }, (_, at) => ({
          name: `n${n}-${at}`,
          content: `${n} ${at} ${large.slice(20)}`,
        }))
        await client.callTool({ name: 'memory_knowledge', arguments: { action: 'bulk_add', entries } })
      }
      await client.close()
    }
    const mb = await memoryOf(dataDir, lines)
    expect(mb).toBeLessThan(MOST_MB)
  }),
)

test('calls that wait keep no other call from being read, and are refused when they are too many', () =>
  withRawServer(async (server) => {
    await server.initialize()
    for (let n = 1; n <= 1_500; n++)
      server.write(call(n, 'memory_event', { action: 'wait', timeout_ms: 20_000 }))
    expect((await server.call('other', 'memory_health', {})).result).toHaveProperty(
      'structuredContent.status',
    )
    const refused = server.answers.filter(({ result }) => result?.['isError'])
    expect(refused).toHaveLength(500)
    expect(refused[0]?.result).toMatchObject({ structuredContent: { error: { name: 'RATE_LIMITED' } } })
  }))
