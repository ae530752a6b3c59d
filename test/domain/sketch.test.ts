import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PROBES, sketchKeys, sketchOf, sketchProbes } from '../../src/domain/words/ranking/sketch.ts'
import { anyCharacter } from '../support/any-character.ts'

/** True when a search for `words` finds a text of `stored`. */
function finds(words: readonly string[], stored: readonly string[], place = 'p'): boolean {
  const [a, b] = sketchKeys(sketchOf(stored), 'p')
  const [probesA, probesB] = sketchProbes(sketchOf(words), [place])
  return (a !== null && probesA.includes(a)) || (b !== null && probesB.includes(b))
}

/** So many words of document `n`; two documents share none. */
const words = (n: number, count: number) => Array.from({ length: count }, (_, at) => `w${n}x${at}`)

/** Of 1,000 pairs with so many words in common and so many of their own, how many are found. */
function foundOf(common: number, own: number): number {
  let found = 0
  for (let n = 0; n < 1000; n++) {
    const shared = words(n, common)
    if (finds([...shared, ...words(n + 10_000, own)], [...shared, ...words(n + 20_000, own)])) found++
  }
  return found
}

test('the same words are always found, whatever their order and number', () => {
  const set = fc.uniqueArray(fc.string({ unit: anyCharacter, minLength: 1 }), { minLength: 1, maxLength: 30 })
  const reordered = set.chain((list) =>
    fc.tuple(
      fc.constant(list),
      fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
    ),
  )
  fc.assert(fc.property(reordered, ([list, other]) => finds(other, list)))
})

test('the more two texts share, the surer one finds the other', () => {
  // 19 of 20, 18 of 20 and 16 of 20 words in common: resemblances of 0.90, 0.82 and 0.67.
  expect(foundOf(19, 1)).toBeGreaterThan(960)
  expect(foundOf(18, 2)).toBeGreaterThan(890)
  expect(foundOf(16, 4)).toBeGreaterThan(650)
  expect(foundOf(2, 18)).toBeLessThan(15)
  expect(foundOf(0, 20)).toBe(0)
})

test('another place is another world', () => {
  expect(finds(words(1, 20), words(1, 20), 'p')).toBe(true)
  expect(finds(words(1, 20), words(1, 20), 'q')).toBe(false)
})

test('keys are whole numbers that every database holds exactly, and probes are few', () => {
  const holds = (list: string[]) => {
    const sketch = sketchOf(list)
    const keys = [...sketchKeys(sketch, 'p'), ...sketchProbes(sketch, ['p']).flat()].filter(
      (key) => key !== null,
    )
    for (const key of keys) expect(Number.isSafeInteger(key) && key >= 0).toBe(true)
    for (const probes of sketchProbes(sketch, ['p'])) expect(probes.length).toBeLessThanOrEqual(PROBES)
  }
  fc.assert(fc.property(fc.array(fc.string({ unit: anyCharacter }), { maxLength: 40 }), holds))
  expect(sketchKeys(sketchOf([]), 'p')).toEqual([null, null])
  expect(sketchProbes(sketchOf([]), ['p'])).toEqual([[], []])
})
