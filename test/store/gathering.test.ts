import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Gathering } from '../../src/store/writing/gathering.ts'

// Who goes together with whom. The clock is the test's own: nothing here depends on how fast the machine is.

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

interface Start {
  readonly members: readonly string[]
  /** After so many milliseconds it is over. */
  end(tookMs: number): Promise<void>
}

/** A gathering whose starts are ended by hand. */
function gatheringByHand() {
  const starts: Start[] = []
  const gathering = new Gathering<string>((take) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const end = async (tookMs: number) => {
      await vi.advanceTimersByTimeAsync(tookMs)
      resolve()
      await vi.advanceTimersByTimeAsync(0)
    }
    starts.push({ members: take(), end })
    return promise
  })
  const add = (...members: string[]) => {
    for (const member of members) gathering.add(member)
  }
  return { add, starts, members: () => starts.map((start) => start.members.join('')) }
}

test('one that asks again and again waits for nobody', async () => {
  const { add, starts, members } = gatheringByHand()
  for (const n of [0, 1, 2]) {
    add('a')
    expect(members()).toHaveLength(n + 1)
    await starts[n]?.end(3)
  }
})

test('four that ask again as soon as they are answered go together', async () => {
  const { add, starts, members } = gatheringByHand()
  add('a', 'b', 'c', 'd')
  await starts[0]?.end(3)
  // Nothing was known of any coming back.
  expect(members()).toEqual(['a', 'bcd'])
  add('a')
  await starts[1]?.end(3)
  add('b', 'c')
  expect(members()).toEqual(['a', 'bcd'])
  add('d')
  expect(members()).toEqual(['a', 'bcd', 'abcd'])
  await starts[2]?.end(3)
  add('a', 'b', 'c')
  expect(members()).toHaveLength(3)
  add('d')
  expect(members()).toEqual(['a', 'bcd', 'abcd', 'abcd'])
})

test('those that do not come back are waited for once, and no longer than the last time took', async () => {
  const { add, starts, members } = gatheringByHand()
  add('a', 'b', 'c')
  await starts[0]?.end(3)
  add('a')
  await starts[1]?.end(3)
  expect(members()).toEqual(['a', 'bc'])
  await vi.advanceTimersByTimeAsync(2)
  expect(members()).toEqual(['a', 'bc'])
  await vi.advanceTimersByTimeAsync(1)
  expect(members()).toEqual(['a', 'bc', 'a'])
  // Nobody came in that time, so now nobody is waited for.
  add('b', 'c')
  await starts[2]?.end(3)
  expect(members()).toEqual(['a', 'bc', 'a', 'bc'])
})

test('one that is held up holds up the others no longer than twice the time before, and 20 ms', async () => {
  const { add, starts, members } = gatheringByHand()
  add('a', 'b')
  await vi.advanceTimersByTimeAsync(19)
  expect(members()).toEqual(['a'])
  await vi.advanceTimersByTimeAsync(1)
  expect(members()).toEqual(['a', 'b'])
  await starts[1]?.end(30)
  add('c', 'd')
  await vi.advanceTimersByTimeAsync(59)
  expect(members()).toEqual(['a', 'b', 'c'])
  await vi.advanceTimersByTimeAsync(1)
  expect(members()).toEqual(['a', 'b', 'c', 'd'])
})
