import { expect, test } from 'vitest'
import { KnownVersions, reaches } from '../../src/coordination/known-versions.ts'

const stamp = (...pairs: [string, number][]) => new Map(pairs)

test('a key that was never learnt is unknown, not 0', () => {
  const known = new KnownVersions()
  known.merge(stamp(['a', 1]))
  expect(known.isCurrent(stamp(['a', 1]))).toBe(true)
  expect(known.isCurrent(stamp(['a', 1], ['b', 0]))).toBe(false)
  expect(known.floor(['a', 'b'])).toEqual(stamp(['a', 1]))
})

test('merging is by maximum', () => {
  const known = new KnownVersions()
  for (const version of [3, 5, 4, 5, 1]) known.merge(stamp(['a', version]))
  expect(known.floor(['a'])).toEqual(stamp(['a', 5]))
  expect(known.isCurrent(stamp(['a', 4]))).toBe(false)
  expect(known.isCurrent(stamp(['a', 6]))).toBe(true)
})

test('a stamp reaches a floor when it does in every key', () => {
  const floor = stamp(['a', 2], ['b', 1])
  expect(reaches(stamp(['a', 2], ['b', 1]), floor)).toBe(true)
  expect(reaches(stamp(['a', 9], ['b', 0]), floor)).toBe(false)
  expect(reaches(stamp(['a', 9]), floor)).toBe(false)
  expect(reaches(stamp(), stamp())).toBe(true)
})
