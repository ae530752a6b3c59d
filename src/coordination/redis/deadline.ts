import { RedisTimeoutError } from './errors.ts'

/** The promise's own outcome, or a RedisTimeoutError after so long. */
export async function withDeadline<T>(promise: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new RedisTimeoutError('Redis did not answer in time')),
      Math.max(deadlineMs, 0),
    )
  })
  // Once the deadline has won, nobody waits for the answer any more; its failure is no news.
  promise.catch(() => {})
  try {
    return await Promise.race([promise, timeout])
  } finally {
    clearTimeout(timer)
  }
}
