import { describe, expect, test } from 'vitest'
import { type TestApp, withApp } from '../support/app.ts'

// What is in force (active, valid now, the nearer of one name), asked of every read of every tool that keeps entries.

const PAST = '2020-01-01T00:00:00.000Z'
const FUTURE = '2999-01-01T00:00:00.000Z'
const NAME = 'deployment window'

/** How the project's own entry is out of force, and the fields that say so to a reader. */
const OUT_OF_FORCE = {
  expired: { fields: { valid_until: PAST }, mark: { expired: true } },
  'not yet valid': { fields: { valid_from: FUTURE }, mark: { not_yet_valid: true } },
  inactive: { fields: {}, mark: { status: 'inactive' } },
} as const
type State = keyof typeof OUT_OF_FORCE

interface Found {
  readonly id: string
  readonly name: string
  readonly overrides?: readonly { readonly id: string }[]
  readonly expired?: true
  readonly not_yet_valid?: true
}

/** Each way to read by scope, as the ids of what it shows under the name. */
const READS: Record<string, (t: TestApp, tool: string) => Promise<string[]>> = {
  get: async (t, tool) => {
    const { id } = await t.call<Found>(tool, 'get', { name: NAME })
    return [id]
  },
  list: async (t, tool) => {
    const { entries } = await t.call<{ entries: Found[] }>(tool, 'list')
    return entries.map(({ id }) => id)
  },
  search: async (t) => {
    const { results } = await t.call<{ results: Found[] }>('memory_query', 'search', { query: NAME })
    return results.map(({ id }) => id)
  },
  'search as of now': async (t) => {
    const as_of = new Date().toISOString()
    const { results } = await t.call<{ results: Found[] }>('memory_query', 'search', { query: NAME, as_of })
    return results.map(({ id }) => id)
  },
  context: async (t) => {
    const { included, omitted } = await t.call<{ included: string[]; omitted: object }>(
      'memory_query',
      'context',
    )
    expect(omitted).toEqual({})
    return included
  },
}

/** Windows of validity are fields of knowledge; every kind can be inactive. */
const CASES: [tool: string, state: State][] = [
  ['memory_knowledge', 'expired'],
  ['memory_knowledge', 'not yet valid'],
  ['memory_knowledge', 'inactive'],
  ['memory_guideline', 'inactive'],
  ['memory_tool', 'inactive'],
]

async function addWide(t: TestApp, tool: string): Promise<string> {
  const added = await t.call<Found>(tool, 'add', { name: NAME, content: 'Tuesdays.', scope_type: 'global' })
  return added.id
}

async function addOwn(t: TestApp, tool: string, state: State): Promise<string> {
  const { fields } = OUT_OF_FORCE[state]
  const added = await t.call<Found>(tool, 'add', { name: NAME, content: 'Fridays, early.', ...fields })
  if (state === 'inactive') await t.call(tool, 'deactivate', { id: added.id })
  return added.id
}

describe.each(CASES)('%s, the nearer one %s', (tool, state) => {
  test.each(Object.keys(READS))('%s shows the farther one that is in force', (read) =>
    withApp(async (t) => {
      const wide = await addWide(t, tool)
      await addOwn(t, tool, state)
      expect(await READS[read]?.(t, tool)).toEqual([wide])
    }),
  )

  test('by id and with status all it is shown, and says why it is out of force', () =>
    withApp(async (t) => {
      const wide = await addWide(t, tool)
      const own = await addOwn(t, tool, state)
      const { mark } = OUT_OF_FORCE[state]
      expect(await t.call(tool, 'get', { id: own })).toMatchObject(mark)
      const { entries } = await t.call<{ entries: Found[] }>(tool, 'list', { status: 'all' })
      expect(entries.map(({ id }) => id)).toEqual([own, wide])
      expect(entries[0]).toMatchObject(mark)
      expect(entries[0]?.overrides).toBeUndefined()
    }))
})

describe('alone', () => {
  test.each(['expired', 'not yet valid'] as const)(
    'an entry that is %s is found by name only with status all',
    (state) =>
      withApp(async (t) => {
        const own = await addOwn(t, 'memory_knowledge', state)
        const refused = await t.refused('memory_knowledge', 'get', { name: NAME })
        expect(refused).toMatchObject({ name: 'NOT_FOUND', details: { id: own } })
        const shown = await t.call('memory_knowledge', 'get', { name: NAME, status: 'all' })
        expect(shown).toMatchObject({ id: own, ...OUT_OF_FORCE[state].mark })
      }),
  )

  test('an expired entry can be changed by name, and is in force again', () =>
    withApp(async (t) => {
      const own = await addOwn(t, 'memory_knowledge', 'expired')
      const change = { name: NAME, valid_until: FUTURE }
      expect(await t.call('memory_knowledge', 'update', change)).toMatchObject({ id: own, version: 2 })
      expect(await t.call('memory_knowledge', 'get', { name: NAME })).not.toHaveProperty('expired')
    }))
})

describe('the nearer one in force', () => {
  test.each(Object.keys(READS))('%s shows it alone', (read) =>
    withApp(async (t) => {
      await addWide(t, 'memory_knowledge')
      const own = await t.call<Found>('memory_knowledge', 'add', { name: NAME, content: 'Fridays, early.' })
      expect(await READS[read]?.(t, 'memory_knowledge')).toEqual([own.id])
    }),
  )
})

test('a window that ends does so for every read at that moment, kept answers included', () =>
  withApp(async (t) => {
    const until = new Date(Date.now() + 1_500).toISOString()
    const wide = await addWide(t, 'memory_knowledge')
    const own = { name: NAME, content: 'Fridays, early.', valid_until: until }
    await t.call('memory_knowledge', 'add', own)
    for (const read of Object.values(READS)) await read(t, 'memory_knowledge')
    await expect.poll(() => new Date().toISOString() > until).toBe(true)
    for (const read of Object.values(READS)) expect(await read(t, 'memory_knowledge')).toEqual([wide])
  }))
