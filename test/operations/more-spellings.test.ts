import { describe, expect, test } from 'vitest'
import { withApp } from '../support/app.ts'

// What clients and models send beside JSON's own forms, and what of it stays refused.

const LOST: object = JSON.parse('{"__proto__":{"x":1}}')

const add = (rest: object) => ({ name: 'n', content: 'c', ...rest })

describe('one value in another form', () => {
  test.each([
    ['upsert', 'yes', undefined],
    ['upsert', 1, undefined],
    ['upsert', 'Off', undefined],
    ['confidence', '80%', 0.8],
    ['priority', '80 %', 80],
    ['priority', 'null', 50],
    ['valid_from', '2026/05/01', '2026-05-01T00:00:00.000Z'],
    ['valid_from', '2026-5-1', '2026-05-01T00:00:00.000Z'],
    ['valid_from', '20260501', '2026-05-01T00:00:00.000Z'],
    ['valid_from', '2026-05', '2026-05-01T00:00:00.000Z'],
    ['valid_until', '2126-02', '2126-02-28T23:59:59.999Z'],
    ['valid_from', 1_777_593_600, '2026-05-01T00:00:00.000Z'],
    ['valid_from', '1777593600000', '2026-05-01T00:00:00.000Z'],
    ['valid_from', 'Fri, 01 May 2026 02:00:00 +0200', '2026-05-01T00:00:00.000Z'],
    ['valid_from', 'Fri May 01 2026 02:00:00 GMT+0200 (CEST)', '2026-05-01T00:00:00.000Z'],
    ['valid_from', '2026-05-01T02:00:00+02:00[Europe/Berlin]', '2026-05-01T00:00:00.000Z'],
    ['valid_from', '2026-04-30T24:00:00Z', '2026-05-01T00:00:00.000Z'],
    ['valid_from', '2026-04-30T24:00+02:00', '2026-04-30T22:00:00.000Z'],
    ['valid_from', '2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['valid_from', 'May 1, 2026', '2026-05-01T00:00:00.000Z'],
    ['valid_until', '1st September 2126', '2126-09-01T23:59:59.999Z'],
  ])('%s: %j', (argument, given, meant) =>
    withApp(async (t) => {
      const entry = await t.call('memory_knowledge', 'add', add({ [argument]: given }))
      if (meant !== undefined) expect(entry).toMatchObject({ [argument]: meant })
    }),
  )

  test.each([
    ['confidence', 80],
    ['confidence', '180%'],
    ['upsert', 'perhaps'],
    ['valid_from', '01/05/2026'],
    ['valid_from', '2026'],
    ['valid_from', '2026/13/01'],
    ['valid_from', '2026-02-30T24:00:00Z'],
    ['valid_from', '2026-05-01T24:30:00Z'],
    ['valid_from', '2026-05-01T12:00:00[Europe/Berlin]'],
    ['valid_from', 'Feb 30, 2026'],
    ['valid_from', 'Mayor 1, 2026'],
    ['valid_from', 20],
  ])('%s: %j is refused', (argument, given) =>
    withApp(async (t) => {
      const { message } = await t.refused('memory_knowledge', 'add', add({ [argument]: given }))
      expect(message).toContain(argument)
    }),
  )

  test.each([
    ['ttl_ms', '30s', 30_000],
    ['ttl_ms', '5m', 300_000],
    ['ttl_ms', '1.5 hours', 5_400_000],
    ['ttl_ms', '500 ms', 500],
    ['ttl_ms', '1d', 86_400_000],
    ['expires_in', '30s', 30_000],
    ['expires_in', '2 min', 120_000],
    ['expires_in', '500ms', 500],
  ])('a duration with its unit, %s: %j', (argument, given, ttlMs) =>
    withApp(async (t) => {
      const lock = { file_path: '/a.ts', [argument]: given }
      expect(await t.call('memory_file_lock', 'checkout', lock)).toMatchObject({ ttl_ms: ttlMs })
    }),
  )

  test.each([
    ['ttl_ms', '2 weeks and a day'],
    ['ttl_ms', '2d'],
    ['ttl_ms', '0s'],
    ['limit', '5m'],
  ])('%s: %j is no duration that it takes', (argument, given) =>
    withApp(async (t) => {
      const action = argument === 'limit' ? 'list' : 'checkout'
      const lock = action === 'list' ? {} : { file_path: '/a.ts' }
      const { message } = await t.refused('memory_file_lock', action, { ...lock, [argument]: given })
      expect(message).toContain(argument)
    }),
  )

  test.each([
    [['a', null, ''], ['a']],
    [[''], []],
    [
      [['a'], ['b']],
      ['a', 'b'],
    ],
    [
      [{ name: 'a' }, { tag: '#b' }],
      ['a', 'b'],
    ],
  ])('tags: %j', (given, tags) =>
    withApp(async (t) => {
      expect(await t.call('memory_knowledge', 'add', add({ tags: given }))).toMatchObject({ tags })
    }),
  )

  test('one value in a list where no list is meant', () =>
    withApp(async (t) => {
      const { id } = await t.call('memory_knowledge', 'add', add({ name: ['n'], priority: [7] }))
      expect(await t.call('memory_knowledge', 'get', { id: [id] })).toMatchObject({ name: 'n', priority: 7 })
      const lock = await t.call('memory_file_lock', 'checkout', { file_path: ['/a.ts'] })
      expect(lock).toMatchObject({ locked: true, file_path: '/a.ts' })
    }))

  test.each(['/a.ts, /b.ts', '/a.ts\n/b.ts', '["/a.ts", "/b.ts"]', "['/a.ts', '/b.ts']", '/a.ts and /b.ts'])(
    'several files in one text: %j',
    (given) =>
      withApp(async (t) => {
        const locks = [{ file_path: '/a.ts' }, { file_path: '/b.ts' }]
        expect(await t.call('memory_file_lock', 'checkout', { file_paths: given })).toMatchObject({ locks })
      }),
  )

  test.each([
    ['memory_event', 'list', 'since_seq', 'since'],
    ['memory_knowledge', 'get', 'knowledge_id', 'id'],
    ['memory_scope', 'create', 'path', 'root_path'],
  ])('%s %s names what %s may mean', (tool, action, argument, meant) =>
    withApp(async (t) => {
      const { message } = await t.refused(tool, action, { [argument]: 'x' })
      expect(message).toContain(`Did you mean '${meant}'?`)
    }),
  )

  test.each<[given: unknown, text: string]>([
    [{ retries: 3, on: ['a'] }, '{\n  "retries": 3,\n  "on": [\n    "a"\n  ]\n}'],
    [[{ a: 1 }], '[\n  {\n    "a": 1\n  }\n]'],
    [['uses Stripe', 'owned by blue'], 'uses Stripe\nowned by blue'],
    [['one'], 'one'],
    [
      [
        { type: 'text', text: 'hello' },
        { type: 'text', text: 'there' },
      ],
      'hello\nthere',
    ],
    [{ type: 'text', text: 'hello' }, 'hello'],
  ])('a content that a client has read as JSON: %j', (given, text) =>
    withApp(async (t) => {
      expect(await t.call('memory_knowledge', 'add', add({ content: given, source: given }))).toMatchObject({
        content: text,
        source: text,
      })
      const entries = [{ name: 'of many', content: given }]
      await t.call('memory_knowledge', 'bulk_add', { entries })
      expect(await t.call('memory_knowledge', 'get', { name: 'of many' })).toMatchObject({ content: text })
      const { id } = await t.call('memory_scope', 'start', { scope_type: 'session', name: 's' })
      const turns = [{ role: 'user', content: given }]
      const said = await t.call('memory_scope', 'log', { session_id: id, turns })
      expect(said).toMatchObject({ entries: [{}] })
      const found = { scope_type: 'session', scope_id: id, inherit: false }
      expect(await t.call('memory_query', 'list', found)).toMatchObject({ entries: [{ content: text }] })
    }),
  )

  test.each<[given: unknown]>([[1.1], [true], [{}], [[]]])(
    'a content that may have been another text is refused: %j',
    (given) =>
      withApp(async (t) => {
        const { message } = await t.refused('memory_knowledge', 'add', add({ content: given }))
        expect(message).toContain('content')
      }),
  )

  test('the words of a question as a list; a list for one name or path says nothing', () =>
    withApp(async (t) => {
      await t.call('memory_knowledge', 'add', { name: 'plan', content: 'launch of the rocket' })
      expect(await t.call('memory_query', 'search', { query: ['rocket', 'launch'] })).toMatchObject({
        results: [{ name: 'plan' }],
      })
      await t.refused('memory_knowledge', 'add', { name: ['two', 'names'], content: 'c' })
      await t.refused('memory_file_lock', 'checkout', { file_path: ['/a.ts', '/b.ts'] })
    }))

  test('an agent with the blanks that a shell left around its name', () =>
    withApp(async (t) => {
      const lock = { file_path: '/a.ts' }
      const held = await t.call('memory_file_lock', 'checkout', { ...lock, agent_id: 'ann\n' })
      expect(held).toMatchObject({ agent_id: 'ann' })
      expect(await t.call('memory_file_lock', 'list', { agent_id: ' ann' })).toMatchObject({ locks: [{}] })
      await t.call('memory_file_lock', 'checkin', { ...lock, agent_id: ' ann ' })
      expect(await t.call('memory_file_lock', 'checkout', { ...lock, agent_id: '  ' })).toMatchObject({
        agent_id: 'tester',
      })
    }))

  test('an object that holds nothing as a list', () =>
    withApp(async (t) => {
      const entry = await t.call('memory_knowledge', 'add', add({ metadata: [] }))
      expect(entry).toMatchObject({ metadata: {} })
      await t.call('memory_tool', 'add', add({ parameters: [] }))
      await t.call('memory_guideline', 'add', add({ examples: [] }))
      await t.refused('memory_knowledge', 'add', { name: 'm', content: 'c', metadata: ['x'] })
    }))

  test('a number with its thousands apart', () =>
    withApp(async (t) => {
      expect(await t.call('memory_query', 'context', { token_budget: '2,000' })).toHaveProperty('tokens')
    }))

  test.each(['{%}', '<%>', '[%]', '“%”', 'id: %', 'urn:uuid:%', '(`%`)'])('an id as %s', (form) =>
    withApp(async (t) => {
      const { id } = await t.call('memory_knowledge', 'add', add({}))
      expect(await t.call('memory_knowledge', 'get', { id: form.replace('%', String(id)) })).toMatchObject({
        id,
      })
    }),
  )

  test.each(['organization', 'ORG', '"org"'])('the listed word org as %s', (word) =>
    withApp(async (t) => {
      expect(await t.call('memory_scope', 'create', { scope_type: word, name: 'acme' })).toMatchObject({
        scope_type: 'org',
      })
    }),
  )

  test('a text in place of a turn is what was said', () =>
    withApp(async (t) => {
      const { id } = await t.call('memory_scope', 'start', { scope_type: 'session', name: 's' })
      const said = { session_id: id, turns: ['hello', 'there'] }
      expect(await t.call('memory_scope', 'log', said)).toMatchObject({ entries: [{}, {}] })
      await t.refused('memory_scope', 'log', { session_id: id, turns: '[{"content": "cut o' })
    }))
})

describe('names of arguments', () => {
  test.each(['base-version', 'Base_Version', 'BASE_VERSION', 'Base Version'])('%s', (name) =>
    withApp(async (t) => {
      await t.call('memory_knowledge', 'add', add({}))
      const given = { name: 'n', content: 'd', [name]: 1 }
      expect(await t.call('memory_knowledge', 'update', given)).toMatchObject({ version: 2 })
    }),
  )

  test.each([
    ['memory_query', 'search', 'keywords', 'query'],
    ['memory_query', 'search', 'search_query', 'query'],
    ['memory_knowledge', 'add', 'note', 'content'],
    ['memory_knowledge', 'add', 'labels', 'tags'],
    ['memory_voting', 'record_vote', 'choice', 'vote_value'],
    ['memory_file_lock', 'status', 'files', 'file_path'],
    ['memory_relation', 'create', 'source_id', 'from_id'],
    ['memory_relation', 'create', 'target_entry_id', 'to_id'],
  ])('%s %s: %s is answered with %s', (tool, action, given, meant) =>
    withApp(async (t) => {
      const { message } = await t.refused(tool, action, { [given]: 'x' })
      expect(message).toContain(`Did you mean '${meant}'?`)
    }),
  )

  test('inside of entries too', () =>
    withApp(async (t) => {
      const entries = [{ title: 'n', text: 'c' }]
      const { message } = await t.refused('memory_knowledge', 'bulk_add', { entries })
      expect(message).toContain("Did you mean 'name'?")
      expect(message).toContain("Did you mean 'content'?")
    }))
})

describe('a scope by its name', () => {
  test('where the id belongs', () =>
    withApp(async (t) => {
      const { id } = await t.call('memory_scope', 'create', { scope_type: 'project', name: 'frontend' })
      const scope = { scope_type: 'project', scope_id: 'frontend' }
      expect(await t.call('memory_knowledge', 'add', add(scope))).toMatchObject({ scope_id: id })
      expect(await t.call('memory_knowledge', 'list', scope)).toMatchObject({ scope_id: id })
    }))

  test('that several have is not guessed', () =>
    withApp(async (t) => {
      for (const org_name of ['a', 'b']) {
        const org = await t.call('memory_scope', 'create', { scope_type: 'org', name: org_name })
        await t.call('memory_scope', 'create', { scope_type: 'project', name: 'app', org_id: org['id'] })
      }
      const refused = await t.refused('memory_knowledge', 'list', { scope_type: 'project', scope_id: 'app' })
      expect(refused.name).toBe('INVALID_SCOPE')
    }))

  test('with a slip is answered with the nearest', () =>
    withApp(async (t) => {
      await t.call('memory_scope', 'create', { scope_type: 'project', name: 'frontend' })
      const by = [{ scope_id: 'frontent' }, { name: 'Frontent' }]
      for (const given of by) {
        const { suggestion } = await t.refused('memory_scope', 'get', { scope_type: 'project', ...given })
        expect(suggestion).toContain("'frontend'")
      }
    }))
})

test.each([
  [true, 'True'],
  [false, 'FALSE'],
  [null, 'null'],
  [null, 'None'],
  [['a'], "['a']"],
  ['A', ' A '],
  ['\u00c5', 'A\u030a'],
])('the votes %j and %j are one', (one, other) =>
  withApp(async (t) => {
    for (const [agent_id, vote_value] of [
      ['u', one],
      ['v', other],
    ])
      await t.call('memory_voting', 'record_vote', { task_id: 't', agent_id, vote_value })
    const asked = { task_id: 't', quorum: 2 }
    expect(await t.call('memory_voting', 'get_consensus', asked)).toMatchObject({ has_consensus: true })
  }),
)

// The check of arguments passes over that key: what stood under it was lost, and the call well done.
test.each([
  ['memory_knowledge', 'add', { name: 'n', content: 'c', metadata: LOST }],
  ['memory_knowledge', 'add', { name: 'n', content: 'c', metadata: JSON.stringify(LOST) }],
  ['memory_tool', 'add', { name: 'n', content: 'c', parameters: LOST }],
  ['memory_knowledge', 'bulk_add', { entries: [{ name: 'n', content: 'c', metadata: LOST }] }],
  ['memory_knowledge', 'bulk_add', { entries: [JSON.parse('{"name":"n","__proto__":{"content":"c"}}')] }],
])('%s %s refuses a key __proto__', (tool, action, args) =>
  withApp(async (t) => {
    expect(await t.refused(tool, action, args)).toMatchObject({
      code: 'E1004',
      message: expect.stringContaining('__proto__'),
    })
    expect(await t.call(tool, 'list', {})).toMatchObject({ entries: [] })
  }),
)

test.each([
  ['memory_knowledge', 'add', { name: '', content: 'c' }, 'name: must not be empty'],
  ['memory_knowledge', 'bulk_add', { entries: [] }, 'entries: must not be empty'],
  ['memory_knowledge', 'list', { limit: 0 }, 'limit: Too small'],
])('%s %s says of what is empty that it must not be: %j', (tool, action, args, message) =>
  withApp(async (t) => {
    expect(await t.refused(tool, action, args)).toMatchObject({ message: expect.stringContaining(message) })
  }),
)

// Read as a number of JavaScript each of these became another one, and the two votes one.
const ROUNDED = '12345678901234567891'
const asSent: (json: string) => object = JSON.parse
test.each([
  [
    'memory_knowledge',
    'add',
    { name: 'n', content: 'c', metadata: asSent(`{"guild":{"ids":[${ROUNDED}]}}`) },
  ],
  ['memory_knowledge', 'add', { name: 'n', content: 'c', metadata: `{"id":${ROUNDED}}` }],
  ['memory_knowledge', 'add', { name: 'n', content: 'c', metadata: asSent('{"n":1e400}') }],
  ['memory_tool', 'add', { name: 'n', content: 'c', parameters: asSent(`{"maximum":-${ROUNDED}}`) }],
  ['memory_tool', 'add', { name: 'n', content: 'c', examples: [asSent(`{"id":${ROUNDED}}`)] }],
  [
    'memory_knowledge',
    'bulk_add',
    { entries: [{ name: 'n', content: 'c', metadata: asSent(`{"n":${ROUNDED}}`) }] },
  ],
])('%s %s refuses a number that it would round: %j', (tool, action, args) =>
  withApp(async (t) => {
    expect(await t.refused(tool, action, args)).toMatchObject({
      code: 'E1004',
      message: expect.stringContaining('send it as a text'),
    })
    expect(await t.call(tool, 'list', {})).toMatchObject({ entries: [] })
  }),
)

test.each([
  ['memory_knowledge', 'add', { name: asSent(ROUNDED), content: 'c' }],
  ['memory_knowledge', 'add', { name: 'n', content: asSent(`{"id":${ROUNDED}}`) }],
  ['memory_knowledge', 'add', { name: 'n', content: 'c', tags: [asSent(ROUNDED)] }],
  ['memory_voting', 'record_vote', { task_id: asSent(ROUNDED), vote_value: 1 }],
  ['memory_voting', 'list_votes', { task_id: 't', agent_id: asSent(ROUNDED) }],
])('%s %s takes no name or text that has lost digits: %j', (tool, action, args) =>
  withApp(async (t) => {
    expect(await t.refused(tool, action, args)).toMatchObject({ code: 'E1004' })
  }),
)

test('numbers that JSON keeps are kept, and so are the digits of a text', () =>
  withApp(async (t) => {
    const metadata = { most: Number.MAX_SAFE_INTEGER, part: 0.1, float: 3.4028234663852886e38, id: ROUNDED }
    const { id } = await t.call<{ id: string }>('memory_knowledge', 'add', {
      name: 'n',
      content: 'c',
      metadata,
    })
    expect(await t.call('memory_knowledge', 'get', { id })).toMatchObject({ metadata })
  }))

test('two votes that differ in their last digit are two', () =>
  withApp(async (t) => {
    const vote = (agent_id: string, vote_value: unknown) => ({ task_id: 't', agent_id, vote_value })
    for (const value of [ROUNDED, ROUNDED.replace(/.$/, '0')])
      await t.call('memory_voting', 'record_vote', vote(value, value))
    expect(await t.call('memory_voting', 'get_consensus', { task_id: 't' })).toMatchObject({ values: 2 })
    for (const value of [JSON.parse(ROUNDED), { n: JSON.parse(ROUNDED) }, [Number.POSITIVE_INFINITY]])
      expect(await t.refused('memory_voting', 'record_vote', vote('v', value))).toMatchObject({
        message: expect.stringContaining('send it as a text'),
      })
  }))

test('a vote, and what lies deeper in metadata, keeps it', () =>
  withApp(async (t) => {
    const vote = await t.call('memory_voting', 'record_vote', {
      task_id: 't',
      agent_id: 'a',
      vote_value: LOST,
    })
    expect(JSON.stringify(vote)).toContain('__proto__')
    const entry = await t.call('memory_knowledge', 'add', add({ metadata: { deep: LOST } }))
    expect(JSON.stringify(entry)).toContain('__proto__')
  }))
