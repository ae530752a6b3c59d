import { RedisTimeoutError } from './errors.ts'

/**
 * The promise's own outcome, or a RedisTimeoutError after so long; a failure after that is no news. An answer that arrived in time
 * counts, also where this process was held up and has not read it yet: it is read before the error is given.
 */
export function withDeadline<T>(promise: Promise<T>, deadlineMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const expire = () => reject(new RedisTimeoutError('Redis did not answer in time'))
    const timer = setTimeout(() => setImmediate(expire), Math.max(deadlineMs, 0))
    const settle = () => clearTimeout(timer)
    promise.then(resolve, reject).finally(settle)
  })
}
