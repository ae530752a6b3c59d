import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SIMILAR_FROM, similarityTo } from '../../src/domain/words/ranking/similarity.ts'
import { anyCharacter } from '../support/any-character.ts'

const named = (content: string, name = 'a name') => ({ name, content })
const similarity = (a: { name: string; content: string }, b: { name: string; content: string }) =>
  similarityTo(a)(b)
const compare = (a: string, b: string) => similarity(named(a, 'one'), named(b, 'two'))

describe('nearly the same', () => {
  test.each([
    ['Never force-push to main.', 'never force push to main'],
    ['Always run the tests before committing.', 'Always run tests before you commit'],
    ['The API caches policies for five minutes.', 'Policies are cached by the API for five minutes'],
    [
      'Use two spaces of indentation in TypeScript files.',
      'In TypeScript files, use two spaces for indentation!',
    ],
    ['数据库连接池最多十个连接', '数据库的连接池最多十个连接'],
    ['src/auth/jwt.ts verifies the token with RS256.', 'src/auth/jwt.ts: verifies tokens with RS256'],
  ])('%s | %s', (a, b) => {
    expect(compare(a, b)).toBeGreaterThanOrEqual(SIMILAR_FROM)
  })
})

describe('not the same', () => {
  test.each([
    ['Use tabs.', 'Use spaces.'],
    ['Never use any in TypeScript.', 'Never use any in JavaScript.'],
    ['The API listens on port 8787.', 'The API listens on port 9090.'],
    ['Force push to main.', 'Do not force push to main, ever.'],
    ['Rule number 17 about nothing.', 'Rule number 18 about nothing.'],
    ['Run the tests.', 'Run the linter.'],
    ['ok', 'ok'],
    ['', ''],
    ['!!!', '!!!'],
    ['the and of to', 'the and of to'],
    ['数据库连接池最多十个连接', '前端使用浏览器缓存'],
  ])('%s | %s', (a, b) => {
    expect(compare(a, b)).toBeLessThan(SIMILAR_FROM)
  })
})

test('tiny texts differ by their names', () => {
  expect(similarity(named('ok', 'CI status'), named('ok', 'Deploy status'))).toBeLessThan(SIMILAR_FROM)
  expect(similarity(named('ok', 'CI status'), named('OK.', 'Status of the CI'))).toBe(1)
})

const sentence = fc
  .array(
    fc.constantFrom(
      ...'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda omikron sigma'.split(' '),
    ),
    {
      minLength: 1,
      maxLength: 40,
    },
  )
  .map((words) => words.join(' '))
const anyText = fc.oneof(sentence, fc.string({ unit: anyCharacter, maxLength: 60 }))

test('it is symmetric, between 0 and 1, and 1 for a text with words and itself', () => {
  const holds = (a: string, b: string) => {
    const value = compare(a, b)
    expect(value).toBe(similarity(named(b, 'two'), named(a, 'one')))
    expect(value).toBeGreaterThanOrEqual(0)
    expect(value).toBeLessThanOrEqual(1)
    expect(compare(`${a} omega`, `${a} omega`)).toBeGreaterThan(0)
    expect(similarity(named(`${a} omega`), named(`${a} omega`))).toBe(1)
  }
  fc.assert(fc.property(anyText, anyText, holds), { numRuns: 200 })
})
