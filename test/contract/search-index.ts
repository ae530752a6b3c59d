import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Entry } from '../../src/domain/entries/entry.ts'
import type { Scope, ScopeType } from '../../src/domain/scope.ts'
import type { Database } from '../../src/store/database.ts'
import { deleteEntry, insertEntries, replaceEntry } from '../../src/store/entries/entries.ts'
import { insertScope } from '../../src/store/scopes/scopes.ts'
import type { SearchRequest } from '../../src/store/search/index.ts'
import { Store } from '../../src/store/store.ts'
import { anyCharacter } from '../support/any-character.ts'
import { anEntry, aScope } from '../support/entries.ts'

const NOW = '2026-06-01T00:00:00.000Z'
const ALL: Omit<SearchRequest, 'query'> = {
  scopeIds: ['global'],
  sessionsOf: [],
  types: ['guideline', 'knowledge', 'tool', 'observation'],
  tagsInclude: [],
  tagsExclude: [],
  minPriority: null,
  updatedAfter: null,
  updatedUntil: null,
  supersededIn: null,
  mode: 'hybrid',
  meaning: null,
  validAt: NOW,
  limit: 10,
}
/** More rows than any index may score for one query. */
const MANY = 4_000

/** What every search index must do, on a new and empty database each time. */
export function searchIndexContract(open: () => Promise<Database>): void {
  let store: Store

  beforeEach(async () => {
    store = new Store(await open(), 'contract')
  })
  afterEach(() => store.close())

  async function put(entries: readonly Partial<Entry>[], scope?: Scope): Promise<Entry[]> {
    const made = entries.map((entry) => anEntry(scope ? { ...entry, ...placeIn(scope) } : entry))
    await store.write(({ db }) => insertEntries(db, made, { scopeId: scope?.id ?? 'global' }))
    return made
  }
  const say = (texts: Readonly<Record<string, string>>, scope?: Scope) =>
    put(
      Object.entries(texts).map(([name, content]) => ({ name, content })),
      scope,
    )
  async function scopeBelow(type: ScopeType, parentId = 'global'): Promise<Scope> {
    const scope = aScope(type, parentId)
    await store.write(({ db }) => insertScope(db, scope))
    return scope
  }
  async function find(query: string, more: Partial<SearchRequest> = {}): Promise<string[]> {
    const hits = await store.snapshot((db) =>
      store.database.searchIndex.match(db, { ...ALL, query, ...more }),
    )
    return hits.map((hit) => hit.name)
  }

  describe('what is found', () => {
    test('any of the words, in any of their forms, the most telling rows first', async () => {
      await say({
        none: 'nothing of the kind',
        one: 'the cache was invalidated yesterday',
        both: 'a lock invalidates the cached answer',
      })
      expect(await find('caching locks')).toEqual(['both', 'one'])
      expect(await find('elsewhere')).toEqual([])
    })

    test('the name counts for more than a tag, and a tag for more than the text', async () => {
      const filler = 'some words of about the same length as all the others have'
      await put([
        { name: 'text', content: `walrus ${filler}` },
        { name: 'tagged', content: `nothing ${filler}`, tags: ['walrus'] },
        { name: 'walrus', content: `nothing ${filler}` },
      ])
      expect(await find('walrus')).toEqual(['walrus', 'tagged', 'text'])
    })

    test('of equals the newest first', async () => {
      // Names that the table of words does not know: by their vectors they are equal too.
      await say({ zzq1: 'walrus', zzq2: 'walrus', zzq3: 'walrus' })
      expect(await find('walrus')).toEqual(['zzq3', 'zzq2', 'zzq1'])
    })

    test('words of the stop list are not looked for', async () => {
      await say({ hamlet: 'to be or not to be', other: 'an elephant' })
      expect(await find('what is an elephant')).toEqual(['other'])
      expect(await find('to be or not')).toEqual([])
    })

    test('what was written last: an update, and nothing of what is deleted', async () => {
      const [before] = await say({ a: 'first walrus' })
      if (!before) throw new Error('not inserted')
      await store.write(({ db }) =>
        replaceEntry(db, before, { ...before, content: 'now a seal', version: 2 }),
      )
      expect([await find('walrus'), await find('seal')]).toEqual([[], ['a']])
      await store.write(({ db }) => deleteEntry(db, before))
      expect(await find('seal')).toEqual([])
    })

    test.each([
      'src/auth/jwt.ts',
      'getUserById',
      'E2002',
      'foo_bar-baz',
      '@scope/pkg',
      'v1.2.3',
      'C:\\Temp\\a.log',
    ])('the identifier %s before rows with its parts', async (identifier) => {
      const parts = identifier
        .split(/[^A-Za-z0-9]+|(?=[A-Z])|(?<=[A-Za-z])(?=\d)/)
        .filter((part) => part !== '')
      await say({
        parts: `${parts.toReversed().join(' and ')} too`,
        exact: `see (${identifier}), which stands here among other words of a longer text`,
      })
      expect((await find(identifier))[0]).toBe('exact')
    })

    test('text without spaces by any two of its characters, and accents either way', async () => {
      await say({
        japanese: '東京タワーに行きました',
        chinese: '缓存失效时读取数据库',
        korean: '캐시를무효화합니다',
        thai: 'ฐานข้อมูลอยู่ที่นี่',
        french: 'Le café crème',
      })
      expect(await find('タワー')).toEqual(['japanese'])
      expect(await find('数据库')).toEqual(['chinese'])
      expect(await find('무효')).toEqual(['korean'])
      expect(await find('ข้อมูล')).toEqual(['thai'])
      expect(await find('cafe CRÈME')).toEqual(['french'])
    })
  })

  describe('where it looks', () => {
    test('in the given scopes, and in the sessions of those that ask for it', async () => {
      const project = await scopeBelow('project')
      const session = await scopeBelow('session', project.id)
      await say({ wide: 'walrus' })
      await say({ near: 'walrus' }, project)
      await say({ said: 'walrus' }, session)
      const found = async (more: Partial<SearchRequest>) => (await find('walrus', more)).sort()
      expect(await found({})).toEqual(['wide'])
      expect(await found({ scopeIds: [project.id, 'global'] })).toEqual(['near', 'wide'])
      expect(await found({ scopeIds: [project.id], sessionsOf: [project.id] })).toEqual(['near', 'said'])
      expect(await found({ scopeIds: [session.id, project.id, 'global'] })).toEqual(['near', 'said', 'wide'])
    })

    test.each([
      [10, 5],
      [1_200, 5],
      [1_200, 0],
      [1_200, 1_198],
    ])(
      'what answers a question of a talk, without its words (%i turns, asked in the one of number %i)',
      async (count, at) => {
        const project = await scopeBelow('project')
        const session = await scopeBelow('session', project.id)
        const turns: Partial<Entry>[] = Array.from({ length: count }, (_, n) => ({
          name: `turn-${n}`,
          type: 'observation',
          content: `Filler number ${n} of the afternoon`,
        }))
        turns.splice(
          at,
          2,
          { ...turns[at], content: 'Which walrus did you see?' },
          { ...turns[at + 1], content: 'The old one.' },
        )
        await put(turns, session)
        expect((await find('walrus', { scopeIds: [session.id] })).slice(0, 2).sort()).toEqual([
          `turn-${at}`,
          `turn-${at + 1}`,
        ])
      },
    )

    test.each<[string, Partial<SearchRequest>, string[]]>([
      ['types', { types: ['guideline'] }, ['guideline']],
      ['tags', { tagsInclude: ['x', 'y'] }, ['x', 'xy']],
      ['no tags', { tagsExclude: ['y'] }, ['guideline', 'high', 'new', 'x']],
      ['priority', { minPriority: 80 }, ['high']],
      ['updated after', { updatedAfter: '2026-02-01T00:00:00.000Z' }, ['new']],
      ['updated until', { updatedUntil: '2026-02-01T00:00:00.000Z' }, ['guideline', 'high', 'x', 'xy']],
      ['validity', { validAt: '2020-06-01T00:00:00.000Z', tagsInclude: ['past'] }, ['past']],
    ])('only what fits: %s', async (_what, more, names) => {
      const shared = { content: 'walrus' }
      await put([
        { name: 'guideline', type: 'guideline', ...shared },
        { name: 'x', tags: ['x'], ...shared },
        { name: 'xy', tags: ['x', 'y'], ...shared },
        { name: 'high', priority: 80, ...shared },
        { name: 'new', updated_at: '2026-03-01T00:00:00.000Z', ...shared },
        { name: 'inactive', status: 'inactive', tags: ['x'], ...shared },
        { name: 'past', tags: ['past', 'y'], valid_until: '2021-01-01T00:00:00.000Z', ...shared },
        { name: 'future', tags: ['y'], valid_from: '2999-01-01T00:00:00.000Z', ...shared },
      ])
      expect((await find('walrus', more)).sort()).toEqual(names)
    })
  })

  describe('among very many rows', () => {
    const common = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`common ${n}`, `deploy it ${n}`]))

    test('a word that nearly all rows hold is found in a small scope', async () => {
      const project = await scopeBelow('project')
      await say({ here: 'deploy on Fridays', there: 'nothing' }, project)
      await say(common(MANY))
      expect(await find('deploy', { scopeIds: [project.id] })).toEqual(['here'])
    })

    test('a rare word decides', async () => {
      await say({ rare: 'the walrus rule', both: 'deploy the walrus' })
      await say(common(MANY))
      expect((await find('deploy walrus')).slice(0, 2).sort()).toEqual(['both', 'rare'])
    })

    test('beside a rare word a common one adds, and rows with only the common one fill the page', async () => {
      await say({ rare: 'the walrus rule', both: 'deploy the walrus' })
      await say(common(MANY))
      const found = await find('deploy walrus')
      expect(found.slice(0, 2)).toEqual(['both', 'rare'])
      expect(found).toHaveLength(10)
    })

    test('a common word adds to each row that a rarer one found, not only to the first of them', async () => {
      const texts = Array.from({ length: 120 }, (_, n) => [
        `row ${n}`,
        n === 60 ? 'deploy walrus' : 'some walrus',
      ])
      await say(common(MANY + 1_000))
      await say(Object.fromEntries(texts))
      expect((await find('deploy walrus'))[0]).toBe('row 60')
    })

    test('the few that pass the filters are found, however old, by a word that nearly all rows hold', async () => {
      await put([{ name: 'tagged', content: 'deploy', tags: ['x'] }])
      await say(common(MANY))
      expect(await find('deploy', { tagsInclude: ['x'] })).toEqual(['tagged'])
      expect(await find('deploy it now', { tagsInclude: ['x'] })).toEqual(['tagged'])
    })

    test('what holds only the commonest of several words is found where nothing else passes the filters', async () => {
      await put([{ name: 'tagged', content: 'deploy', tags: ['x'] }])
      const texts = Array.from({ length: MANY + 300 }, (_, n) => [
        `row ${n}`,
        n < 400 ? 'deploy walrus' : 'deploy release',
      ])
      await say(Object.fromEntries(texts))
      expect(await find('walrus release deploy', { tagsInclude: ['x'] })).toEqual(['tagged'])
    })

    test('a longer answer begins with the shorter one, each row once', async () => {
      await say({ rare: 'the walrus rule', both: 'deploy the walrus' })
      await say(common(MANY))
      for (const query of ['deploy', 'deploy walrus']) {
        const long = await find(query, { limit: 500 })
        expect(new Set(long).size).toBe(500)
        expect(await find(query, { limit: 30 })).toEqual(long.slice(0, 30))
      }
    })
  })

  describe('hostile queries', () => {
    const hostile = [
      '"a',
      'NEAR/',
      '*',
      'a*',
      'name:x',
      'a AND',
      '(',
      '^a',
      '-a',
      '{a b}',
      'a"b"c',
      "';--",
      '\\',
      '&|!',
      ':*',
    ]

    test('are data', async () => {
      await say({ a: 'a plain text with near and not' })
      for (const query of [...hostile, '\0', '\ud800', '🦭', '¿?¡!', '']) {
        expect(Array.isArray(await find(query)), query).toBe(true)
      }
      expect(await find(`needle ${'x'.repeat(20_000)}`)).toEqual([])
      expect(await find(Array.from({ length: 5_000 }, (_, n) => `plain${n}`).join(' '))).toEqual([])
    })

    test('whatever a text is, a word put into it is found', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.string({ unit: anyCharacter, maxLength: 80 }),
          fc.stringMatching(/^[a-z]{9,14}$/),
          async (noise, word) => {
            const text = noise.toWellFormed().replaceAll('\0', '')
            const [entry] = await put([{ content: `${text} ${word} ${text}` }])
            await find(noise)
            expect(await find(word, { limit: 1_000 })).toContain(entry?.name)
          },
        ),
        { numRuns: 50 },
      )
    })
  })
}

function placeIn(scope: Scope): Pick<Entry, 'scope_type' | 'scope_id'> {
  return { scope_type: scope.type, scope_id: scope.id }
}
