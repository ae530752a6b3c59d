import { expect, test } from 'vitest'
import { withApp } from '../support/app.ts'

const TOOL = 'memory_knowledge'

test('every field that is given comes back, in every type', async () => {
  await withApp(async (t) => {
    const shared = { content: 'text', tags: ['a', 'b'], priority: 80, metadata: { ticket: 7 } }
    const own = {
      memory_guideline: {
        category: 'style',
        rationale: 'why',
        examples: { good: ['x'], bad: ['y'] },
        applies_to: ['src/**/*.ts'],
        forbidden: ['eval(', '/any\\b/'],
        enforce: 'block',
      },
      memory_knowledge: {
        category: 'decision',
        confidence: 0.9,
        source: 'ADR 7',
        valid_from: '2026-01-01T00:00:00.000Z',
        valid_until: '2027-01-01T00:00:00.000Z',
      },
      memory_tool: {
        category: 'cli',
        parameters: { type: 'object' },
        examples: ['npm test', { args: [1] }],
        constraints: 'not on Fridays',
        command: 'npm test',
      },
    }
    for (const [tool, fields] of Object.entries(own)) {
      const added = await t.call<{ id: string }>(tool, 'add', { name: 'n', ...shared, ...fields })
      const read = await t.call(tool, 'get', { id: added.id })
      expect(read).toMatchObject({
        name: 'n',
        version: 1,
        status: 'active',
        created_by: 'tester',
        ...shared,
        ...fields,
      })
      expect(read).toEqual(added)
    }
  })
})

test('a name that the scope has is refused with its id, unless it is an upsert', async () => {
  await withApp(async (t) => {
    const first = await t.call<{ id: string }>(TOOL, 'add', { name: 'n', content: 'one' })
    const error = await t.refused(TOOL, 'add', { name: 'n', content: 'two' })
    expect(error).toMatchObject({ code: 'E2001', name: 'ALREADY_EXISTS', details: { id: first.id } })
    expect(error.message).toMatch(/^name: this scope already has /)
    const upserted = await t.call(TOOL, 'add', { name: 'n', content: 'two', upsert: true })
    expect(upserted).toMatchObject({ id: first.id, version: 2, content: 'two' })
    const again = await t.call(TOOL, 'add', { name: 'n', content: 'two', upsert: true })
    expect(again).toMatchObject({ version: 2 })
  })
})

test('types and scopes have names of their own', async () => {
  await withApp(async (t) => {
    await t.call('memory_guideline', 'add', { name: 'n', content: 'g' })
    await t.call('memory_knowledge', 'add', { name: 'n', content: 'k' })
    await t.call('memory_knowledge', 'add', { name: 'n', content: 'k', scope_type: 'global' })
  })
})

test('the nearer entry of a name wins and says what it overrides; without inherit only the scope itself counts', async () => {
  await withApp(async (t) => {
    const wide = await t.call<{ id: string }>(TOOL, 'add', {
      name: 'n',
      content: 'wide',
      scope_type: 'global',
    })
    await t.call(TOOL, 'add', { name: 'only wide', content: 'w', scope_type: 'global' })
    expect(await t.call(TOOL, 'get', { name: 'n' })).toMatchObject({
      content: 'wide',
      scope_type: 'global',
      scope_id: null,
    })
    const near = await t.call<{ id: string }>(TOOL, 'add', { name: 'n', content: 'near' })
    const overrides = [{ id: wide.id, scope_type: 'global', scope_id: null }]
    expect(await t.call(TOOL, 'get', { name: 'n' })).toMatchObject({ id: near.id, overrides })
    const listed = await t.call<{ entries: { id: string; name: string }[] }>(TOOL, 'list', {})
    expect(listed.entries.map((entry) => entry.name)).toEqual(['n', 'only wide'])
    expect(listed.entries[0]).toMatchObject({ id: near.id, overrides })
    const own = await t.call<{ entries: object[] }>(TOOL, 'list', { inherit: false })
    expect(own.entries).toHaveLength(1)
    expect(await t.refused(TOOL, 'get', { name: 'only wide', inherit: false })).toMatchObject({
      name: 'NOT_FOUND',
    })
    await t.call(TOOL, 'deactivate', { id: near.id })
    expect(await t.call(TOOL, 'get', { name: 'n' })).toMatchObject({ id: wide.id })
  })
})

test('every version is kept and can be read', async () => {
  await withApp(async (t) => {
    const { id } = await t.call<{ id: string }>(TOOL, 'add', { name: 'n', content: 'v1', source: 's' })
    for (const content of ['v2', 'v3']) await t.call(TOOL, 'update', { id, content })
    await t.call(TOOL, 'update', { id, unset: ['source'], name: 'renamed' })
    const history = await t.call<{ versions: { content: string; version: number }[] }>(TOOL, 'history', {
      id,
    })
    expect(history.versions.map((version) => [version.version, version.content])).toEqual([
      [4, 'v3'],
      [3, 'v3'],
      [2, 'v2'],
      [1, 'v1'],
    ])
    expect(await t.call(TOOL, 'get', { id, version: 1 })).toMatchObject({
      content: 'v1',
      source: 's',
      name: 'n',
    })
    expect(await t.call(TOOL, 'get', { id })).not.toHaveProperty('source')
    expect(await t.refused(TOOL, 'get', { id, version: 9 })).toMatchObject({ name: 'NOT_FOUND' })
    type Page = { versions: object[]; next_cursor?: string }
    const page = await t.call<Page>(TOOL, 'history', { id, limit: 3 })
    const rest = await t.call<Page>(TOOL, 'history', { id, limit: 3, cursor: page.next_cursor })
    expect([...page.versions, ...rest.versions]).toEqual(history.versions)
    expect(rest).not.toHaveProperty('next_cursor')
  })
})

test('an update that changes nothing makes no version', async () => {
  await withApp(async (t) => {
    const { id } = await t.call<{ id: string }>(TOOL, 'add', {
      name: 'n',
      content: 'c',
      metadata: { a: 1, b: [2] },
    })
    expect(await t.call(TOOL, 'update', { id, content: 'c', metadata: { b: [2], a: 1 } })).toMatchObject({
      version: 1,
    })
    expect(await t.refused(TOOL, 'update', { id })).toMatchObject({ name: 'MISSING_FIELD' })
  })
})

test('deactivated entries are out of sight, keep their name and come back; twice is no change', async () => {
  await withApp(async (t) => {
    const { id } = await t.call<{ id: string }>(TOOL, 'add', { name: 'n', content: 'c' })
    const gone = await t.call(TOOL, 'deactivate', { id })
    expect(gone).toMatchObject({ status: 'inactive', version: 2 })
    expect(await t.call(TOOL, 'deactivate', { id })).toMatchObject({ version: 2 })
    expect(await t.call(TOOL, 'list', {})).toMatchObject({ entries: [] })
    expect(await t.call(TOOL, 'list', { status: 'inactive' })).toMatchObject({ entries: [{ id }] })
    expect(await t.refused(TOOL, 'add', { name: 'n', content: 'c' })).toMatchObject({
      name: 'ALREADY_EXISTS',
    })
    expect(await t.call(TOOL, 'reactivate', { name: 'n' })).toMatchObject({ status: 'active', version: 3 })
  })
})

test('delete takes the entry out for good and leaves a tombstone without its text', async () => {
  await withApp(async (t) => {
    const { id } = await t.call<{ id: string }>(TOOL, 'add', { name: 'n', content: 'secret text' })
    await t.call(TOOL, 'update', { id, content: 'secret text 2' })
    expect(await t.refused(TOOL, 'delete', { id, base_version: 1 })).toMatchObject({ name: 'CONFLICT' })
    expect(await t.call(TOOL, 'delete', { id })).toMatchObject({ id, deleted: true, version: 2 })
    expect(await t.refused(TOOL, 'get', { id })).toMatchObject({ name: 'NOT_FOUND' })
    expect(await t.refused(TOOL, 'history', { id })).toMatchObject({ name: 'NOT_FOUND' })
    const { events } = await t.call<{ events: { type: string }[] }>('memory_event', 'list', { since: 0 })
    const tombstone = events.find((event) => event.type === 'entry.deleted')
    expect(tombstone).toMatchObject({ entry: { id, type: 'knowledge', version: 2 } })
    expect(JSON.stringify(events)).not.toContain('secret')
  })
})

test('bulk_add is all or none and names the entry that does not fit', async () => {
  await withApp(async (t) => {
    await t.call(TOOL, 'add', { name: 'taken', content: 'c' })
    const entries = [
      { name: 'a', content: '1' },
      { name: 'taken', content: '2' },
    ]
    expect(await t.refused(TOOL, 'bulk_add', { entries })).toMatchObject({
      name: 'ALREADY_EXISTS',
      details: { index: 1 },
    })
    const twice = [
      { name: 'a', content: '1' },
      { name: 'a', content: '2' },
    ]
    expect(await t.refused(TOOL, 'bulk_add', { entries: twice })).toMatchObject({ name: 'ALREADY_EXISTS' })
    const bad = [
      { name: 'a', content: '1' },
      { name: 'b', content: 5 },
    ]
    const error = await t.refused(TOOL, 'bulk_add', { entries: bad })
    expect(error).toMatchObject({ name: 'INVALID_PARAMETER', details: { argument: 'entries.1.content' } })
    expect(await t.call(TOOL, 'list', {})).toMatchObject({ entries: [{ name: 'taken' }] })
    const added = await t.call<{ entries: object[] }>(TOOL, 'bulk_add', { entries, upsert: true })
    expect(added.entries).toMatchObject([
      { name: 'a', version: 1 },
      { name: 'taken', version: 2 },
    ])
  })
})

test('bulk_add takes 1,000 entries at once and refuses 1,001', async () => {
  await withApp(async (t) => {
    const entries = Array.from({ length: 1001 }, (_, index) => ({
      name: `n${index}`,
      content: 'c',
      tags: ['t'],
    }))
    expect(await t.refused(TOOL, 'bulk_add', { entries })).toMatchObject({ name: 'TOO_LARGE' })
    const added = await t.call<{ entries: object[] }>(TOOL, 'bulk_add', { entries: entries.slice(0, 1000) })
    expect(added.entries).toHaveLength(1000)
    const { events } = await t.call<{ events: object[] }>('memory_event', 'list', { since: 0, limit: 100 })
    expect(events).toHaveLength(100)
  })
})

test('pages of a list follow each other without gap or repeat, whatever is added meanwhile', async () => {
  await withApp(async (t) => {
    const entries = Array.from({ length: 25 }, (_, index) => ({ name: `n${index}`, content: 'c' }))
    await t.call(TOOL, 'bulk_add', { entries })
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await t.call<{ entries: { name: string }[]; next_cursor?: string }>(TOOL, 'list', {
        limit: 10,
        cursor,
      })
      seen.push(...page.entries.map((entry) => entry.name))
      cursor = page.next_cursor
      await t.call(TOOL, 'add', { name: `late ${seen.length}`, content: 'c' })
    } while (cursor)
    expect(seen).toEqual(entries.map((entry) => entry.name).reverse())
    expect(await t.refused(TOOL, 'list', { cursor: 'nonsense' })).toMatchObject({ name: 'INVALID_PARAMETER' })
    const foreign = { name: 'n1', cursor: (await t.call(TOOL, 'list', { limit: 1 }))['next_cursor'] }
    expect(await t.refused(TOOL, 'history', foreign)).toMatchObject({ name: 'INVALID_PARAMETER' })
  })
})

test('lists are narrowed by tags, priority and time', async () => {
  await withApp(async (t) => {
    await t.call(TOOL, 'bulk_add', {
      entries: [
        { name: 'a', content: 'c', tags: ['x'], priority: 10 },
        { name: 'b', content: 'c', tags: ['x', 'y'], priority: 90 },
        { name: 'c', content: 'c', tags: ['z'] },
      ],
    })
    const names = async (args: object) => {
      const { entries } = await t.call<{ entries: { name: string }[] }>(TOOL, 'list', { ...args })
      return entries.map((entry) => entry.name)
    }
    expect(await names({ tags: { include: ['x'] } })).toEqual(['b', 'a'])
    expect(await names({ tags: { include: ['x', 'z'], exclude: ['y'] } })).toEqual(['c', 'a'])
    expect(await names({ min_priority: 50 })).toEqual(['c', 'b'])
    expect(await names({ updated_after: '2999-01-01T00:00:00Z' })).toEqual([])
  })
})

test('a forbidden expression that no program can read is refused, whichever way it comes', async () => {
  await withApp(async (t) => {
    const GUIDELINE = 'memory_guideline'
    const kept = ['/', '//', '/(', '/any\\b/', '(']
    const entry = { name: 'kept', content: 'c', forbidden: kept }
    const { id } = await t.call(GUIDELINE, 'add', entry)
    const wrong = { name: 'n', content: 'c', forbidden: ['eval(', '/(/'] }
    const error = await t.refused(GUIDELINE, 'add', wrong)
    expect(error).toMatchObject({ name: 'INVALID_PARAMETER', details: { argument: 'forbidden.1' } })
    expect(error.message).toMatch(/^forbidden\.1: .*leave out the slashes/)
    const others: [action: string, args: object][] = [
      ['update', { id, forbidden: ['/[/'] }],
      ['add', { ...entry, upsert: true, forbidden: ['/a{2,1}/'] }],
      ['bulk_add', { entries: [wrong] }],
    ]
    for (const [action, args] of others)
      expect((await t.refused(GUIDELINE, action, { ...args })).name).toBe('INVALID_PARAMETER')
    expect(await t.call(GUIDELINE, 'get', { id })).toMatchObject({ version: 1, forbidden: kept })
  })
})

test('bad arguments get their own code and name the argument', async () => {
  await withApp(async (t) => {
    const refused = async (args: object) => (await t.refused(TOOL, 'add', { ...args })).name
    expect(await refused({ content: 'c' })).toBe('MISSING_FIELD')
    expect(await refused({ name: 'n', content: 'c', priority: 101 })).toBe('INVALID_PARAMETER')
    expect(await refused({ name: 'n', content: 'x'.repeat(262_145) })).toBe('TOO_LARGE')
    expect(await refused({ name: 'n', content: 'a\0b' })).toBe('INVALID_PARAMETER')
    expect(await refused({ name: 'n', content: '\ud800' })).toBe('INVALID_PARAMETER')
    expect(await refused({ name: 'n', content: 'c', scope_type: 'team' })).toBe('INVALID_SCOPE')
    expect(await refused({ name: 'n', content: 'c', scope_type: 'project', scope_id: 'nope' })).toBe(
      'NOT_FOUND',
    )
    expect(await refused({ name: 'n', content: 'c', scope_type: 'global', scope_id: 'x' })).toBe(
      'INVALID_SCOPE',
    )
    expect(
      await refused({
        name: 'n',
        content: 'c',
        valid_from: '2026-02-01T00:00:00Z',
        valid_until: '2026-01-01T00:00:00Z',
      }),
    ).toBe('INVALID_PARAMETER')
    expect(await refused({ name: ' ', content: 'c' })).toBe('INVALID_PARAMETER')
    const unknown = await t.refused(TOOL, 'add', { name: 'n', content: 'c', contents: 'd' })
    expect(unknown).toMatchObject({
      name: 'UNKNOWN_PARAMETER',
      message: expect.stringContaining("'content'"),
    })
    const twice = await t.refused(TOOL, 'add', {
      name: 'n',
      content: 'c',
      scope_type: 'global',
      scopeType: 'global',
    })
    expect(twice.name).toBe('INVALID_PARAMETER')
    expect(await t.call(TOOL, 'add', { name: 'n', content: 'c', scopeType: 'global' })).toMatchObject({
      scope_type: 'global',
    })
  })
})

test('metadata nested without end is refused in words, wherever it comes in', async () => {
  await withApp(async (t) => {
    const nested = (depth: number): unknown => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)
    const refusal = { name: 'TOO_LARGE', message: expect.stringContaining('nested more than 200 deep') }
    await t.call(TOOL, 'add', { name: 'deep', content: 'c', metadata: nested(200) })
    for (const depth of [201, 5_000, 50_000]) {
      const metadata = nested(depth)
      const entries = [{ name: 'm', content: 'c', metadata }]
      expect(await t.refused(TOOL, 'add', { name: 'n', content: 'c', metadata })).toMatchObject(refusal)
      expect(await t.refused(TOOL, 'update', { name: 'deep', metadata })).toMatchObject(refusal)
      expect(await t.refused(TOOL, 'bulk_add', { entries })).toMatchObject(refusal)
    }
  })
})
