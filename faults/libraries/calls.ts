import type { Instance } from '../../src/operations/instance.ts'
import { microseconds } from '../history.ts'
import { type Arguments, type Call, type Called, callsOf } from '../work/calls.ts'
import { LibraryCache } from './cache.ts'
import { LibraryLocks } from './locks.ts'

const LOCK = 'memory_file_lock '

/** Longer than any wait for a lock: what has not been answered by then may never be. */
const DEADLINE_MS = 5_000

function inTime<T, E>(promise: Promise<T>, otherwise: E): Promise<T | E> {
  const late = new Promise<E>((resolve) => setTimeout(() => resolve(otherwise), DEADLINE_MS).unref())
  return Promise.race([promise, late])
}

/** The calls of a fault run with libraries in the place of our cache and our locks; the database below is the same. */
export function libraryCalls(app: Instance, address: { host: string; port: number }) {
  const database = callsOf(app)
  const cache = new LibraryCache(address)
  const locks = new LibraryLocks(address)
  const search = async (agent: string, args: Arguments): Promise<Called<unknown>> => {
    const sent = microseconds()
    const { value, isLoaded } = await cache.get(String(args['query']), async () => {
      const found = await database<object>(agent, 'memory_query search', args)
      if ('error' in found) throw new Error(found.error)
      return found.result
    })
    return { sent, result: { ...value, served_from: isLoaded ? 'database' : 'l1' } }
  }
  const call: Call = async <R>(agent: string, name: string, args: Arguments) => {
    const sent = microseconds()
    if (name.startsWith(LOCK)) {
      const locking = locks.call(agent, name.slice(LOCK.length), args)
      return { sent, ...(await inTime(locking, { error: 'LOCK_STORE_UNAVAILABLE' })) } as Called<R>
    }
    const unanswered = { sent, error: 'DATABASE_ERROR' } as const
    if (name === 'memory_query search')
      return (await inTime(search(agent, args), unanswered).catch(() => unanswered)) as Called<R>
    const answer = await database<R>(agent, name, args)
    // What is found by a word is the entry that begins with it.
    if (name === 'memory_knowledge update' && 'result' in answer)
      await inTime(cache.forget(String(args['content']).split(' ')[0] ?? ''), undefined)
    return answer
  }
  const close = async () => {
    locks.close()
    await cache.close()
  }
  return { call, close }
}
