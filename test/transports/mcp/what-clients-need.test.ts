import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Subscriptions } from '../../../src/transports/mcp/resources/subscriptions.ts'
import { createServer } from '../../../src/transports/mcp/server.ts'
import { Calls } from '../../../src/transports/mcp/tools/calls.ts'
import { Tools } from '../../../src/transports/mcp/tools/tools.ts'
import { openTestApp, type TestApp, withApp } from '../../support/app.ts'
import {
  openClient,
  openShared,
  RawServer,
  REVISIONS,
  withClient,
  withFolder,
  withRawServer,
} from '../../support/mcp.ts'

// What real clients were seen to do with the server, held to by what they then need of it.

const LOCK = 'memory_file_lock'
const AN_HOUR = 3_600_000

describe.each(REVISIONS)('on revision %s', (revision) => {
  let client: Client
  let dataDir: string
  let close = async () => {}
  beforeAll(async () => {
    ;({ client, dataDir, close } = await openShared(revision, { name: 'Visual Studio Code' }))
  })
  afterAll(() => close())

  test('the first line of the instructions says what to do, before clients cut it', async () => {
    const [first = ''] = (client.getInstructions() ?? '').split('\n')
    expect(first.length).toBeLessThanOrEqual(240)
    for (const word of ['memory_query context', 'memory_file_lock checkout', 'checkin', 'add'])
      expect(first).toContain(word)
  })

  test('the tools that every task needs are loaded in full, and schemas name what is answered', async () => {
    const { tools } = await client.listTools()
    const always = tools.filter(({ _meta }) => _meta?.['anthropic/alwaysLoad'] === true)
    expect(always.map(({ name }) => name).toSorted()).toEqual([LOCK, 'memory_query'])
    expect(always.find(({ name }) => name === 'memory_query')?._meta?.['anthropic/searchHint']).toContain(
      'context',
    )
    const answered = (name: string) =>
      Object.keys(tools.find((tool) => tool.name === name)?.outputSchema?.['properties'] ?? {})
    expect(answered('memory_query')).toEqual(expect.arrayContaining(['context', 'results']))
    expect(answered(LOCK)).toEqual(expect.arrayContaining(['locked', 'locks', 'fencing_token']))
    expect(answered('memory_guideline')).toEqual(expect.arrayContaining(['entries', 'version', 'versions']))
  })

  test('no tool makes a client refuse to read and to lock', () =>
    withClient({ revision, env: { AGENT_MEMORY_TOOLSETS: 'all' } }, async (client) => {
      for (const { annotations } of (await client.listTools()).tools)
        expect(annotations).toMatchObject({ destructiveHint: false, openWorldHint: false })
    }))

  test('a client that splits what was typed at its spaces hands on the whole task', async () => {
    const typed = 'fix the rounding of "cents" in taxes'
    const wordsOf = async (client: Client) => {
      const [start] = (await client.listPrompts()).prompts
      const names = (start?.arguments ?? []).map((argument) => argument.name)
      // As Claude Code does: word by word, for as many arguments as there are.
      const words = Object.fromEntries(
        typed.split(' ').flatMap((word, at) => (names[at] ? [[names[at], word]] : [])),
      )
      const { messages } = await client.getPrompt({ name: 'session_start', arguments: words })
      return { names, told: JSON.stringify(messages) }
    }
    const claudeCode = await openClient(dataDir, { revision, name: 'claude-code' })
    try {
      const claude = await wordsOf(claudeCode)
      expect(claude.names.length).toBe(20)
      expect(claude.told).toContain('The task: fix the rounding of \\"cents\\" in taxes')
    } finally {
      await claudeCode.close()
    }
    // Others show a form with a field for each argument.
    expect((await wordsOf(client)).names).toEqual(['task'])
  })

  test('a placeholder of the client is no question', async () => {
    for (const [name, content] of [
      ['Prices', 'A price is $1 or more.'],
      ['Tests', 'Every change has one.'],
    ])
      await client.callTool({ name: 'memory_guideline', arguments: { action: 'add', name, content } })
    const told = async (task: string) =>
      JSON.stringify((await client.getPrompt({ name: 'session_start', arguments: { task } })).messages)
    expect(await told('$1')).toContain('The task: $1')
    expect((await told('$1')).replace('The task: $1\\n\\n', '')).toBe(await told(''))
    expect(await told("'ship it'")).toContain('The task: ship it')
  })

  test('what says an id of a scope says its name', async () => {
    const answers = [
      ['memory_guideline', { action: 'add', name: 'A', content: 'x' }],
      ['memory_guideline', { action: 'update', name: 'A', content: 'y' }],
      ['memory_guideline', { action: 'get', name: 'A' }],
      ['memory_guideline', { action: 'list' }],
      ['memory_guideline', { action: 'history', name: 'A' }],
      ['memory_guideline', { action: 'bulk_add', entries: [{ name: 'B', content: 'b' }] }],
      ['memory_query', { action: 'search', query: 'x' }],
      ['memory_query', { action: 'context' }],
      ['memory_query', { action: 'context', format: 'json' }],
      ['memory_tag', { action: 'attach', name: 'A', tags: ['t'] }],
      ['memory_guideline', { action: 'deactivate', name: 'A' }],
      ['memory_guideline', { action: 'delete', name: 'A' }],
    ] as const
    for (const [name, args] of answers) {
      const { structuredContent } = await client.callTool({ name, arguments: args })
      for (const part of inScopes(structuredContent))
        expect(part, `${name} ${args.action}`).toMatchObject({
          scope: { name: 'project', type: 'project' },
        })
    }
    const current = await client.callTool({ name: 'memory_scope', arguments: { action: 'current' } })
    expect(current.structuredContent).toMatchObject({ name: 'project' })
  })
})

/** The answer and what it lists, as far as it says a scope. */
function inScopes(answer: unknown): object[] {
  if (typeof answer !== 'object' || answer === null) return []
  const lists: unknown[] = Object.values(answer).filter((value) => Array.isArray(value))
  const parts = [answer, ...lists.flat()]
  return parts.filter(
    (part): part is object => typeof part === 'object' && part !== null && 'scope_id' in part,
  )
}

describe.each([
  ['2024-11-05', false],
  ['2025-03-26', false],
  ['2025-06-18', true],
  ['2025-11-25', true],
])('on revision %s', (protocolVersion, isStructured) => {
  test(`results and schemas of them are${isStructured ? '' : ' not'} structured`, () =>
    withRawServer(async (server) => {
      const clientInfo = { name: 'old', version: '1' }
      const hello = await server.ask(1, 'initialize', { protocolVersion, capabilities: {}, clientInfo })
      expect(hello.result?.['protocolVersion']).toBe(protocolVersion)
      server.send({ method: 'notifications/initialized' })
      const { result } = await server.ask(2, 'tools/list')
      const tools = result?.['tools'] as object[]
      expect(tools.length).toBeGreaterThan(5)
      expect(tools.every((tool) => 'outputSchema' in tool)).toBe(isStructured)
      expect(tools.some((tool) => 'outputSchema' in tool)).toBe(isStructured)
      const done = await server.call(3, LOCK, { action: 'list' })
      const refused = await server.call(4, LOCK, { action: 'lst' })
      for (const answer of [done, refused])
        expect('structuredContent' in (answer.result ?? {})).toBe(isStructured)
      expect(done.result?.['content']).toEqual([{ type: 'text', text: '{"locks":[]}' }])
      expect(JSON.stringify(refused.result)).toContain('INVALID_ACTION')
      expect(refused.result?.['isError']).toBe(true)
    }))
})

/** A client and a server in this process, whose silence ends after a moment. */
async function withImpatience(
  body: (client: Client, t: TestApp, calls: Calls) => Promise<void>,
): Promise<void> {
  await withApp(async (t) => {
    const callerOf = async () => ({ agentId: 'tester', workspace: t.workspace })
    const calls = new Calls(t.app, { callerOf, heartbeatMs: 5, silentMs: 20, knowsDelivery: true })
    const subscriptions = new Subscriptions({ app: t.app, calls, flushed: async () => {} })
    const tools = new Tools(calls, t.app.config.toolsets)
    const server = createServer({ calls, tools, subscriptions }, { era: 'legacy' })
    const client = new Client({ name: 'test', version: '1' })
    const [near, far] = InMemoryTransport.createLinkedPair()
    await server.connect(far)
    await client.connect(near)
    try {
      await body(client, t, calls)
    } finally {
      await client.close()
    }
  })
}

const other = { agentId: 'other' }
const wait = { name: LOCK, arguments: { action: 'checkout', file_path: 'a.ts', wait_ms: AN_HOUR } }

test('a call of a client that hears of no progress is answered before it gives up', () =>
  withImpatience(async (client, t) => {
    await t.call(LOCK, 'checkout', { file_path: 'a.ts' }, other)
    const { isError, structuredContent } = await client.callTool(wait)
    expect([isError, structuredContent]).toMatchObject([true, { error: { details: { held_by: 'other' } } }])
    const args = { action: 'wait', timeout_ms: 60_000 }
    const nothing = await client.callTool({ name: 'memory_event', arguments: args })
    expect(nothing.structuredContent).toMatchObject({ events: [] })
  }))

test('a call of one that does waits as long as it said', () =>
  withImpatience(async (client, t) => {
    await t.call(LOCK, 'checkout', { file_path: 'a.ts' }, other)
    const heard = Promise.withResolvers<void>()
    let times = 0
    // By then the patience of a silent client is over.
    const onprogress = () => {
      if (++times === 10) heard.resolve()
    }
    const answer = client.callTool(wait, { onprogress })
    await heard.promise
    await t.call(LOCK, 'checkin', { file_path: 'a.ts' }, other)
    expect((await answer).structuredContent).toMatchObject({ locked: true, agent_id: 'tester' })
  }))

describe('a lock whose grant was never delivered', () => {
  test('is given back, but for one that its holder had before', () =>
    withImpatience(async (_client, t, calls) => {
      const operation = (await import('../../../src/operations/index.ts')).OPERATIONS.find(
        ({ tool, action }) => tool === LOCK && action === 'checkout',
      )
      if (!operation) throw new Error('no checkout')
      const request = {
        id: 1,
        isStructured: true,
        clientName: 'x',
        meta: {},
        clientRoot: async () => undefined,
        signal: new AbortController().signal,
        notifyProgress: undefined,
      }
      const status = async (file_path: string) => (await t.call(LOCK, 'status', { file_path }))['locked']
      const paths = ['a.ts', 'b.ts']
      await calls.run(operation, { file_path: 'a.ts', keep_alive: true }, { ...request, id: 0 })
      calls.delivered(0)
      await calls.run(operation, { file_paths: paths, keep_alive: true }, request)
      expect(await Promise.all(paths.map(status))).toEqual([true, true])
      await calls.lost(1)
      expect(await Promise.all(paths.map(status))).toEqual([true, false])
      await calls.lost(0)
      await calls.allLost()
      expect(await status('a.ts')).toBe(true)
    }))

  test('because the client went away while it waited, does not stay', () =>
    withFolder(async (dataDir) => {
      const t = await openTestApp({ dataDir })
      const server = new RawServer(dataDir)
      try {
        const lock = (action: 'checkout' | 'checkin' | 'status', args: object = {}) =>
          t.call(LOCK, action, { file_path: 'a.ts', ...args })
        await lock('checkout', { agent_id: 'holder', ttl_ms: AN_HOUR })
        await server.initialize()
        const args = {
          action: 'checkout',
          file_path: 'a.ts',
          agent_id: 'gone',
          wait_ms: AN_HOUR,
          ttl_ms: AN_HOUR,
        }
        server.send({ id: 1, method: 'tools/call', params: { name: LOCK, arguments: args } })
        await expect.poll(() => lock('status')).toMatchObject({ waiting: 1 })
        server.child.stdout?.destroy()
        await lock('checkin', { agent_id: 'holder' })
        expect(await server.ended()).toBe(0)
        expect(await lock('status')).toMatchObject({ locked: false, waiting: 0 })
      } finally {
        await server.close()
        await t.close()
      }
    }))
})

describe('a clean end', () => {
  test.each([
    ['gives back what only this connection could have', {}, {}, false],
    ['leaves the lock of an agent that is named in the call', {}, { agent_id: 'ada' }, true],
    ['leaves the lock of an agent that is named in the settings', { AGENT_MEMORY_AGENT_ID: 'ada' }, {}, true],
  ])('%s', (_what, env, args, isLocked) =>
    withFolder(async (dataDir) => {
      const server = new RawServer(dataDir, { env })
      await server.initialize()
      const checkout = { action: 'checkout', file_path: 'a.ts', ttl_ms: AN_HOUR, ...args }
      expect((await server.call(1, LOCK, checkout)).result?.['structuredContent']).toMatchObject({
        locked: true,
      })
      server.child.stdin?.end()
      expect(await server.ended()).toBe(0)
      await withApp({ dataDir }, async (t) => {
        expect(await t.call(LOCK, 'status', { file_path: 'a.ts' })).toMatchObject({ locked: isLocked })
      })
    }),
  )

  test('gives back what a session of the client took over it, not what the same agent has elsewhere', () =>
    withFolder(async (dataDir) => {
      // Its hooks are that agent too, and so is a second server of the session.
      const env = { CLAUDE_CODE_SESSION_ID: '0b5ad1f6-5d0b-4a8e-9c55-6f2f8f6f9a01' }
      const servers = [new RawServer(dataDir, { env }), new RawServer(dataDir, { env })] as const
      const [ending, staying] = servers
      try {
        for (const [at, server] of servers.entries()) {
          await server.initialize('claude-code')
          const checkout = { action: 'checkout', file_path: `${at}.ts`, ttl_ms: AN_HOUR }
          const { result } = await server.call(1, LOCK, checkout)
          expect(result?.['structuredContent']).toMatchObject({ locked: true })
        }
        // As Claude Code ends its servers.
        ending.child.kill('SIGINT')
        ending.child.kill('SIGTERM')
        expect(await ending.ended()).toBe(0)
        const { result } = await staying.call(2, LOCK, { action: 'list' })
        expect(result?.['structuredContent']).toMatchObject({
          locks: [{ file_path: expect.stringMatching(/1\.ts$/) }],
        })
      } finally {
        for (const server of servers) await server.close()
      }
    }))
})
