import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OPERATIONS } from '../../src/operations/index.ts'
import { openTestApp, type TestApp, withApp } from '../support/app.ts'

type Arguments = Readonly<Record<string, unknown>>

/** A list of at least two things, and arguments with which the same operation lists others. */
interface PagedList {
  readonly name: string
  readonly own: Arguments
  readonly others: readonly Arguments[]
}

const GLOBAL = { scope_type: 'global' }

let t: TestApp
let ids: readonly string[]
beforeAll(async () => {
  t = await openTestApp()
  ids = await fill(t)
})
afterAll(() => t.close())

/** Two of everything that is listed. Answers the ids of two guidelines with two versions and two relations each. */
async function fill(app: TestApp): Promise<string[]> {
  const call = (tool: string, action: string, args: Arguments, agentId = 'ann') =>
    app.call<{ id: string }>(`memory_${tool}`, action, args, { agentId })
  const made: string[] = []
  for (const name of ['one', 'two']) {
    await call('scope', 'create', { scope_type: 'project', name })
    await call('scope', 'create', { scope_type: 'org', name })
    for (const scope of [{}, GLOBAL])
      for (const tool of ['guideline', 'knowledge', 'tool'])
        await call(tool, 'add', { ...scope, name, content: 'word', tags: [name] })
    for (const tool of ['knowledge', 'tool']) await call(tool, 'update', { name, content: 'word, changed' })
    const { id } = await call('guideline', 'update', { name, content: 'word, changed' })
    made.push(id)
    // All tests of this file list it, however long they take.
    await call('file_lock', 'checkout', { file_path: `src/${name}`, ttl_ms: 600_000 })
    await call('permission', 'grant', { grantee: name, permission: 'read', ...GLOBAL })
    for (const task_id of ['first', 'second'])
      await call('voting', 'record_vote', { task_id, vote_value: 1 }, name)
    const clash = { id, base_version: 1, content: 'word, too' }
    for (const agentId of ['bob', 'eve']) await app.refused('memory_guideline', 'update', clash, { agentId })
  }
  const [from_id, to_id] = made
  for (const relation_type of ['depends_on', 'related_to'])
    await call('relation', 'create', { from_id, to_id, relation_type })
  return made
}

const entries = (name: string): PagedList => ({
  name,
  own: {},
  others: [GLOBAL, { inherit: false }, { tags: { include: ['one'] } }],
})
const history = (name: string): PagedList => ({
  name,
  own: { name: 'one' },
  others: [{ name: 'two' }],
})
const lists = (): PagedList[] => [
  ...['guideline', 'knowledge', 'tool'].map((tool) => entries(`memory_${tool} list`)),
  ...['guideline', 'knowledge', 'tool'].map((tool) => history(`memory_${tool} history`)),
  {
    name: 'memory_query search',
    own: { query: 'word' },
    others: [{ query: 'one' }, { query: 'word', ...GLOBAL }],
  },
  { name: 'memory_query list', own: {}, others: [GLOBAL, { types: ['tool'] }] },
  { name: 'memory_relation consolidate', own: {}, others: [GLOBAL, { types: ['tool'] }] },
  { name: 'memory_scope tree', own: {}, others: [] },
  { name: 'memory_voting list_tasks', own: {}, others: [] },
  { name: 'memory_scope list', own: { scope_type: 'project' }, others: [{ scope_type: 'org' }] },
  { name: 'memory_tag list', own: {}, others: [GLOBAL, { prefix: 'o' }] },
  {
    name: 'memory_relation list',
    own: { entry_id: ids[0] },
    others: [{ entry_id: ids[1] }, { entry_id: ids[0], direction: 'from' }],
  },
  { name: 'memory_voting list_votes', own: { task_id: 'first' }, others: [{ task_id: 'second' }] },
  { name: 'memory_conflict list', own: { entry_id: ids[0] }, others: [{ entry_id: ids[1] }, {}] },
  { name: 'memory_permission list', own: {}, others: [{ grantee: 'one' }] },
  { name: 'memory_event list', own: {}, others: [{ types: ['lock.*'] }] },
  { name: 'memory_file_lock list', own: {}, others: [{ prefix: 'src/' }, { agent_id: 'ann' }] },
  { name: 'memory_audit list', own: {}, others: [] },
]

function run(name: string, args: Arguments): Promise<Record<string, unknown>> {
  const [tool = '', action = ''] = name.split(' ')
  return t.call(tool, action, args)
}

async function refused(name: string, args: Arguments): Promise<void> {
  const [tool = '', action = ''] = name.split(' ')
  const error = await t.refused(tool, action, args)
  expect(error).toMatchObject({ name: 'INVALID_PARAMETER', message: expect.stringMatching(/^cursor: /) })
}

async function cursorOf({ name, own }: PagedList): Promise<string> {
  const { next_cursor: cursor } = await run(name, { ...own, limit: 1 })
  if (typeof cursor === 'string') return cursor
  throw new Error(`${name}: a list of one page`)
}

describe('a cursor', () => {
  test('is tried here for every operation that takes one', () => {
    const paged = OPERATIONS.filter(({ input }) => 'cursor' in input.shape)
    const names = paged.map(({ tool, action }) => `${tool} ${action}`)
    expect(
      lists()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(names.sort())
  })

  test('is taken by the list that gave it, with another limit too', async () => {
    for (const list of lists()) {
      const cursor = await cursorOf(list)
      for (const limit of [1, 100]) await run(list.name, { ...list.own, limit, cursor })
    }
  })

  test('is refused by every other list', async () => {
    for (const { name, own } of lists())
      for (const list of lists())
        if (list.name !== name) await refused(name, { ...own, limit: 1, cursor: await cursorOf(list) })
  })

  test('is refused with other arguments', async () => {
    for (const list of lists()) {
      const cursor = await cursorOf(list)
      for (const other of list.others) await refused(list.name, { ...other, limit: 1, cursor })
    }
  })

  test('that the server never gave is refused', async () => {
    const made = ['["x", 1]', '[1, 2]', '[]', '{}', '1'].map((text) =>
      Buffer.from(text).toString('base64url'),
    )
    for (const list of lists()) {
      const [mark] = (await cursorOf(list)).split('.')
      for (const cursor of ['%', ...made, `${mark}.%`, ...made.map((part) => `${mark}.${part}`)])
        await refused(list.name, { ...list.own, cursor })
    }
  })

  test('of another project is refused, though the words are the same', async () => {
    const cursor = await cursorOf(entries('memory_knowledge list'))
    const workspace = { project: 'two', root: null, pathRoot: t.workspace.pathRoot }
    const error = await t.refused('memory_knowledge', 'list', { limit: 1, cursor }, { workspace })
    expect(error.name).toBe('INVALID_PARAMETER')
  })
})

test('events go on behind the cursor, whatever since says', async () => {
  const first = await run('memory_event list', { since: 1, limit: 2 })
  const cursor = String(first['next_cursor'])
  const next = await run('memory_event list', { limit: 2, cursor })
  const all = await run('memory_event list', { since: 1, limit: 100 })
  expect(next['events']).toEqual((all['events'] as object[]).slice(2, 4))
})

test('the list of the longest paths has a second page', () =>
  withApp(async (app) => {
    for (const last of ['a', 'b']) {
      const path = `/${'"'.repeat(200)}/`.repeat(20) + last
      await app.call('memory_file_lock', 'checkout', { file_path: path })
    }
    const first = await app.call('memory_file_lock', 'list', { limit: 1 })
    const rest = await app.call<{ locks: object[] }>('memory_file_lock', 'list', {
      limit: 1,
      cursor: first['next_cursor'],
    })
    expect(rest.locks).toHaveLength(1)
  }))
