import { expect, test } from 'vitest'
import type { Workspace } from '../../src/services/running/caller.ts'
import { exported, imported } from '../services/transfer/files.ts'
import { type TestApp, withApp } from '../support/app.ts'
import type { CallOptions } from '../support/calls.ts'
import { openShared } from '../support/mcp.ts'

// What one project can read or change of another over stdio: docs/explanation/borders.md, row by row. Each is open today;
// where permissions close one, its test is turned round.

const KNOWLEDGE = 'memory_knowledge'

interface Added {
  readonly id: string
  readonly scope_id: string
}

/** A memory of another project, looked at by an agent that stands in its own. */
interface Neighbours {
  readonly t: TestApp
  readonly theirs: Added
  /** Calls as the agent of the other project. */
  readonly there: CallOptions
  /** Names the other project's scope. */
  readonly scope: { readonly scope_type: string; readonly scope_id: string }
}

function open(what: string, look: (neighbours: Neighbours) => Promise<void>): void {
  test(`${what}: open on stdio`, () =>
    withApp(async (t) => {
      const workspace: Workspace = { project: 'other', root: null, pathRoot: t.workspace.pathRoot }
      const there = { agentId: 'ann', workspace }
      await t.call(KNOWLEDGE, 'add', { name: 'ours', content: 'here' })
      const theirs = await t.call<Added>(
        KNOWLEDGE,
        'add',
        { name: 'theirs', content: 'private words' },
        there,
      )
      await look({ t, theirs, there, scope: { scope_type: 'project', scope_id: theirs.scope_id } })
    }))
}

open('the list of scopes and their ids', async ({ t, theirs }) => {
  const { scopes } = await t.call<{ scopes: { id: string }[] }>('memory_scope', 'list')
  expect(scopes.map(({ id }) => id)).toContain(theirs.scope_id)
})

open('entries by the scope id: list, search and context', async ({ t, scope, theirs }) => {
  expect(await t.call(KNOWLEDGE, 'list', scope)).toMatchObject({ entries: [{ id: theirs.id }] })
  const found = await t.call('memory_query', 'search', { query: 'private', ...scope })
  expect(JSON.stringify(found)).toContain(theirs.id)
  expect(await t.call('memory_query', 'context', scope)).toMatchObject({ included: [theirs.id] })
})

open('an entry by its id: get, history, update, delete', async ({ t, theirs: { id } }) => {
  expect(await t.call(KNOWLEDGE, 'get', { id })).toMatchObject({ content: 'private words' })
  expect(await t.call(KNOWLEDGE, 'update', { id, content: 'changed' })).toMatchObject({ version: 2 })
  expect(JSON.stringify(await t.call(KNOWLEDGE, 'history', { id }))).toContain('private words')
  await t.call(KNOWLEDGE, 'delete', { id })
  expect(await t.refused(KNOWLEDGE, 'get', { id })).toMatchObject({ name: 'NOT_FOUND' })
})

open('an entry added to the other project', async ({ t, scope, there }) => {
  await t.call(KNOWLEDGE, 'add', { name: 'planted', content: 'c', ...scope })
  expect(await t.call(KNOWLEDGE, 'get', { name: 'planted' }, there)).toMatchObject({ created_by: 'tester' })
})

open('relations across projects', async ({ t, theirs }) => {
  const { id } = await t.call<Added>(KNOWLEDGE, 'get', { name: 'ours' })
  const relation = { from_id: id, to_id: theirs.id, relation_type: 'depends_on' }
  const made = await t.call('memory_relation', 'create', relation)
  const shown = await t.call('memory_relation', 'list', { entry_id: theirs.id })
  expect(shown).toMatchObject({ relations: [{ id: made['id'] }] })
  await t.call('memory_relation', 'delete', { id: made['id'] })
})

open('the cursor of another agent, under the name of its project', async ({ t, scope, there }) => {
  await t.call(KNOWLEDGE, 'add', { name: 'second', content: 'c' }, there)
  const page = { ...scope, limit: 1 }
  const { next_cursor: cursor } = await t.call(KNOWLEDGE, 'list', page, there)
  expect(cursor).toBeTypeOf('string')
  expect(await t.refused(KNOWLEDGE, 'list', { ...page, cursor })).toMatchObject({ name: 'INVALID_PARAMETER' })
  const posing = { ...there, agentId: 'tester' }
  const rest = await t.call<{ entries: object[] }>(KNOWLEDGE, 'list', { ...page, cursor }, posing)
  expect(rest.entries).toHaveLength(1)
})

open('conflicts by the scope id, read and settled', async ({ t, theirs: { id }, scope, there }) => {
  await t.call(KNOWLEDGE, 'update', { id, content: 'one side', base_version: 1 }, there)
  const loser = { ...there, agentId: 'bob' }
  await t.refused(KNOWLEDGE, 'update', { id, content: 'other side', base_version: 1 }, loser)
  const { conflicts } = await t.call<{ conflicts: Added[] }>('memory_conflict', 'list', scope)
  expect(conflicts).toMatchObject([{ incoming_values: { content: 'other side' } }])
  await t.call('memory_conflict', 'resolve', { id: conflicts[0]?.id, resolution: 'incoming' })
  expect(await t.call(KNOWLEDGE, 'get', { id }, there)).toMatchObject({ content: 'other side' })
})

open('events by the scope id', async ({ t, scope, theirs }) => {
  const { events } = await t.call<{ events: object[] }>('memory_event', 'list', { ...scope, since: 0 })
  expect(JSON.stringify(events)).toContain(theirs.id)
})

open('a project moved: its org and its root_path', async ({ t, theirs: { scope_id } }) => {
  const org = await t.call<Added>('memory_scope', 'create', { scope_type: 'org', name: 'acme' })
  const change = { scope_id, org_id: org.id, root_path: `${t.workspace.pathRoot}/elsewhere` }
  const moved = await t.call('memory_scope', 'update', change)
  expect(moved).toMatchObject({ parent_id: org.id, root_path: change.root_path })
})

open('the words of any agent_id', async ({ t, theirs: { id } }) => {
  const posing = { agentId: 'ann' }
  const changed = await t.call(KNOWLEDGE, 'update', { id, content: 'not by ann' }, posing)
  expect(changed).toMatchObject({ updated_by: 'ann' })
})

open('file locks: seen, given back under the name of the holder, ended by force', async ({ t, there }) => {
  const file = { file_path: `${t.workspace.pathRoot}/a.ts` }
  const LOCK = 'memory_file_lock'
  await t.call(LOCK, 'checkout', file, there)
  expect(await t.call(LOCK, 'status', file)).toMatchObject({ locked: true, agent_id: 'ann' })
  expect(await t.call(LOCK, 'checkin', file, { agentId: 'ann' })).toMatchObject({ released: true })
  await t.call(LOCK, 'checkout', file, there)
  expect(await t.call(LOCK, 'force_unlock', { ...file, reason: 'r' })).toMatchObject({ held_by: 'ann' })
})

open('votes on any task, in any name', async ({ t, there }) => {
  const task = { task_id: 'their task' }
  await t.call('memory_voting', 'record_vote', { ...task, vote_value: 'yes' }, there)
  await t.call('memory_voting', 'record_vote', { ...task, vote_value: 'no' }, { agentId: 'ann' })
  const { votes } = await t.call<{ votes: object[] }>('memory_voting', 'list_votes', task)
  expect(votes).toMatchObject([{ agent_id: 'ann', vote_value: 'no' }])
})

open('export has every project, import writes into every project', async ({ t, theirs: { id }, there }) => {
  const file = await exported(t)
  expect(file).toContain('private words')
  await t.call(KNOWLEDGE, 'delete', { id }, there)
  // An entry that was deleted since comes back only where that is asked for.
  await imported(t, file, { onConflict: 'replace' })
  expect(await t.call(KNOWLEDGE, 'get', { id }, there)).toMatchObject({ content: 'private words' })
})

open('an operator who sets AGENT_MEMORY_DATA_DIR', async ({ t, theirs: { id } }) => {
  const elsewhere = { project: null, root: null, pathRoot: '/tmp' }
  const second = await t.secondApp({ workspace: elsewhere })
  expect(await second.call(KNOWLEDGE, 'get', { id })).toMatchObject({ content: 'private words' })
})

test('a resource by the id of an entry: open on stdio', async () => {
  const { client, close } = await openShared('2025-11-25')
  try {
    const call = async (name: string, args: Record<string, unknown>) =>
      (await client.callTool({ name, arguments: args })).structuredContent as Record<string, unknown>
    const project = { action: 'create', scope_type: 'project', name: 'other' }
    const { id: scope_id } = await call('memory_scope', project)
    const entry = { action: 'add', name: 'theirs', content: 'private words', scope_type: 'project', scope_id }
    const { id } = await call(KNOWLEDGE, entry)
    const { contents } = await client.readResource({ uri: `memory://entry/${String(id)}` })
    expect(JSON.stringify(contents)).toContain('private words')
  } finally {
    await close()
  }
})
