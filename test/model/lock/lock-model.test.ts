import { expect, test } from 'vitest'
import { confused } from '../checker.ts'
import { modelTests } from '../planted.ts'
import { lockMistakes, lockSearches } from './searches.ts'

modelTests('lock model', { searches: lockSearches, mistakes: lockMistakes })

test.each(lockSearches.filter(({ name }) => ['two paths', 'a release that arrives late'].includes(name)))(
  'lock model: states of one key are alike: $name',
  ({ model }) => {
    expect(confused(model, 30_000)).toBeNull()
  },
)
