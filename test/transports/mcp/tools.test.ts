import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ErrorBody } from '../../../src/domain/errors.ts'
import { openShared, REVISIONS } from '../../support/mcp.ts'

// The official client checks every result against the tool's outputSchema, once it has listed the tools.

const GUESSED_ACTIONS = [
  ['memory_knowledge', 'upsert', "'add' with upsert: true"],
  ['memory_knowledge', 'add_entry', "'add'"],
  ['memory_knowledge', 'search', "'memory_query search'"],
  ['memory_knowledge', 'lock', "'memory_file_lock checkout'"],
  ['memory_relation', 'add', "'create'"],
  ['memory_query', 'log', "'memory_scope log'"],
] as const

/** Names that clients make of ours, and names that other servers have. */
const GUESSED_TOOLS = [
  ['mcp__agent-memory__memory_guideline', 'memory_guideline'],
  ['mcp__agent-memory__memory_add', 'memory_knowledge add'],
  ['agent-memory:memory_query', 'memory_query'],
  ['save_memory', 'memory_knowledge add'],
  ['create_entities', 'memory_knowledge add'],
  ['search_nodes', 'memory_query search'],
  ['lock_file', 'memory_file_lock checkout'],
] as const

describe.each(REVISIONS)('tools/call on revision %s', (revision) => {
  let client: Client
  let close: () => Promise<void>

  beforeAll(async () => {
    ;({ client, close } = await openShared(revision))
    await client.listTools()
  })
  afterAll(() => close())

  async function call(name: string, args: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const { content, structuredContent, isError } = await client.callTool({ name, arguments: args })
    const { context } = { context: undefined, ...(structuredContent as object) }
    expect(content).toEqual([{ type: 'text', text: context ?? JSON.stringify(structuredContent) }])
    if (isError) throw new Error(JSON.stringify(structuredContent))
    return structuredContent as Record<string, unknown>
  }

  async function refused(name: string, args: Record<string, unknown>): Promise<ErrorBody['error']> {
    const { content, structuredContent, isError } = await client.callTool({ name, arguments: args })
    expect(isError).toBe(true)
    expect(content).toEqual([{ type: 'text', text: JSON.stringify(structuredContent) }])
    return (structuredContent as { error: ErrorBody['error'] }).error
  }

  test('a memory is added, found, changed, tagged, related and taken out of use', async () => {
    const added = await call('memory_guideline', {
      action: 'add',
      name: 'No force push',
      content: 'Never to main.',
    })
    expect(added).toMatchObject({ type: 'guideline', version: 1, scope_type: 'project' })
    const id = String(added['id'])
    expect(await call('memory_query', { action: 'search', query: 'force' })).toMatchObject({
      results: [{ id }],
    })
    expect(await call('memory_query', { action: 'context' })).toMatchObject({ included: [id] })
    const rule = { name: 'Tabs in SQL', content: 'Tabs.', applies_to: ['*.sql'], priority: 1 }
    const { id: sql } = await call('memory_guideline', { action: 'add', ...rule })
    const about = { action: 'context', files: ['db/a.sql'], explain: true }
    const read = await call('memory_query', about)
    expect(read).toMatchObject({ included: [sql, id] })
    expect(read['context']).toContain(`### Tabs in SQL [${sql}]\nHere: "*.sql" means "db/a.sql".\n`)
    await call('memory_guideline', { action: 'delete', id: sql })
    const update = { action: 'update', id, base_version: 1, rationale: 'Others build on it.' }
    expect(await call('memory_guideline', update)).toMatchObject({ version: 2 })
    expect(await call('memory_tag', { action: 'attach', entry_id: id, tags: ['git'] })).toMatchObject({
      tags: ['git'],
    })
    expect(await call('memory_tag', { action: 'list' })).toMatchObject({ tags: [{ tag: 'git', count: 1 }] })
    const fact = await call('memory_knowledge', {
      action: 'add',
      name: 'Main is shared',
      content: 'By four teams.',
    })
    const relation = { action: 'create', from_id: id, to_id: fact['id'], relation_type: 'because' }
    expect(await call('memory_relation', relation)).toMatchObject({ relation_type: 'because' })
    expect(await call('memory_guideline', { action: 'history', id })).toMatchObject({ id })
    expect(await call('memory_guideline', { action: 'deactivate', id })).toMatchObject({ status: 'inactive' })
    expect(await call('memory_guideline', { action: 'list' })).toMatchObject({ entries: [] })
  })

  test('bulk, scopes, sessions, locks, votes, conflicts, events and health answer what their schemas say', async () => {
    const entries = [{ name: 'build', content: 'npm run build', command: 'npm run build' }]
    expect(await call('memory_tool', { action: 'bulk_add', entries })).toMatchObject({
      entries: [{ name: 'build' }],
    })
    const session = await call('memory_scope', { action: 'start', name: 'Fix the login' })
    const turns = [{ content: 'It works now.', speaker: 'Ann' }]
    expect(await call('memory_scope', { action: 'log', session_id: session['id'], turns })).toMatchObject({
      entries: [expect.anything()],
    })
    expect(await call('memory_scope', { action: 'current' })).toMatchObject({
      scope_type: 'project',
      exists: true,
    })
    // Its id is null: the client holds that against the listed schema.
    expect(await call('memory_scope', { action: 'get', scope_type: 'global' })).toMatchObject({ id: null })
    const lock = await call('memory_file_lock', { action: 'checkout', file_path: 'src/a.ts' })
    expect(await call('memory_file_lock', { action: 'status', file_path: 'src/a.ts' })).toMatchObject({
      fencing_token: lock['fencing_token'],
    })
    expect(await call('memory_file_lock', { action: 'checkin', file_path: 'src/a.ts' })).toMatchObject({
      released: true,
    })
    const vote = { action: 'record_vote', task_id: 'colour', vote_value: { hue: 1 } }
    expect(await call('memory_voting', vote)).toMatchObject({ task_id: 'colour' })
    expect(await call('memory_voting', { action: 'get_consensus', task_id: 'colour' })).toMatchObject({
      winning_value: { hue: 1 },
    })
    expect(await call('memory_voting', { action: 'list_votes', task_id: 'colour' })).toHaveProperty('votes')
    expect(await call('memory_voting', { action: 'get_stats', task_id: 'colour' })).toHaveProperty('votes')
    expect(await call('memory_conflict', { action: 'list' })).toMatchObject({ conflicts: [] })
    expect(await call('memory_event', { action: 'wait', since: 0 })).toHaveProperty('last_seq')
    expect(await call('memory_health')).toMatchObject({ status: 'healthy' })
  })

  test('the agent is the client with a suffix of its own, or the one that the call names', async () => {
    const { created_by } = await call('memory_tool', { action: 'add', name: 'a', content: 'a' })
    expect(created_by).toMatch(/^test client-[0-9a-f]{8}$/)
    expect(
      await call('memory_tool', { action: 'add', name: 'b', content: 'b', agent_id: 'me' }),
    ).toMatchObject({
      created_by: 'me',
    })
    expect(await call('memory_tool', { action: 'add', name: 'c', content: 'c' })).toMatchObject({
      created_by,
    })
  })

  test('camelCase arguments mean the same', async () => {
    expect(
      await call('memory_guideline', { action: 'list', scopeType: 'global', minPriority: 3 }),
    ).toMatchObject({
      scope_type: 'global',
    })
  })

  test('refusals say what was wrong, as data and as text', async () => {
    expect(await refused('memory_guideline', {})).toMatchObject({
      code: 'E1000',
      name: 'MISSING_FIELD',
      message: expect.stringContaining('bulk_add'),
    })
    expect(await refused('memory_guideline', { action: 'serach' })).toMatchObject({ name: 'INVALID_ACTION' })
    expect(await refused('memory_query', { action: 'serach' })).toMatchObject({
      code: 'E1002',
      message: expect.stringContaining("Did you mean 'search'?"),
      details: { nearest: 'search' },
    })
    for (const [tool, action, meant] of GUESSED_ACTIONS)
      expect(await refused(tool, { action })).toMatchObject({
        name: 'INVALID_ACTION',
        message: expect.stringContaining(`Did you mean ${meant}?`),
      })
    expect(await refused('memory_query', { action: 7 })).toMatchObject({ name: 'INVALID_ACTION' })
    expect(await refused('memory_guideline', { action: 'add', name: 'x' })).toMatchObject({
      name: 'MISSING_FIELD',
    })
    expect(await refused('memory_guideline', { action: 'get', nme: 'x' })).toMatchObject({
      name: 'UNKNOWN_PARAMETER',
      message: expect.stringContaining("'name'"),
    })
    expect(await refused('memory_guideline', { action: 'get', id: 'nowhere' })).toMatchObject({
      code: 'E2000',
    })
  })

  test('an unknown tool is an error of the protocol, with the nearest name', async () => {
    await expect(client.callTool({ name: 'memory_guidelines', arguments: {} })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining("'memory_guideline'"),
    })
    for (const [name, meant] of GUESSED_TOOLS)
      await expect(client.callTool({ name, arguments: {} })).rejects.toMatchObject({
        message: expect.stringContaining(`Did you mean '${meant}'?`),
      })
    await expect(client.callTool({ name: 'constructor', arguments: {} })).rejects.toMatchObject({
      code: -32602,
    })
  })

  test('a call that waits is cancelled in the server too', async () => {
    const file = { file_path: 'src/busy.ts' }
    await call('memory_file_lock', { action: 'checkout', ...file, agent_id: 'holder' })
    const waiting = async () => (await call('memory_file_lock', { action: 'status', ...file }))['waiting']
    const controller = new AbortController()
    const args = { action: 'checkout', ...file, agent_id: 'waiter', wait_ms: 60_000 }
    const wait = client.callTool({ name: 'memory_file_lock', arguments: args }, { signal: controller.signal })
    wait.catch(() => {})
    await expect.poll(waiting).toBe(1)
    controller.abort('enough')
    await expect(wait).rejects.toThrow('enough')
    await expect.poll(waiting).toBe(0)
  })
})
