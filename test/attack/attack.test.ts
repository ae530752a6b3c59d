import { expect, test } from 'vitest'
import { attackAll, KINDS } from '../../attack/attack-all.ts'
import { hostileValue } from '../../attack/hostile.ts'
import { Lines } from '../../attack/lines.ts'
import { Random } from '../../faults/random.ts'

// The short run of `npm run attack`: so many of each kind, however long the machine takes.

const COUNTS = { messages: 2_500, kills: 6, junk: 6, files: 7, clocks: 6 }
const SEED = 20_261_128
const LIMIT_MS = 600_000

test.each(KINDS.map(({ name }) => name))(
  'no promise is broken by %s',
  async (name) => {
    const { violations, counts } = await attackAll({ seed: SEED, counts: { [name]: COUNTS[name] } })
    expect(violations).toEqual([])
    expect([...counts.values()]).toContain(COUNTS[name])
  },
  LIMIT_MS,
)

test('the same seed makes the same lines and values', () => {
  const linesOf = (seed: number) => {
    const lines = new Lines(new Random(seed))
    return Array.from({ length: 300 }, (_, n) => String(lines.next(n).bytes).slice(0, 500))
  }
  expect(linesOf(7)).toEqual(linesOf(7))
  expect(linesOf(8)).not.toEqual(linesOf(7))
  expect(hostileValue(new Random(7))).toEqual(hostileValue(new Random(7)))
})
