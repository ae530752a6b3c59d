import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../src/domain/text/canonical-json.ts'
import { consensus, isWithinDepth, type TallyRow } from '../../src/domain/voting.ts'

const tallies = fc
  .uniqueArray(fc.record({ value: fc.jsonValue(), votes: fc.integer({ min: 1, max: 9 }) }), {
    selector: (row) => canonicalJson(row.value),
    maxLength: 6,
  })
  .map((rows): readonly TallyRow[] => rows)
const rules = fc.record({ k: fc.integer({ min: 1, max: 6 }), quorum: fc.integer({ min: 1, max: 20 }) })

test('a winner is ahead of every other value by k, and there are enough votes', () => {
  fc.assert(
    fc.property(tallies, rules, (tally, rule) => {
      const answer = consensus(tally, rule)
      const votes = tally.reduce((sum, row) => sum + row.votes, 0)
      const winners = tally.filter(
        (row) =>
          tally.every((other) => other === row || row.votes >= other.votes + rule.k) && row.votes >= rule.k,
      )
      expect(winners.length).toBeLessThan(2)
      expect(answer.votes).toBe(votes)
      expect(answer.has_consensus).toBe(winners.length === 1 && votes >= rule.quorum)
      if (answer.has_consensus) expect(answer.winning_value).toEqual(winners[0]?.value)
      else expect(answer).not.toHaveProperty('winning_value')
    }),
  )
})

test('the order of the tally changes nothing', () => {
  const shuffled = tallies.chain((tally) =>
    fc.tuple(fc.constant(tally), fc.shuffledSubarray([...tally], { minLength: tally.length })),
  )
  fc.assert(
    fc.property(shuffled, rules, ([tally, other], rule) => {
      expect(consensus(other, rule)).toEqual(consensus(tally, rule))
    }),
  )
})

test('one more vote for the winner never loses the consensus, and a larger k never gains one', () => {
  fc.assert(
    fc.property(tallies, rules, (tally, rule) => {
      const answer = consensus(tally, rule)
      fc.pre(answer.has_consensus)
      const more = tally.map((row) =>
        row.value === answer.winning_value ? { ...row, votes: row.votes + 1 } : row,
      )
      expect(consensus(more, rule).winning_value).toEqual(answer.winning_value)
      expect(consensus(tally, { ...rule, k: answer.margin + 1 }).has_consensus).toBe(false)
      expect(consensus(tally, { ...rule, k: answer.margin }).has_consensus).toBe(true)
    }),
  )
})

test('null can win', () => {
  const answer = consensus([{ value: null, votes: 2 }], { k: 2, quorum: 2 })
  expect(answer).toEqual({ has_consensus: true, winning_value: null, votes: 2, margin: 2 })
})

test('the canonical JSON of a value does not depend on the order of its keys, and nothing else is equal', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      expect(canonicalJson(reversedKeys(one))).toBe(canonicalJson(one))
      const equal = canonicalJson(one) === canonicalJson(other)
      // -0 and 0 are one number in JSON.
      expect(equal).toBe(isSame(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other))))
    }),
  )
})

test.each([
  [1, 0, true],
  [[], 1, true],
  [[[]], 1, false],
  [{ a: { b: [1] } }, 3, true],
  [{ a: { b: [1] } }, 2, false],
])('%j is within a depth of %i: %s', (value, limit, expected) => {
  expect(isWithinDepth(value, limit)).toBe(expected)
})

test('a value nested 100,000 deep is measured without a stack', () => {
  let value: unknown = 1
  for (let i = 0; i < 100_000; i++) value = [value]
  expect(isWithinDepth(value, 64)).toBe(false)
})

function reversedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversedKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, part]) => [key, reversedKeys(part)]),
  )
}

function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const left = new Map(Object.entries(one))
  const right = new Map(Object.entries(other))
  return (
    left.size === right.size &&
    [...left].every(([key, part]) => right.has(key) && isSame(part, right.get(key)))
  )
}
