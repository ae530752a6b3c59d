import { expect, test } from 'vitest'
import { standingAmong } from '../../src/domain/entries/in-force.ts'
import { fuseRanks } from '../../src/domain/reading/search.ts'

test('one list keeps its order, scores fall from 1', () => {
  const ranked = fuseRanks([{ weight: 1, ids: ['a', 'b', 'c'] }])
  expect(ranked.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  expect(ranked[0]?.score).toBe(1)
  expect(ranked[1]?.score).toBeCloseTo(61 / 62, 5)
})

test('what two lists agree on comes before what one of them has first', () => {
  const lists = [
    { weight: 1, ids: ['only-a', 'both'] },
    { weight: 1, ids: ['only-b', 'both'] },
  ]
  expect(fuseRanks(lists).map(({ id }) => id)).toEqual(['both', 'only-a', 'only-b'])
})

test('a list of more weight decides', () => {
  const lists = [
    { weight: 1, ids: ['light'] },
    { weight: 2, ids: ['heavy'] },
  ]
  expect(fuseRanks(lists).map(({ id }) => id)).toEqual(['heavy', 'light'])
})

test('of one name in a chain the nearest is read, and says what it hides, nearest first', () => {
  const named = (id: string, scopeId: string) => ({ id, type: 'knowledge', name: 'n', scopeId })
  const [near, middle, far] = [named('1', 'session'), named('2', 'project'), named('3', 'global')]
  const standing = standingAmong([far, near, middle], ['session', 'project', 'global'])
  expect(standing(near)).toEqual({ isHidden: false, overrides: [middle, far] })
  expect(standing(middle)).toEqual({ isHidden: true, overrides: [far] })
  expect(standing({ ...near, type: 'tool' })).toEqual({ isHidden: false, overrides: [] })
  expect(standing(named('4', 'elsewhere'))).toEqual({ isHidden: false, overrides: [] })
})
