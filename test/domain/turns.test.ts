import { expect, test } from 'vitest'
import { type Logged, turnsAmong, withPassages } from '../../src/domain/words/turns.ts'

function turn(id: string, said: string, more: Partial<Logged> & { day?: string } = {}): Logged {
  const { day = '8 may 2023', ...rest } = more
  const columns = [
    [],
    [],
    said.toLowerCase().match(/\p{L}+/gu) ?? [],
    ['ada', 'session', 'log', ...day.split(' ')],
  ]
  return { id, scopeId: 's', type: 'observation', said, columns, ...rest }
}

/** The weights of what stands around, by its first word. */
function around(turns: readonly Logged[], id: string): Record<string, number> {
  const near = turnsAmong(turns, new Set()).get(id)?.around ?? []
  return Object.fromEntries(near.map(({ columns, weight }) => [columns[2]?.[0], weight]))
}

test('the nearer a turn the more it counts, and a question before its answer twice', () => {
  const plain = [turn('1', 'One.'), turn('2', 'Two.'), turn('3', 'Three.'), turn('4', 'Four.')]
  expect(around(plain, '3')).toEqual({ two: 0.4, one: 0.3, four: 0.3 })
  const asked = [turn('1', 'One.'), turn('2', 'Two?'), turn('3', 'Three.')]
  expect(around(asked, '3')).toEqual({ two: 0.8, one: 0.3 })
})

test('what was said on another day, or in another session, is not around', () => {
  expect(around([turn('1', 'One.', { day: '7 may 2023' }), turn('2', 'Two.')], '2')).toEqual({})
  expect(around([turn('1', 'One.', { scopeId: 'other' }), turn('2', 'Two.')], '2')).toEqual({})
})

test('a turn that ends with a question asks; the speaker that the question names said it', () => {
  const turns = turnsAmong([turn('1', 'One? Two.'), turn('2', 'Two ("now?")')], new Set(['ada']))
  expect([...turns.values()].map(({ isAsking }) => isAsking)).toEqual([false, true])
  expect(turns.get('1')?.isSaidByNamed).toBe(true)
})

test('a turn in the midst of others that answer gains by them', () => {
  const turns = turnsAmong([turn('1', 'One.'), turn('2', 'Two.'), turn('3', 'Three.')], new Set())
  const ranked = ['1', '2'].map((id) => ({ id, rank: 10, turn: turns.get(id) ?? null }))
  const [one] = withPassages(ranked)
  expect(one?.rank).toBeCloseTo(10.6)
  expect(withPassages([{ id: 'x', rank: 3, turn: null }])[0]?.rank).toBe(3)
})
