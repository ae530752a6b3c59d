import { strict as assert } from 'node:assert'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { inspect, inspectTool } from './inspector.ts'

// Two real clients on one file at once: the official inspector's command line (revision 2025-11-25, a server process for
// each run) and a small client on the official SDK (revision 2026-07-28, one server process that stays). Every step is
// checked. With `--write` the transcript goes into the docs.

const ROOT = join(import.meta.dirname, '..')
const PAGE = join(ROOT, 'docs/transcripts/two-clients.md')

type Json = Record<string, unknown>
type Call = (tool: string, args: Json) => Promise<Json>

interface Two {
  readonly inspector: Call
  readonly small: Call
  /** What the inspector shows of anything but a tool. */
  readonly look: (...args: string[]) => Promise<Json>
  readonly listTools: () => Promise<string[]>
}

const lines: string[] = []

await withTwoClients(async (two) => {
  await bothSeeTheTools(two)
  await oneWaitsForTheOther(two)
  await onlyOneGetsTheFile(two)
  await nobodysWordsAreLost(two)
  await bothWriteAtOnce(two)
})
const page = `${introduction()}\n${lines.join('\n')}\n`
if (process.argv.includes('--write')) writePage()
else process.stdout.write(page)

async function bothSeeTheTools({ look, listTools }: Two): Promise<void> {
  heading('Both list the tools, at the same time')
  const [seen, listed] = await Promise.all([look('--method', 'tools/list'), listTools()])
  const names = (seen['tools'] as { name: string }[]).map(({ name }) => name)
  assert.deepEqual(names, listed)
  tell('inspector', 'tools/list', { tools: names })
  tell('small client', 'tools/list', { tools: listed })
}

async function oneWaitsForTheOther({ inspector, small, look }: Two): Promise<void> {
  heading('The small client waits for news; the inspector adds a guideline')
  const wait = { action: 'wait', types: ['entry.created'], timeout_ms: 60_000 }
  const waiting = small('memory_event', wait)
  const add = {
    action: 'add',
    name: 'Money is integer cents',
    content: 'Never use floats for money.',
    priority: 90,
  }
  const added = await inspector('memory_guideline', add)
  const { events } = (await waiting) as { events: Json[] }
  const [event = {}] = events
  assert.equal((event['entry'] as Json)['id'], added['id'])
  tell('inspector', ['memory_guideline', add], pick(added, ['id', 'version', 'scope_type', 'created_by']))
  tell('small client', ['memory_event', wait], {
    events: [pick(event, ['seq', 'type', 'entry', 'agent_id'])],
  })

  const search = { action: 'search', query: 'float money' }
  const { results } = (await small('memory_query', search)) as { results: Json[] }
  assert.equal(results[0]?.['id'], added['id'])
  tell('small client', ['memory_query', search], {
    results: results.map((hit) => pick(hit, ['id', 'name', 'snippet'])),
  })

  const { contents } = (await look('--method', 'resources/read', '--uri', 'memory://context')) as {
    contents: Json[]
  }
  assert.match(String(contents[0]?.['text']), /Never use floats/)
  tell('inspector', 'resources/read memory://context', { contents })
}

async function onlyOneGetsTheFile({ inspector, small }: Two): Promise<void> {
  heading('The small client checks a file out; the inspector is told who has it')
  const checkout = { action: 'checkout', file_path: 'src/pay.ts', purpose: 'round to cents' }
  const lock = await small('memory_file_lock', checkout)
  tell('small client', ['memory_file_lock', checkout], pick(lock, ['locked', 'agent_id', 'fencing_token']))
  const refused = (await inspector('memory_file_lock', { ...checkout, wait_ms: 0 })) as { error: Json }
  assert.equal(refused.error['name'], 'FILE_LOCKED')
  tell('inspector', ['memory_file_lock', { ...checkout, wait_ms: 0 }], {
    error: {
      ...pick(refused.error, ['code', 'name', 'suggestion']),
      details: pick(refused.error['details'] as Json, ['held_by', 'purpose']),
    },
  })

  const checkin = { action: 'checkin', file_path: 'src/pay.ts' }
  const waiting = inspector('memory_file_lock', { ...checkout, wait_ms: 30_000 })
  await untilWaiting(small)
  await small('memory_file_lock', checkin)
  const next = await waiting
  assert.ok(Number(next['fencing_token']) > Number(lock['fencing_token']))
  say('The inspector asks again, now with patience, and has it as soon as the small client checks it in:')
  tell(
    'inspector',
    ['memory_file_lock', { ...checkout, wait_ms: 30_000 }],
    pick(next, ['locked', 'agent_id', 'fencing_token']),
  )
}

async function untilWaiting(small: Call): Promise<void> {
  for (;;) {
    const { waiting } = await small('memory_file_lock', { action: 'status', file_path: 'src/pay.ts' })
    if (waiting === 1) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function nobodysWordsAreLost({ inspector, small }: Two): Promise<void> {
  heading('Both change the same version')
  const update = (content: string) => ({
    action: 'update',
    name: 'Money is integer cents',
    base_version: 1,
    content,
  })
  const first = update('Store money as integer cents.')
  const second = update('Use a decimal type for money.')
  tell(
    'small client',
    ['memory_guideline', first],
    pick(await small('memory_guideline', first), ['version', 'content']),
  )
  const refused = (await inspector('memory_guideline', second)) as { error: Json }
  assert.equal(refused.error['name'], 'CONFLICT')
  tell('inspector', ['memory_guideline', second], {
    error: pick(refused.error, ['code', 'name', 'suggestion']),
  })
  const { conflicts } = (await small('memory_conflict', { action: 'list' })) as { conflicts: Json[] }
  assert.equal(conflicts.length, 1)
  const kept = conflicts.map((conflict) =>
    pick(conflict, ['kind', 'status', 'current_values', 'incoming_values']),
  )
  tell('small client', ['memory_conflict', { action: 'list' }], { conflicts: kept })
}

async function bothWriteAtOnce({ inspector, small }: Two): Promise<void> {
  heading('Both write at once')
  const entries = (who: string, from: number) =>
    Array.from({ length: 50 }, (_, i) => ({
      name: `${who} ${from + i}`,
      content: 'Written while the other wrote.',
    }))
  const bulk = (who: string, from = 0) => ({ action: 'bulk_add', entries: entries(who, from) })
  const fromInspector = inspector('memory_knowledge', bulk('inspector'))
  let written = 0
  let done = false
  const finished = fromInspector.finally(() => {
    done = true
  })
  do {
    await small('memory_knowledge', bulk('small client', written))
    written += 50
  } while (!done)
  assert.equal(((await finished)['entries'] as Json[]).length, 50)
  const names = await allNames(small)
  assert.equal(names.length, 50 + written)
  say(
    `While the inspector started its server and wrote 50 entries in one transaction, the small client wrote ${written}. ` +
      `Every one of the ${names.length} is there, in both clients' eyes.`,
  )
  const seen = (await inspector('memory_knowledge', { action: 'get', name: `small client ${written - 1}` }))[
    'name'
  ]
  tell('inspector', ['memory_knowledge', { action: 'get', name: seen }], { name: seen })
}

async function allNames(small: Call): Promise<unknown[]> {
  const names: unknown[] = []
  let cursor: Json = {}
  do {
    const page = await small('memory_knowledge', { action: 'list', limit: 100, ...cursor })
    names.push(...(page['entries'] as Json[]).map(({ name }) => name))
    cursor = page['next_cursor'] === undefined ? {} : { cursor: page['next_cursor'] }
  } while ('cursor' in cursor)
  return names
}

async function withTwoClients(body: (two: Two) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'agent-memory-two-'))
  const project = join(dataDir, 'shop')
  mkdirSync(join(project, '.git'), { recursive: true })
  const client = new Client(
    { name: 'small-client', version: '1' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  )
  try {
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [join(ROOT, 'dist/main.js'), 'mcp'],
        cwd: project,
        env: { PATH: process.env['PATH'] ?? '', AGENT_MEMORY_DATA_DIR: dataDir },
        stderr: 'ignore',
      }),
    )
    const surroundings = { dataDir, project }
    await body({
      look: (...args) => inspect(surroundings, args),
      inspector: (tool, args) => inspectTool(surroundings, tool, args),
      async small(name, args) {
        const { structuredContent } = await client.callTool({ name, arguments: args })
        return structuredContent as Json
      },
      listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
    })
  } finally {
    await client.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

function pick(value: Json, names: readonly string[]): Json {
  return Object.fromEntries(names.flatMap((name) => (name in value ? [[name, value[name]]] : [])))
}

function heading(text: string): void {
  lines.push(`## ${text}`, '')
}

function say(text: string): void {
  lines.push(text, '')
}

function tell(who: string, asked: string | [tool: string, args: Json], answered: Json): void {
  const question = typeof asked === 'string' ? asked : `${asked[0]} ${JSON.stringify(asked[1])}`
  lines.push('```', `${who} > ${question}`, JSON.stringify(answered, null, 2), '```', '')
}

function writePage(): void {
  mkdirSync(dirname(PAGE), { recursive: true })
  writeFileSync(PAGE, page)
  process.stderr.write('written: docs/transcripts/two-clients.md\n')
}

function introduction(): string {
  return `# Two clients at once

What two real MCP clients saw of one memory file, each through server processes of its own:

- the command line of the official inspector, revision 2025-11-25:
  \`npx @modelcontextprotocol/inspector --cli node dist/main.js mcp --method …\`, a new server process for every line;
- a small client on the official SDK, revision 2026-07-28, connected to one server from the first line to the last.

\`node scripts/two-clients.ts --write\` plays it, checks every step and writes this page. Long answers are cut to the fields that
matter here.
`
}
