import { setTimeout as sleep } from 'node:timers/promises'
import type { ErrorName } from '../../src/domain/errors.ts'
import { type Held, type HistoryWriter, microseconds } from '../history.ts'
import type { Random } from '../random.ts'
import type { Arguments, Call } from './calls.ts'
import { Counter } from './counter.ts'
import type { Load } from './settings.ts'
import type { Tally } from './tally.ts'

export interface LockParts {
  readonly call: Call
  readonly history: HistoryWriter
  readonly random: Random
  readonly tally: Tally
  readonly counters: string
  readonly load: Load
  /** True when the file refuses a writer with an older token than it has seen. */
  readonly isFenced: boolean
}

interface Shown {
  readonly file_path: string
  readonly fencing_token: number
  readonly expires_at: string
}

/** A grant as its holder knows it. */
interface Grant {
  readonly locks: readonly Held[]
  readonly endsAt: number
}

const paths = (kind: string, count: number) => Array.from({ length: count }, (_, n) => `/faults/${kind}/${n}`)
const IN_BULK = paths('bulk', 4)
const FORCED = paths('forced', 2)
const KEPT = paths('kept', 3)

/** After the answer that the store is away the worker waits a moment, as an agent would. */
const AWAY_PAUSE_MS = 100

/** Answers that say what they must: nothing was granted, or the lock is no longer the caller's. */
const REFUSALS: ReadonlySet<ErrorName> = new Set<ErrorName>([
  'FILE_LOCKED',
  'DEADLOCK',
  'LOCK_RECOVERING',
  'LOCK_NOT_FOUND',
  'LOCK_EXPIRED',
  'NOT_LOCK_OWNER',
])

/** One agent that takes locks in every way there is, uses them, and gives most of them back. */
export class Locks {
  readonly #parts: LockParts
  readonly #agent: string
  readonly #counted: readonly string[]
  #names = 0

  constructor(parts: LockParts, agent: string) {
    this.#parts = parts
    this.#agent = agent
    this.#counted = paths('counted', parts.load.paths)
  }

  async round(): Promise<void> {
    const { random, load } = this.#parts
    const kind = random.next()
    if (kind < 0.55) await this.#countUp(random.pick(this.#counted))
    else if (kind < 0.7) await this.#hold(random.pick(this.#counted))
    else if (kind < 0.82) await this.#several()
    else if (kind < 0.87) await this.#forget(random.pick(this.#counted))
    else if (kind < 0.93) await this.#hold(random.pick(FORCED))
    else if (kind < 0.95) await this.#force(random.pick(FORCED))
    else if (kind < 0.98) await this.#renew(random.pick(this.#counted))
    else await this.#keep(random.pick(KEPT))
    await sleep(random.between(0, load.thinkMs))
  }

  /** Counts up under the lock, asking right before each write whether it still stands. */
  async #countUp(path: string): Promise<void> {
    const grant = await this.#checkout({ file_path: path, wait_ms: 2_000, ttl_ms: this.#ttl() })
    const [lock] = grant?.locks ?? []
    if (!grant || !lock) return
    const counter = new Counter(this.#parts.counters, path)
    const times = this.#parts.random.between(1, 12)
    for (let n = 0; n < times; n++) {
      const before = counter.read().value
      if (!(await this.#verify(lock))) break
      this.#write(counter, { lock, before, endsAt: grant.endsAt })
    }
    await this.#checkin(grant.locks)
  }

  /** Without a pause from the last look to the write: only a freeze within these microseconds can come between. */
  #write(counter: Counter, { lock, before, endsAt }: { lock: Held; before: number; endsAt: number }): void {
    if (microseconds() >= endsAt) return
    const found = counter.read()
    const mayWrite = !this.#parts.isFenced || found.token <= lock.token
    if (mayWrite) counter.write({ value: before + 1, token: lock.token })
    const late = microseconds() >= endsAt
    this.#parts.history.add({ op: 'counted', ...lock, foundToken: found.token, value: before + 1, late })
  }

  async #hold(path: string): Promise<void> {
    const { random } = this.#parts
    const waitMs = random.chance(0.5) ? 0 : 1_000
    const grant = await this.#checkout({ file_path: path, wait_ms: waitMs, ttl_ms: this.#ttl() })
    const [lock] = grant?.locks ?? []
    if (!grant || !lock) return
    // As often as an agent that writes several times.
    const looks = random.between(0, 16)
    for (let n = 0; n < looks && (await this.#verify(lock)); n++);
    await this.#checkin(grant.locks)
  }

  /** Each time in another name: what was left over from before must not be taken for a part of this. */
  async #several(): Promise<void> {
    const { random, call, history } = this.#parts
    const wanted = random.sample(IN_BULK, 3)
    const waitMs = random.chance(0.5) ? 0 : 500
    const one = new Locks(this.#parts, `${this.#agent}-${++this.#names}`)
    const args = { file_paths: wanted, wait_ms: waitMs, ttl_ms: this.#ttl() }
    const { grant, error } = await one.#tryCheckout(args)
    if (grant) return one.#checkin(grant.locks)
    const list = await call<{ locks: Shown[] }>(one.#agent, 'memory_file_lock list', {
      agent_id: one.#agent,
      prefix: '/faults/bulk/',
    })
    if ('error' in list || error === undefined) return
    const held = list.result.locks.map((lock) => lock.file_path)
    history.add({ op: 'refused', agent: one.#agent, paths: wanted, error, held })
  }

  async #forget(path: string): Promise<void> {
    await this.#checkout({ file_path: path, wait_ms: 1_000, ttl_ms: 300 })
  }

  async #force(path: string): Promise<void> {
    this.#parts.history.add({ op: 'forcing', path })
    const { sent, ...answer } = await this.#call('force_unlock', { file_path: path, reason: 'a fault run' })
    if (answer.error === undefined || answer.error === 'LOCK_NOT_FOUND')
      this.#parts.history.add({ op: 'forced', path, sent })
  }

  async #renew(path: string): Promise<void> {
    const grant = await this.#checkout({ file_path: path, wait_ms: 1_000, ttl_ms: 300 })
    const [lock] = grant?.locks ?? []
    if (!grant || !lock) return
    await sleep(this.#parts.random.between(50, 250))
    const { result } = await this.#call<Shown>('renew', { file_path: path, fencing_token: lock.token })
    if (result) this.#parts.history.add({ op: 'renewed', agent: this.#agent, ...lock, ends: endOf(result) })
    await sleep(this.#parts.random.between(50, 250))
    await this.#checkin(grant.locks)
  }

  /** Held for several times its length by the server's own renewals; it is as good as its last verification. */
  async #keep(path: string): Promise<void> {
    const grant = await this.#checkout({ file_path: path, wait_ms: 0, ttl_ms: 400, keep_alive: true })
    const [lock] = grant?.locks ?? []
    if (!grant || !lock) return
    let isHeld = true
    for (let n = 0; n < 5 && isHeld; n++) {
      await sleep(200)
      isHeld = await this.#verify(lock)
    }
    await this.#checkin(grant.locks)
  }

  async #checkout(args: Arguments): Promise<Grant | undefined> {
    return (await this.#tryCheckout(args)).grant
  }

  async #tryCheckout(args: Arguments): Promise<{ grant?: Grant; error?: ErrorName }> {
    const { tally, history } = this.#parts
    const { sent, result, error } = await this.#call<Shown | { locks: Shown[] }>('checkout', args)
    if (!result) return error ? { error } : {}
    const shown = 'locks' in result ? result.locks : [result]
    const ends = Math.min(...shown.map(endOf))
    const locks = shown.map((lock) => ({ path: lock.file_path, token: lock.fencing_token }))
    const kept = args['keep_alive'] === true
    history.add({ op: 'granted', agent: this.#agent, locks, sent, ends, kept })
    tally.add('grants')
    return { grant: { locks, endsAt: ends } }
  }

  async #checkin(locks: readonly Held[]): Promise<void> {
    const { history, random } = this.#parts
    history.add({ op: 'releasing', agent: this.#agent, locks })
    const [first] = locks
    const which =
      locks.length === 1 && first ? { file_path: first.path } : { file_paths: locks.map((lock) => lock.path) }
    const { sent, result } = await this.#call('checkin', which)
    if (!result) return
    history.add({ op: 'released', agent: this.#agent, locks, sent })
    if (first && random.chance(0.05)) await this.#verify(first)
  }

  /** False too when the store could not be asked. */
  async #verify({ path, token }: Held): Promise<boolean> {
    const { sent, result } = await this.#call<{ valid: boolean }>('verify', {
      file_path: path,
      fencing_token: token,
    })
    if (!result) return false
    this.#parts.history.add({ op: 'verified', agent: this.#agent, path, token, sent, valid: result.valid })
    return result.valid
  }

  async #call<R>(action: string, args: Arguments): Promise<{ sent: number; result?: R; error?: ErrorName }> {
    const { call, tally, history } = this.#parts
    const answer = await call<R>(this.#agent, `memory_file_lock ${action}`, args)
    if ('result' in answer || REFUSALS.has(answer.error)) tally.add('lockOps')
    else if (answer.error === 'LOCK_STORE_UNAVAILABLE') {
      tally.add('unknown')
      await sleep(AWAY_PAUSE_MS)
    } else history.add({ op: 'failed', what: 'lock', ...answer })
    return answer
  }

  #ttl(): number {
    return this.#parts.random.between(400, 1_200)
  }
}

/** The end on the monotonic clock: all of a run is on one machine, whose wall clock stays as it is. */
function endOf({ expires_at }: Shown): number {
  return microseconds() + (Date.parse(expires_at) - Date.now()) * 1_000
}
