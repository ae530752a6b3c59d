import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyCharacter } from '../support/any-character.ts'
import { type TestApp, withApp } from '../support/app.ts'
import { expectNews } from '../support/redis-env.ts'

interface Result {
  readonly id: string
  readonly name: string
  readonly content: string
  readonly score: number
  readonly snippet: string
}

type Answer = { results: Result[]; next_cursor?: string; served_from: string }

const search = (t: TestApp, args: object) => t.call<Answer>('memory_query', 'search', { ...args })
const names = async (t: TestApp, args: object) => (await search(t, args)).results.map((result) => result.name)
const add = (t: TestApp, name: string, content: string, more: object = {}) =>
  t.call<{ id: string; updated_at: string }>('memory_knowledge', 'add', { name, content, ...more })

describe('words', () => {
  test('are found in any form, without regard to case and accents, the best first', () =>
    withApp(async (t) => {
      await add(t, 'one', 'The cache invalidates entries when a lock expires')
      await add(t, 'two', 'A café keeps its résumé in the drawer')
      await add(t, 'three', 'Locks, locking and more locks: cache the locked lock')
      expect(await names(t, { query: 'expired LOCKS' })).toEqual(['one', 'three'])
      expect(await names(t, { query: 'cafe resume' })).toEqual(['two'])
      expect(await names(t, { query: 'What is in the drawer?' })).toEqual(['two'])
      expect(await names(t, { query: 'nowhere' })).toEqual([])
    }))

  test('count more in the name and in tags than in the text', () =>
    withApp(async (t) => {
      await add(t, 'text', 'We talk about deployment here and there at some length, among other things')
      await add(t, 'tag', 'Something else of about the same length, among other things and so on', {
        tags: ['deployment'],
      })
      await add(t, 'deployment', 'Something else of about the same length, among other things and so on')
      expect(await names(t, { query: 'deployment' })).toEqual(['deployment', 'tag', 'text'])
    }))

  test('own fields are found too', () =>
    withApp(async (t) => {
      await t.call('memory_tool', 'add', { name: 'tests', content: 'run them', command: 'npm run zebra' })
      await t.call('memory_guideline', 'add', {
        name: 'rule',
        content: 'x',
        rationale: 'because of giraffes',
      })
      expect(await names(t, { query: 'zebra' })).toEqual(['tests'])
      expect(await names(t, { query: 'giraffe' })).toEqual(['rule'])
    }))

  test('of the stop list alone find nothing', () =>
    withApp(async (t) => {
      await add(t, 'hamlet', 'to be or not to be')
      expect(await names(t, { query: 'to be or not' })).toEqual([])
    }))
})

describe('exact identifiers', () => {
  const texts = {
    path: 'The token check is in src/auth/jwt.ts since May',
    'path parts': 'src has an auth folder; jwt is used; ts files',
    camel: 'Call getUserById before anything else',
    'camel parts': 'get the user, then sort by id',
    code: 'It answers E2002 on a conflict',
    snake: 'Set foo_bar-baz to true',
    package: 'Install @scope/pkg first',
    version: 'Broken since v1.2.3 of it',
  }
  test.each([
    ['src/auth/jwt.ts', 'path'],
    ['getUserById', 'camel'],
    ['E2002', 'code'],
    ['e2002', 'code'],
    ['foo_bar-baz', 'snake'],
    ['@scope/pkg', 'package'],
    ['v1.2.3', 'version'],
    ['jwt.ts', 'path'],
  ])('%s is found, and first', (query, name) =>
    withApp(async (t) => {
      for (const [key, text] of Object.entries(texts)) await add(t, key, text)
      expect((await names(t, { query }))[0]).toBe(name)
    }),
  )

  test('are found by the words inside them', () =>
    withApp(async (t) => {
      await add(t, 'camel', 'Call getUserById before anything else')
      expect(await names(t, { query: 'user id' })).toEqual(['camel'])
    }))
})

test.each([
  ['東京タワーに行きました', '東京'],
  ['東京タワーに行きました', 'タワー'],
  ['缓存失效时读取数据库', '数据库'],
  ['캐시를 무효화합니다', '캐시'],
  ['ฐานข้อมูลอยู่ที่นี่', 'ข้อมูล'],
  ['猫がいる', '猫'],
])('unspaced text: %s holds %s', (content, query) =>
  withApp(async (t) => {
    await add(t, 'other', 'nothing of the kind')
    await add(t, 'here', content)
    expect(await names(t, { query })).toEqual(['here'])
  }),
)

describe('filters', () => {
  test('types, tags, priority and time', () =>
    withApp(async (t) => {
      await add(t, 'a', 'word', { tags: ['x'], priority: 10 })
      const late = await add(t, 'b', 'word', { tags: ['x', 'y'], priority: 90 })
      await t.call('memory_guideline', 'add', { name: 'g', content: 'word' })
      const found = async (args: object) => (await names(t, { query: 'word', ...args })).sort()
      expect(await found({})).toEqual(['a', 'b', 'g'])
      expect(await found({ types: ['guideline'] })).toEqual(['g'])
      expect(await found({ tags: { include: ['x'] } })).toEqual(['a', 'b'])
      expect(await found({ tags: { exclude: ['y'] } })).toEqual(['a', 'g'])
      expect(await found({ min_priority: 50 })).toEqual(['b', 'g'])
      expect(await found({ updated_after: late.updated_at })).not.toContain('a')
    }))

  test('inactive entries and those outside their validity are out; as_of moves the instant', () =>
    withApp(async (t) => {
      const past = { valid_from: '2020-01-01T00:00:00Z', valid_until: '2021-01-01T00:00:00Z' }
      await add(t, 'past', 'word', past)
      await add(t, 'future', 'word', { valid_from: '2999-01-01T00:00:00Z' })
      const gone = await add(t, 'gone', 'word')
      await t.call('memory_knowledge', 'deactivate', { id: gone.id })
      await add(t, 'now', 'word')
      expect(await names(t, { query: 'word' })).toEqual(['now'])
    }))

  test('a nearer entry hides the wider one of its name and says so', () =>
    withApp(async (t) => {
      const wide = await add(t, 'n', 'word of old', { scope_type: 'global' })
      await add(t, 'other', 'word too', { scope_type: 'global' })
      await add(t, 'n', 'word of new')
      const { results } = await search(t, { query: 'word' })
      expect(results.map((result) => result.content).sort()).toEqual(['word of new', 'word too'])
      expect(results.find((result) => result.name === 'n')).toMatchObject({ overrides: [{ id: wide.id }] })
      expect(await names(t, { query: 'word', inherit: false })).toEqual(['n'])
    }))

  test("sessions are searched by themselves, and the project's unless that is not wanted", () =>
    withApp(async (t) => {
      const session = await t.call<{ id: string }>('memory_scope', 'start', { name: 's' })
      await t.call('memory_scope', 'log', { session_id: session.id, turns: [{ content: 'a word was said' }] })
      await add(t, 'p', 'word of the project')
      expect(await names(t, { query: 'word', include_sessions: false })).toEqual(['p'])
      expect((await names(t, { query: 'word' })).sort()).toEqual(['p', 'turn-000001'])
      const inSession = { query: 'word', scope_type: 'session', scope_id: session.id }
      expect((await names(t, inSession)).sort()).toEqual(['p', 'turn-000001'])
    }))
})

test('turns that are found bring those around them, in order, as far as they are wanted', () =>
  withApp(async (t) => {
    const { id: session_id } = await t.call<{ id: string }>('memory_scope', 'start', { name: 's' })
    const said = ['one', 'two', 'the walrus', 'four', 'five']
    const turns = said.map((content) => ({ content, speaker: 'Ada', at: '2026-05-01T10:00:00Z' }))
    await t.call('memory_scope', 'log', { session_id, turns })
    await add(t, 'fact', 'A walrus is large')
    const found = async (args: object) => {
      const { results } = await t.call('memory_query', 'search', { query: 'walrus', ...args })
      return results.map(({ type, around }) => [type, around?.map(({ content }) => content)])
    }
    expect(await found({})).toContainEqual(['observation', undefined])
    const around = await found({ turns_around: 1 })
    expect(around).toContainEqual(['observation', ['two', 'four']])
    expect(around).toContainEqual(['knowledge', undefined])
    expect(await found({ turns_around: 5 })).toContainEqual(['observation', ['one', 'two', 'four', 'five']])
    const everywhere = await t.call('memory_query', 'search', {
      ...{ query: 'walrus', everywhere: true, turns_around: 1, types: ['observation'] },
    })
    expect(everywhere.results[0]?.around?.[0]).toMatchObject({ speaker: 'Ada', content: 'two' })
  }))

describe('as_of', () => {
  test('reads what was stored at that instant', () =>
    withApp(async (t) => {
      const first = await add(t, 'n', 'the elephant rule')
      await new Promise((resolve) => setTimeout(resolve, 5))
      await t.call('memory_knowledge', 'update', { id: first.id, content: 'the tiger rule' })
      await new Promise((resolve) => setTimeout(resolve, 5))
      await add(t, 'later', 'an elephant came later')
      const then = { as_of: first.updated_at }
      expect((await search(t, { query: 'elephant', ...then })).results).toMatchObject([
        { id: first.id, content: 'the elephant rule', version: 1 },
      ])
      expect(await names(t, { query: 'tiger', ...then })).toEqual([])
      expect(await names(t, { query: 'tiger' })).toEqual(['n'])
      expect(await names(t, { query: 'elephant' })).toEqual(['later'])
    }))
})

describe('as_of, where names meet', () => {
  const pause = () => new Promise((resolve) => setTimeout(resolve, 5))

  test('an entry hidden then is hidden, whatever the nearer one said; what was deleted since is gone', () =>
    withApp(async (t) => {
      await add(t, 'n', 'the elephant rule', { scope_type: 'global' })
      const nearer = await add(t, 'n', 'nothing of the kind')
      const gone = await add(t, 'gone', 'an elephant')
      await pause()
      const then = { query: 'elephant', as_of: new Date().toISOString() }
      expect(await names(t, then)).toEqual(['gone'])
      await pause()
      await t.call('memory_knowledge', 'deactivate', { id: nearer.id })
      await t.call('memory_knowledge', 'delete', { id: gone.id })
      expect(await names(t, then)).toEqual([])
      expect(await names(t, { query: 'elephant' })).toEqual(['n'])
    }))

  test('an entry that was not yet there hides nothing then', () =>
    withApp(async (t) => {
      const wide = await add(t, 'n', 'the elephant rule', { scope_type: 'global' })
      await pause()
      await add(t, 'n', 'the elephant rule of this project')
      const past = await search(t, { query: 'elephant', as_of: wide.updated_at })
      expect(past.results.map(({ id }) => id)).toEqual([wide.id])
      const { results } = await search(t, { query: 'elephant' })
      expect(results).toMatchObject([{ overrides: [{ id: wide.id, scope_type: 'global', scope_id: null }] }])
    }))
})

describe('pages', () => {
  test('are full, however many of the best finds are hidden by a nearer entry', () =>
    withApp(async (t) => {
      const hidden = Array.from({ length: 60 }, (_, n) => ({ name: `h${n}`, content: 'elephant' }))
      const open = Array.from({ length: 12 }, (_, n) => ({
        name: `o${n}`,
        content: 'some text with an elephant',
      }))
      const wide = { scope_type: 'global' }
      await t.call('memory_knowledge', 'bulk_add', { entries: [...hidden, ...open], ...wide })
      const other = hidden.map(({ name }) => ({ name, content: 'nothing' }))
      await t.call('memory_knowledge', 'bulk_add', { entries: other })
      const first = await search(t, { query: 'elephant', limit: 10 })
      expect(first.results).toHaveLength(10)
      const second = await search(t, { query: 'elephant', limit: 10, cursor: first.next_cursor })
      expect(second.results).toHaveLength(2)
      expect(second.next_cursor).toBeUndefined()
    }))

  test('follow each other without gap or repeat', () =>
    withApp(async (t) => {
      const entries = Array.from({ length: 25 }, (_, n) => ({
        name: `n${n}`,
        content: `word ${'filler '.repeat(n)}`,
      }))
      await t.call('memory_knowledge', 'bulk_add', { entries })
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await search(t, { query: 'word', limit: 10, cursor })
        seen.push(...page.results.map((result) => result.name))
        cursor = page.next_cursor
      } while (cursor)
      expect(new Set(seen).size).toBe(25)
      expect(seen).toHaveLength(25)
    }))

  test('a cursor of another search is refused', () =>
    withApp(async (t) => {
      const entries = Array.from({ length: 3 }, (_, n) => ({ name: `n${n}`, content: 'word other' }))
      await t.call('memory_knowledge', 'bulk_add', { entries })
      const { next_cursor: cursor } = await search(t, { query: 'word', limit: 1 })
      const refused = await t.refused('memory_query', 'search', { query: 'other', limit: 1, cursor })
      expect(refused).toMatchObject({ name: 'INVALID_PARAMETER' })
    }))
})

test('who holds more of the question scores higher, snippets show the words', () =>
  withApp(async (t) => {
    await add(
      t,
      'long',
      `${'nothing here. '.repeat(60)}At last the walrus appears with a 🦭 seal. ${'more. '.repeat(60)}`,
    )
    await add(t, 'short', 'walrus')
    const { results } = await search(t, { query: 'walrus seal' })
    expect(results).toHaveLength(2)
    const long = results.find((result) => result.name === 'long')
    const short = results.find((result) => result.name === 'short')
    expect(long?.score).toBeGreaterThan(short?.score ?? 1)
    expect(long?.snippet).toMatch(/walrus appears/)
    expect([...(long?.snippet ?? '')].length).toBeLessThanOrEqual(202)
  }))

test('repeated searches come from the cache, and see every write', () =>
  withApp(async (t) => {
    await add(t, 'a', 'word')
    expect(await search(t, { query: 'word' })).toMatchObject({ served_from: 'database' })
    expect(await search(t, { query: 'word' })).toMatchObject({ served_from: 'l1' })
    await add(t, 'b', 'word')
    expect((await search(t, { query: 'word' })).results).toHaveLength(2)
    const other = await t.secondApp()
    await add(other, 'c', 'word')
    await expectNews(async () => (await search(t, { query: 'word' })).results.length, 3)
  }))

describe('hostile queries', () => {
  test.each([
    '"a',
    'NEAR/',
    '*',
    'a*',
    'name:x',
    'a AND',
    'OR',
    'NOT',
    '(',
    ')',
    '^a',
    '-a',
    '+',
    '{a b}',
    'a"b"c',
    "';--",
    '\0',
    '\ud800',
    'NEAR(a b, 2)',
    '🦭',
    '\\',
    '%',
    '_',
  ])('%j is data', (query) =>
    withApp(async (t) => {
      await add(t, 'a', 'a plain text with near and not')
      expect(Array.isArray((await search(t, { query })).results)).toBe(true)
    }),
  )

  test('20,000 characters are searched, more are refused; nothing at all is refused', () =>
    withApp(async (t) => {
      await add(t, 'a', 'needle')
      expect(await names(t, { query: `needle ${'hay '.repeat(4_998)}` })).toEqual(['a'])
      expect((await t.refused('memory_query', 'search', { query: 'x'.repeat(20_001) })).name).toBe(
        'TOO_LARGE',
      )
      expect((await t.refused('memory_query', 'search', { query: '  ' })).name).toBe('INVALID_PARAMETER')
      expect((await t.refused('memory_query', 'search', {})).name).toBe('MISSING_FIELD')
      expect((await t.refused('memory_query', 'search', { query: 'a', mode: 'telepathic' })).name).toBe(
        'INVALID_PARAMETER',
      )
    }))

  test('no text breaks a search, and a word put among any text is found', () =>
    withApp(async (t) => {
      await fc.assert(
        fc.asyncProperty(
          fc.string({ unit: anyCharacter, maxLength: 60 }),
          fc.stringMatching(/^[a-z]{9,14}$/),
          async (noise, word) => {
            await search(t, { query: `${noise}x` })
            const text = noise.toWellFormed().replaceAll('\0', '')
            await add(t, `n ${word}`, `${text} ${word} ${text}`, { upsert: true })
            expect(await names(t, { query: word })).toContain(`n ${word}`)
          },
        ),
        { numRuns: 60 },
      )
    }))
})

describe('another language', () => {
  test.each([
    ['Wo liegt der Schlüssel zum Lager?', 'warehouse'],
    ['¿dónde guardamos las facturas?', 'invoices'],
    ['como faço login sem senha', 'login'],
    ['где хранятся счета', 'invoices'],
    ['バックアップはどこにありますか', 'backups'],
    ['数据库备份在哪里', 'backups'],
    ['où est la sauvegarde ?', 'backups'],
  ])('%s finds %s', (query, name) =>
    withApp(async (t) => {
      await add(t, 'warehouse', 'The warehouse key hangs behind the counter.')
      await add(t, 'invoices', 'Invoices are kept in the green binder for ten years.')
      await add(t, 'login', 'People sign in with a passkey; login without a password is the default.')
      await add(t, 'backups', 'The database backup lies in the second region.')
      expect((await names(t, { query }))[0]).toBe(name)
    }),
  )

  test('is found by an English question, but not by what it is in English', () =>
    withApp(async (t) => {
      await add(t, 'rechnung', 'Die Rechnung geht am Ersten des Monats an den Kunden.')
      await add(t, 'gift', 'Das Gift steht im Schrank und ist verschlossen.')
      expect(await names(t, { query: 'when is the invoice sent' })).toEqual(['rechnung'])
      expect(await names(t, { query: 'poison' })).toEqual([])
    }))
})
