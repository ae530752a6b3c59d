import { describe, expect, test } from 'vitest'
import { withMeant } from '../../src/domain/words/asked/meant.ts'
import { questionOf } from '../../src/domain/words/asked/question.ts'
import { documentText, readDocument } from '../../src/domain/words/document.ts'
import { rankCandidates } from '../../src/domain/words/ranking/rank.ts'
import { StoredTerms } from '../../src/domain/words/ranking/stored-terms.ts'

/** Names of the texts that answer, best first: by words alone, as an index with all of them would. */
function found(query: string, texts: Readonly<Record<string, string>>): string[] {
  const rows = Object.entries(texts).map(([id, content]) => ({
    id,
    terms: new StoredTerms(documentText(readDocument({ name: '', tags: '', content, more: '' }), undefined)),
  }))
  const of = new Map<string, number>()
  for (const { terms } of rows)
    for (const term of new Set(terms.columns.flat())) of.set(term, (of.get(term) ?? 0) + 1)
  const startingWith = (letter: string) => [...of.keys()].filter((term) => term.startsWith(letter))
  const has = (term: string) => of.has(term)
  const isCommon = (text: string) => text === 'insurance'
  const question = withMeant(questionOf(query), { has, isCommon, startingWith })
  const rest = {
    likeness: null,
    likenessOfWords: null,
    meaning: null,
    likenessTo: () => null,
    updatedAt: '',
    group: '',
    distance: 0,
  }
  const candidates = rows.map((row) => ({ ...row, ...rest, turn: null }))
  const counts = { total: rows.length, of }
  return rankCandidates(question, candidates, { entries: counts, turns: counts }).map(({ id }) => id)
}

describe('a text is found by', () => {
  test.each([
    ['how do we deploy?', 'Deployments happen on Tuesdays with a blue-green switch.'],
    ['which database did we choose', 'We chose PostgreSQL because of its transactions.'],
    ['rebuilding it', 'It was rebuilt at night'],
    ['analysis of the index', 'Analyses of indices'],
    ['where do secrets live', 'All of it is in Doppler'],
    ['which db', 'We run PostgreSQL 16'],
    ['web hook', 'The webhook answers 200'],
    ['oauth 2', 'We use oauth2 for partners'],
    ['sha256', 'The SHA-256 of the file'],
    ['v10.1', 'Broken since 10.1'],
    ['9fceb02', 'fixed by commit 9fceb02d0ae598e95dc970b74767f19372d61af8'],
    ['9fceb02d0ae598e95dc970b74767f19372d61af8', 'see 9fceb02 for that'],
    ['e3b0c44298fc', 'the image is sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'see e3b0c44298fc for that'],
    ['log in', 'Passkeys are used for login'],
    ['athentication of harbor masters', 'Authentication is by passkey'],
    ['thortling', 'Throttling begins at 100 requests'],
    ['Wie werden Häuser gebaut', 'Das Haus wird im Sommer gebaut, und die Kosten sind nicht hoch'],
    ['migrations', 'Die Migrationen laufen nachts, wenn es ruhig ist und keine Kunden da sind'],
    ['правилам проекта', 'Правила проекта'],
    ['ΑΣΦΑΛΕΙΑ', 'ασφαλεια πρώτα'],
    ['INDEX', 'ındex'],
    ['शिक्षा के नियम', 'परियोजना के नियम'],
    ['ẹ̀kọ́', 'tuntun eko'],
    ['שלום', 'שָׁלוֹם עוֹלָם'],
    ['ﬁle', 'the file itself'],
    ['getUserById', 'call getUserById now'],
    ['user', 'call getUserById now'],
    ['jwt.ts', 'it is in src/auth/jwt.ts'],
    ['software bill of materials', 'Each image gets an SBOM'],
    ['who is on call', 'The pager goes to the next team on Monday'],
    ['a11y rules', 'People with impairments must reach everything'],
    ['サーバーの障害', 'The server had an outage'],
  ])('%s: %s', (query, text) => {
    expect(found(query, { other: 'Something else altogether', text })).toEqual(['text'])
  })

  test.each(['what is the', 'how do I', 'to be or not to be', '¿?', ''])('nothing for: %s', (query) => {
    expect(questionOf(query).words).toEqual([])
  })
})

test('a common word is no mistake of another one, and a short stem not two of them', () => {
  expect(found('insurance', { text: 'It must ensure that nothing is lost' })).toEqual([])
  expect(found('ensurance', { text: 'It must ensure that nothing is lost' })).toEqual(['text'])
  expect(found('unsurancee', { text: 'It must ensure that nothing is lost' })).toEqual([])
})

test('a text of many pages that has all words somewhere goes behind a short one about them', () => {
  const filler = Array.from({ length: 3_000 }, (_, n) => `filler${n % 700}`).join(' ')
  const long = `The pump of messages. ${filler} A thread reads. ${filler} Single.`
  const short = 'One single thread runs the message pump, so that order is kept.'
  expect(found('why does a single thread run the message pump', { long, short })[0]).toBe('short')
})

describe('of two that speak of the same', () => {
  test('the one goes first that states the later date', () => {
    const texts = {
      older: 'The queue runs on BullMQ with Redis. Chosen 2025-04-02 for its dashboard of jobs.',
      newer: '2025-09-18: the queue moved from BullMQ to pg-boss, jobs and dashboard with it.',
    }
    expect(found('which queue runs jobs', texts)[0]).toBe('newer')
    expect(found('dashboard of the queue of BullMQ', texts)[0]).toBe('newer')
  })
})
