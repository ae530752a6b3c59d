import { describe, expect, test } from 'vitest'
import { readArguments } from '../../src/operations/arguments/read.ts'
import { type ArgumentSchema, choicesOf, schemaOf } from '../../src/operations/arguments/schema.ts'
import type { Operation } from '../../src/operations/define.ts'
import { OPERATIONS } from '../../src/operations/index.ts'
import { withApp } from '../support/app.ts'
import { refusal } from '../support/refusal.ts'
import { type Arguments, FILES, plainArguments, SAMPLES } from '../support/sample-arguments.ts'

// Every argument of every action, in the forms that models send. Each form means the same as the plain one, or is refused
// with a sentence that names the argument and shows what would be right. Made from the catalogue: a new action is in it.

const NOW = Date.parse('2026-05-08T12:00:00Z')
async function read(operation: Operation, given: Arguments): Promise<Arguments> {
  return (await readArguments(operation, given, NOW)).input
}

/** The other ways to say `value`. */
function spellings(schema: ArgumentSchema, value: unknown): unknown[] {
  if (value === SAMPLES['file_path']) return []
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value), ` ${value} `]
  if (typeof value === 'object') return [JSON.stringify(value), ...alone(value)]
  if (choicesOf(schema).length > 0 && typeof value === 'string')
    return [value.toUpperCase(), value.replaceAll('_', '-'), camel(value), `${value}s`]
  return schema.format === 'date-time'
    ? ['2026-05-01', '2026-05-01T00:00', '2026-05-01 00:00:00', '-7.5d']
    : []
}

function alone(value: object | null): unknown[] {
  return Array.isArray(value) && value.length === 1 ? [value[0]] : []
}

function camel(word: string): string {
  return word.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** What means nothing for the type. */
function nonsense(schema: ArgumentSchema, name: string): unknown[] {
  const { type, format, listMeans } = schema
  if (type === 'integer' || type === 'number') return ['ten', '10px', {}, [1, 2]]
  if (type === 'boolean') return ['maybe', 2]
  if (choicesOf(schema).length > 0) return ['zzzz', {}]
  if (format === 'date-time') return ['last week', 'soon', '2026-13-45', {}]
  if (type === 'string' && SAID.includes(name)) return [7, {}]
  if (type === 'string') return name === 'query' ? [{ a: 1 }, [['x']]] : [{ a: 1 }, ['x', 2]]
  if (listMeans !== undefined) return [3, { include: {} }]
  return type === 'object' ? ['no json', 3] : []
}

/** What is said in these may come as JSON that the client has read. */
const SAID = ['content', 'append', 'rationale', 'reasoning', 'purpose', 'constraints', 'source', 'reason']

const CASES = OPERATIONS.flatMap((operation) =>
  Object.entries(schemaOf(operation).properties ?? {}).map(([name, schema]) => ({
    label: `${operation.tool} ${operation.action ?? ''} ${name}`,
    operation,
    name,
    schema,
    isRequired: schemaOf(operation).required?.includes(name) ?? false,
  })),
)

describe.each(CASES)('$label', ({ operation, name, schema, isRequired }) => {
  test('means the same in every spelling', async () => {
    const plain = plainArguments(operation, name)
    const expected = await read(operation, plain)
    const { [name]: value, ...others } = plain
    expect(await read(operation, { ...others, [camel(name)]: value })).toEqual(expected)
    const isEnd = name.endsWith('_until')
    for (const spelling of spellings(schema, value).slice(isEnd ? 1 : 0))
      expect(await read(operation, { ...plain, [name]: spelling }), JSON.stringify(spelling)).toEqual(
        expected,
      )
  })

  test('is not given when it is null or empty, or missed where it is needed', async () => {
    if (schema.anyJson) return
    if (isRequired) return expectMissed(operation, name)
    const { [name]: _value, ...plain } = plainArguments(operation, name)
    const without = FILES.includes(name) ? { ...plain, ...otherFile(name) } : plain
    const expected = await read(operation, without)
    for (const nothing of nothings(schema, name))
      expect(await read(operation, { ...without, [name]: nothing })).toEqual(expected)
  })

  test('is refused by name, with an example, where it means nothing', async () => {
    for (const wrong of nonsense(schema, name)) {
      const { message } = await refusal(
        read(operation, { ...plainArguments(operation, name), [name]: wrong }),
      )
      expect(message, JSON.stringify(wrong)).toContain(name)
      expect(message, JSON.stringify(wrong)).toMatch(/e\.g\. |expected one of/)
    }
  })
})

/** An empty text says something only where any text may stand, an empty list only where a list may be empty. */
function nothings(schema: ArgumentSchema, name: string): unknown[] {
  const isReference = /^(id|cursor)$|_id$/.test(name)
  const isText = schema.type === 'string' && choicesOf(schema).length === 0 && !schema.format
  const isFilter = schema.minItems !== undefined || schema.listMeans !== undefined
  return [null, ...(isText && !isReference ? [] : ['']), ...(isFilter ? [[]] : [])]
}

function otherFile(name: string): Arguments {
  return name === 'file_path' ? { file_paths: ['src/cart.ts'] } : { file_path: 'src/cart.ts' }
}

async function expectMissed(operation: Operation, name: string): Promise<void> {
  const error = await refusal(read(operation, { ...plainArguments(operation, name), [name]: null }))
  expect(error.errorName).toBe('MISSING_FIELD')
  expect(error.message).toContain(name)
}

describe('over a whole call', () => {
  test('the end of a day, and a duration from now', async () => {
    const add = OPERATIONS.find(({ tool, action }) => tool === 'memory_knowledge' && action === 'add')
    expect(add && (await read(add, { name: 'a', content: 'c', valid_until: '2026-05-01' }))).toMatchObject({
      valid_until: '2026-05-01T23:59:59.999Z',
    })
    const search = OPERATIONS.find(({ action }) => action === 'search')
    expect(search && (await read(search, { query: 'q', updated_after: '-7d' }))).toMatchObject({
      updated_after: '2026-05-01T12:00:00.000Z',
    })
    expect(add && (await read(add, { name: 'a', content: 'c', valid_until: '+7d' }))).toMatchObject({
      valid_until: '2026-05-15T12:00:00.000Z',
    })
  })

  test('a number is the text of a name, an id or a tag, and of nothing else', () =>
    withApp(async (t) => {
      const added = await t.call('memory_knowledge', 'add', {
        name: 42,
        content: 'c',
        tags: [2026],
        agent_id: 7,
      })
      expect(added).toMatchObject({ name: '42', tags: ['2026'], created_by: '7' })
      const { message } = await t.refused('memory_knowledge', 'add', { name: 'n', content: 42 })
      expect(message).toContain('content')
    }))

  test.each([
    ['red, blue', ['red', 'blue']],
    ['red; blue', ['red', 'blue']],
    ['red\nblue', ['red', 'blue']],
    ['#red #blue', ['red', 'blue']],
    ['#red, #blue', ['red', 'blue']],
    [
      ['#red', ' blue '],
      ['red', 'blue'],
    ],
    ['#12', ['#12']],
    ['C#', ['C#']],
    ['[red, blue]', ['red', 'blue']],
    ["['red', 'it\\'s']", ['red', "it's"]],
    ['["red","blue"]', ['red', 'blue']],
    ['[WIP]', ['[WIP]']],
    [['red, blue'], ['red, blue']],
  ])('tags as %j', (tags, meant) =>
    withApp(async (t) => {
      expect(await t.call('memory_knowledge', 'add', { name: 'n', content: 'c', tags })).toMatchObject({
        tags: meant,
      })
      const found = await t.call('memory_knowledge', 'list', { tags })
      expect(found).toMatchObject({ entries: [{ name: 'n' }] })
    }),
  )

  test('globs beside one another, and what Python prints', () =>
    withApp(async (t) => {
      const metadata = "{'a': True, 'b': None, 'c': \"it's\", 'd': 'say \"hi\"'}"
      const applies_to = 'src/*.{ts,tsx}, lib/**'
      const made = await t.call('memory_guideline', 'add', { name: 'n', content: 'c', metadata, applies_to })
      expect(made).toMatchObject({
        applies_to: ['src/*.{ts,tsx}', 'lib/**'],
        metadata: { a: true, b: null, c: "it's", d: 'say "hi"' },
      })
    }))

  test('an id with what models put around it', () =>
    withApp(async (t) => {
      const { id } = await t.call<{ id: string }>('memory_knowledge', 'add', { name: 'n', content: 'c' })
      for (const given of [id.toUpperCase(), ` ${id}\n`, `\`${id}\``, `"${id}"`, `memory://entry/${id}`])
        expect(await t.call('memory_knowledge', 'get', { id: given })).toMatchObject({ id })
      expect(await t.refused('memory_knowledge', 'get', { id: `x${id}` })).toMatchObject({
        name: 'NOT_FOUND',
      })
    }))

  test('an empty text for what must hold one is not given', () =>
    withApp(async (t) => {
      const lock = { file_path: '', file_paths: ['/srv/a.ts'], agent_id: 'ann' }
      expect(await t.call('memory_file_lock', 'checkout', lock)).toMatchObject({ locks: [{ locked: true }] })
      expect(await t.call('memory_file_lock', 'list', { prefix: '' })).toMatchObject({
        locks: [{ file_path: '/srv/a.ts' }],
      })
    }))

  test('a vote that JavaScript would round stays the text that it is', () =>
    withApp(async (t) => {
      for (const vote_value of ['1e400', '12345678901234567891', '[12345678901234567891]'])
        expect(await t.call('memory_voting', 'record_vote', { task_id: 't', vote_value })).toMatchObject({
          vote_value,
        })
    }))

  test.each([
    ['2026-05-01T12:00:00+0200', '2026-05-01T10:00:00.000Z'],
    ['2026-05-01 12:00+02', '2026-05-01T10:00:00.000Z'],
    ['2026-05-01T12:00:00 02:00', '2026-05-01T10:00:00.000Z'],
    ['2026-05-01T12:00:00.5 0200', '2026-05-01T10:00:00.500Z'],
    ['2026-05-01 12:00:00 UTC', '2026-05-01T12:00:00.000Z'],
    ['2026-05-01T12:00:00.5-01:30', '2026-05-01T13:30:00.500Z'],
  ])('the time %s', (valid_from, meant) =>
    withApp(async (t) => {
      expect(await t.call('memory_knowledge', 'add', { name: 'n', content: 'c', valid_from })).toMatchObject({
        valid_from: meant,
      })
    }),
  )

  test.each([
    [{ priority: '80.5' }, 'priority: expected an integer from 0 to 100, e.g. 1.'],
    [{ priority: 'high' }, 'priority: expected an integer from 0 to 100, e.g. 1.'],
    [{ confidence: 'sure' }, 'confidence: expected a number from 0 to 1, e.g. 0.5.'],
  ])('no number that fits: %j', (given, message) =>
    withApp(async (t) => {
      const args = { name: 'n', content: 'c', ...given }
      expect(await t.refused('memory_knowledge', 'add', args)).toMatchObject({ message })
    }),
  )

  test('arguments in an object are refused with what to do', () =>
    withApp(async (t) => {
      for (const args of [{ name: 'n', content: 'c' }, '{"name":"n","content":"c"}'])
        expect(await t.refused('memory_knowledge', 'add', { args })).toMatchObject({
          message: "Unknown argument 'args'. Give what is in it as arguments of their own: name, content.",
        })
    }))

  test('the folder of a project is absolute', () =>
    withApp(async (t) => {
      for (const root_path of ['app', '~/app', './app'])
        expect(
          await t.refused('memory_scope', 'create', { scope_type: 'project', name: 'p', root_path }),
        ).toMatchObject({ message: expect.stringContaining('root_path: expected an absolute path') })
    }))

  test('an argument of another action that holds its default is passed over', () =>
    withApp(async (t) => {
      const args = { name: 'n', content: 'c', inherit: true, limit: '20', status: 'active', cursor: '' }
      expect(await t.call('memory_knowledge', 'add', args)).toMatchObject({ name: 'n', version: 1 })
    }))

  test('all unknown ones are refused at once, each with where it belongs or what it means', () =>
    withApp(async (t) => {
      const args = { file_path: 'a.ts', path: 'b.ts', ttl: 5, prefix: 'src/' }
      const { name, message } = await t.refused('memory_file_lock', 'checkout', args)
      expect(name).toBe('UNKNOWN_PARAMETER')
      expect(message).toContain("'path'. Did you mean 'file_path'?")
      expect(message).toContain("'ttl'. Did you mean 'ttl_ms'?")
      expect(message).toContain("'prefix'. It belongs to list.")
    }))

  test('of hundreds of unknown ones a few are named, cut short', () =>
    withApp(async (t) => {
      const args = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`${at}-${'x'.repeat(500)}`, 1]))
      const { message } = await t.refused('memory_health', null, args)
      expect(message.length).toBeLessThan(600)
      expect(message).toContain('295 more')
    }))

  test('camelCase inside entries and turns', () =>
    withApp(async (t) => {
      const entries = [{ name: 'e', content: 'c', validFrom: '2025-01-01', confidence: '0.5' }]
      const { entries: added } = await t.call<{ entries: { id: string }[] }>('memory_knowledge', 'bulk_add', {
        entries,
      })
      expect(await t.call('memory_knowledge', 'get', { id: added[0]?.id })).toMatchObject({
        valid_from: '2025-01-01T00:00:00.000Z',
        confidence: 0.5,
      })
    }))

  test('what is stored as text or free JSON stays as it was sent', () =>
    withApp(async (t) => {
      const metadata = { validFrom: '10', list: null }
      const { id } = await t.call<{ id: string }>('memory_knowledge', 'add', {
        name: '[1]',
        content: '"10"',
        metadata,
      })
      const stored = { name: '[1]', content: '"10"', metadata }
      expect(await t.call('memory_knowledge', 'get', { id })).toMatchObject(stored)
    }))

  test('a vote in text counts as the JSON that it holds; other text as text', () =>
    withApp(async (t) => {
      const vote = (agentId: string, vote_value: unknown) =>
        t.call('memory_voting', 'record_vote', { task_id: 't', vote_value }, { agentId })
      await vote('a', { pick: 'A', risk: 1 })
      await vote('b', '{"risk": 1, "pick": "A"}')
      await vote('c', 'not { json')
      const answer = await t.call('memory_voting', 'get_consensus', { task_id: 't', quorum: 3 })
      expect(answer).toMatchObject({ has_consensus: true, winning_value: { pick: 'A', risk: 1 }, margin: 1 })
    }))
})
