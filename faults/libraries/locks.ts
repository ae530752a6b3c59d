import { ExecutionError, type Lock, Redlock, ResourceLockedError } from '@sesamecare-oss/redlock'
import { Redis } from 'ioredis'
import type { ErrorName } from '../../src/domain/errors.ts'
import { microseconds } from '../history.ts'
import type { Arguments } from '../work/calls.ts'

type Answer = { readonly result: object } | { readonly error: ErrorName }

const RETRY_MS = 200
const NOT_HELD: Answer = { error: 'LOCK_NOT_FOUND' }

/**
 * The lock operations of a fault run, done with a redlock library as its guide shows: one Redis, a try each 200 ms, no
 * automatic extension. It has no fencing token; the moment of the grant stands in for one, so that the checks can tell
 * grants apart, and no file asks for it.
 */
export class LibraryLocks {
  readonly #client: Redis
  readonly #redlock: Redlock
  readonly #held = new Map<string, Lock>()

  constructor(address: { host: string; port: number }) {
    this.#client = new Redis({ ...address, commandTimeout: 1_000, maxRetriesPerRequest: 1 })
    this.#client.on('error', () => {})
    this.#redlock = new Redlock([this.#client])
    this.#redlock.on('error', () => {})
  }

  async call(agent: string, action: string, args: Arguments): Promise<Answer> {
    try {
      return await this.#act(agent, action, args)
    } catch (error) {
      return { error: isHeld(error) ? 'FILE_LOCKED' : 'LOCK_STORE_UNAVAILABLE' }
    }
  }

  close(): void {
    this.#client.disconnect()
  }

  async #act(agent: string, action: string, args: Arguments): Promise<Answer> {
    const paths = (args['file_paths'] ?? [args['file_path']]) as string[]
    const key = `${agent} ${paths.join(' ')}`
    const held = this.#held.get(key)
    switch (action) {
      case 'checkout':
        return this.#checkout(key, paths, args)
      case 'checkin':
        this.#held.delete(key)
        if (!held) return NOT_HELD
        await held.release()
        return { result: {} }
      case 'verify':
        // It cannot ask: it goes by the time that the lock was given for.
        return { result: { valid: held !== undefined && held.expiration > Date.now() } }
      case 'renew': {
        if (!held) return NOT_HELD
        const longer = await held.extend(Number(held.expiration - Date.now()))
        this.#held.set(key, longer)
        return { result: shown(paths, longer)[0] ?? {} }
      }
      case 'list':
        return { result: { locks: [] } }
      default:
        return { error: 'NOT_LOCK_OWNER' }
    }
  }

  async #checkout(key: string, paths: string[], args: Arguments): Promise<Answer> {
    const retryCount = Math.floor(Number(args['wait_ms'] ?? 0) / RETRY_MS)
    const ttlMs = Number(args['ttl_ms'])
    const lock = await this.#redlock.acquire(paths, ttlMs, { retryCount, retryDelay: RETRY_MS })
    this.#held.set(key, lock)
    const locks = shown(paths, lock)
    return { result: args['file_paths'] ? { locks } : (locks[0] ?? {}) }
  }
}

function shown(paths: readonly string[], { expiration }: Lock) {
  const token = microseconds()
  const expires = new Date(expiration).toISOString()
  return paths.map((path) => ({ file_path: path, fencing_token: token, expires_at: expires }))
}

function isHeld(error: unknown): boolean {
  return error instanceof ResourceLockedError || error instanceof ExecutionError
}
