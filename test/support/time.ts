import { vi } from 'vitest'
import { until } from './until.ts'

const STEP_MS = 100

/**
 * The clock of this process stands still meanwhile: what gives up after a time does not, however long the rest takes on this machine.
 * Pauses and timers pass as ever.
 */
export async function whileClockStands<T>(work: () => Promise<T>): Promise<T> {
  const now = performance.now()
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now)
  try {
    return await work()
  } finally {
    clock.mockRestore()
  }
}

/** An hour passes between any two looks at the clock: what failed is not tried again. */
export async function whileHoursPass<T>(work: () => Promise<T>): Promise<T> {
  let now = performance.now()
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 3_600_000
    return now
  })
  try {
    return await work()
  } finally {
    clock.mockRestore()
  }
}

/** The clock stands still, and no timer that the work starts is ever due: nothing is given up, and nothing is paused. */
export async function whileTimeStands<T>(work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldClearNativeTimers: true })
  try {
    return await whileClockStands(work)
  } finally {
    vi.useRealTimers()
  }
}

/**
 * Time passes quickly for the work, until it is over: for its timers and for what it measures. A timeout of minutes is over in a
 * moment, and one that is to be waited for need not be short. Timers that ran before go on as they were, as do those of other processes.
 */
export async function whileTimeFlies<T>(work: () => Promise<T>): Promise<T> {
  const now = performance.now.bind(performance)
  let skippedMs = 0
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldClearNativeTimers: true })
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + skippedMs)
  let isOver = false
  try {
    const outcome = work().finally(() => {
      isOver = true
    })
    outcome.catch(() => {})
    await until('the work is over', async () => {
      skippedMs += STEP_MS
      await vi.advanceTimersByTimeAsync(STEP_MS)
      return isOver
    })
    return await outcome
  } finally {
    clock.mockRestore()
    vi.useRealTimers()
  }
}
