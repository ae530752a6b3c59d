import { expect, test } from 'vitest'
import { confused } from '../checker.ts'
import { modelTests } from '../planted.ts'
import { cacheMistakes, cacheSearches } from './searches.ts'

modelTests('cache model', { searches: cacheSearches, mistakes: cacheMistakes })

test('cache model: states of one key are alike', () => {
  const [{ model } = expect.fail()] = cacheSearches.filter(({ name }) =>
    name.endsWith('replies on their way'),
  )
  expect(confused(model, 20_000)).toBeNull()
})
