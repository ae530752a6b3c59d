import { expect, test } from 'vitest'
import { confused, type Model, search } from './checker.ts'

/** A pair of numbers; each may be counted up to 3. */
function counters(key: (state: readonly number[]) => string, promise?: string): Model<readonly number[]> {
  return {
    name: 'counters',
    initial: [0, 0],
    key,
    steps(state, emit) {
      state.forEach((count, place) => {
        const next = state.with(place, count + 1)
        const broken = next[0] === 2 && next[1] === 1 ? promise : undefined
        if (count < 3) emit(`count ${place}`, next, broken)
      })
    },
  }
}

test('every state is found once', () => {
  expect(search(counters(String), 16)).toMatchObject({ states: 16, steps: 24, depth: 6, violation: null })
})

test('the shortest way to a broken promise', () => {
  const { violation } = search(counters(String, 'never two and one'), 100)
  expect(violation).toEqual({ promise: 'never two and one', trace: ['count 0', 'count 0', 'count 1'] })
})

test('a search that would take for ever is given up', () => {
  expect(() => search(counters(String), 2)).toThrow('more than 2 states')
})

test('a key that leaves out what matters is found', () => {
  const promise = 'never two and one'
  expect(confused(counters(String, promise), 100)).toBeNull()
  const forgetful = counters(([first]) => String(first), promise)
  expect(confused(forgetful, 100)).not.toBeNull()
})
