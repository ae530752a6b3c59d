import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { queryTerms } from '../../src/domain/words/search-terms.ts'
import { anyCharacter } from '../support/any-character.ts'

describe('the terms of a query', () => {
  test.each<[string, string[]]>([
    ['What is the cache?', ['cache']],
    ['to be', ['to', 'be']],
    ["Caroline's café", ['caroline', 'café']],
    ['cache cache CACHE', ['cache']],
    ['src/auth/jwt.ts', ['src auth jwt ts', 'src', 'auth', 'jwt', 'ts']],
    ['getUserById', ['getuserbyid', 'get user by id']],
    ['HTTPServer', ['httpserver', 'http server']],
    ['東京都', ['東京', '京都']],
    ['猫', ['猫']],
    ['使用SQLite数据库', ['sqlite', 'sq lite', '使用', '数据', '据库']],
    ['"(*)" ^~ 🦭', []],
  ])('%s', (query, terms) => {
    expect(queryTerms(query)).toEqual(terms)
  })

  test('are never more than an index can bear, nor anything but letters, digits and spaces', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 6_000 }), (query) => {
        const terms = queryTerms(query)
        expect(terms.length).toBeLessThanOrEqual(48)
        for (const term of terms) expect(term).toMatch(/^[\p{L}\p{N}\p{Co}ー]+( [\p{L}\p{N}\p{Co}]+)*$/u)
      }),
      { numRuns: 50 },
    )
  })
})
