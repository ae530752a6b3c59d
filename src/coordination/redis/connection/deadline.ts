import { RedisTimeoutError } from './errors.ts'

/** The promise's own outcome, or a RedisTimeoutError after so long; a failure after that is no news. */
export function withDeadline<T>(promise: Promise<T>, deadlineMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const expire = () => reject(new RedisTimeoutError('Redis did not answer in time'))
    const timer = setTimeout(expire, Math.max(deadlineMs, 0))
    const settle = () => clearTimeout(timer)
    promise.then(resolve, reject).finally(settle)
  })
}
