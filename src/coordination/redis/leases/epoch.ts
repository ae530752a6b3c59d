import { randomUUID } from 'node:crypto'
import type { Send } from '../connection/link.ts'
import { OtherDatabaseError } from '../connection/other-database.ts'
import type { RedisKeys } from '../keys.ts'
import { loadScript, type Script } from '../script.ts'

/** What the database gives to a new epoch. */
export interface EpochSource {
  /** A number larger than every one before, for ever; than `before` too, as far as that can have been given. */
  nextEpoch(before: number): Promise<number>
  /**
   * False when a later epoch was given to an instance: nothing is granted in the earlier one any more. False
   * too of an epoch that was never given: any client may have put it into Redis.
   */
  isLatestEpoch(epoch: number): Promise<boolean>
  /** Tells this database from every other one, from a copy of it in another place too. */
  databaseName(): Promise<string>
  /** How long a lease that was granted in an earlier epoch may still live, in ms. */
  recoveryMs(): Promise<number>
}

export interface EpochParts {
  readonly keys: RedisKeys
  readonly source: EpochSource
  /** For so long (ms) after its last sign of life another database counts as living. */
  readonly leaseMs: number
}

const ASK_AGAIN_MS = 20
/** The last tries to connect, and the next sign of life, take their time too. */
const CONNECT_MS = 2_000
const LEAST_MS = 1_000
/** A server may be replaced while this process runs; so often (ms) it is asked. */
const NAME_AGAIN_MS = 10_000

type State = 'running' | 'lost' | 'beginning' | 'foreign'
type Adoption = [state: State, epoch: string, why?: 'used' | 'emptied']

/**
 * Notices that Redis may have lost its memory: another server or history of one (restart, failover), or the mark of the epoch
 * gone (FLUSHALL). Every script names the epoch it believes in, and is refused with EPOCH when another one began.
 *
 * An epoch is one database's. Another one does not use this Redis as long as that one lives (OtherDatabaseError); then it
 * begins an epoch of its own.
 */
export class RedisEpoch {
  readonly #parts: EpochParts
  readonly #adopt: Script = loadScript('adopt')
  readonly #owner: Script = loadScript('owner')
  readonly #id = randomUUID()
  readonly #usedMs: number
  #current = ''
  #name = ''
  #namedAt = Number.NEGATIVE_INFINITY
  #isForeign = false
  /** Until then (ms, monotonic) an emptied Redis is left to the database that was found there. */
  #foreignUntil = Number.NEGATIVE_INFINITY

  constructor(parts: EpochParts) {
    this.#parts = parts
    this.#usedMs = Math.max(LEAST_MS, parts.leaseMs - CONNECT_MS)
  }

  /** The epoch as scripts are given it; '' (which none ever is) before the first connection. */
  get current(): string {
    return this.#current
  }

  /** True while another database uses this Redis. */
  get isForeign(): boolean {
    return this.#isForeign
  }

  /** Part of the handshake of every connection: finds the epoch, or begins one. Throws OtherDatabaseError. */
  async meet(send: Send): Promise<void> {
    const server = await serverIdentity(send)
    await this.#learnName()
    let [state, epoch] = await this.#ask(send, server)
    while (state !== 'running' || !(await this.#isLatest(epoch)))
      [state, epoch] =
        state === 'running' ? await this.#ask(send, server, epoch) : await this.#begin(send, server, epoch)
    this.#current = epoch
    this.#isForeign = false
    this.#foreignUntil = Number.NEGATIVE_INFINITY
  }

  /** A sign of life. Throws when another epoch began: an instance that does nothing notices it too. */
  async check(send: Send): Promise<void> {
    const { meta, owner } = this.#parts.keys
    const name = this.#name
    const found = await send(['EVAL', this.#owner.text, '2', meta, owner, name, String(this.#usedMs)])
    const [epoch, database] = found as [string | null, string | null]
    if (epoch !== this.#current || database !== name) throw new Error('another epoch began')
    if (performance.now() - this.#namedAt < NAME_AGAIN_MS) return
    await this.#learnName()
    if (this.#name !== name) throw new Error('the database is in another place')
  }

  /** While the database is away it is the one that it was. */
  async #learnName(): Promise<void> {
    this.#namedAt = performance.now()
    try {
      this.#name = await this.#parts.source.databaseName()
    } catch (error) {
      if (this.#name === '') throw error
    }
  }

  /** While the database is away it cannot be asked; it will be before anything is granted. */
  #isLatest(epoch: string): Promise<boolean> {
    return this.#parts.source.isLatestEpoch(Number(epoch)).catch(() => true)
  }

  /**
   * Not before another instance that is beginning one has done so, or has had its time. `untrue` is an epoch that does not
   * count.
   */
  async #ask(send: Send, server: string, untrue = ''): Promise<Adoption> {
    for (;;) {
      const answer = await this.#run(send, [server, '', '0'], untrue)
      if (answer[0] !== 'beginning') return answer
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
    }
  }

  /** Answers what it is now: another instance may have been quicker. */
  async #begin(send: Send, server: string, before: string): Promise<Adoption> {
    const { source } = this.#parts
    const epoch = await source.nextEpoch(Number(before))
    const recoveryMs = await source.recoveryMs()
    return this.#run(send, [server, String(epoch), String(Math.ceil(recoveryMs))], before)
  }

  async #run(send: Send, args: readonly string[], before = ''): Promise<Adoption> {
    const { meta, versions, beginner, owner, leaseOutbox, published, prefix } = this.#parts.keys
    const keys = ['6', meta, versions, beginner, owner, leaseOutbox, published]
    const wasForeign = performance.now() < this.#foreignUntil ? '1' : '0'
    const about = [this.#id, before, this.#name, String(this.#usedMs), wasForeign]
    const answer = (await send(['EVAL', this.#adopt.text, ...keys, ...args, ...about])) as Adoption
    const [state, , why] = answer
    if (state !== 'foreign') return answer
    this.#isForeign = true
    if (why === 'used') this.#foreignUntil = performance.now() + this.#usedMs
    throw new OtherDatabaseError(prefix)
  }
}

/** Differs after each restart (`run_id`) and after each promotion of a replica (`master_replid`). */
async function serverIdentity(send: Send): Promise<string> {
  const info = await Promise.all([send(['INFO', 'server']), send(['INFO', 'replication'])])
  const field = (name: string) => new RegExp(`^${name}:(\\w+)`, 'm').exec(info.join('\n'))?.[1] ?? 'unknown'
  return `${field('run_id')}:${field('master_replid')}`
}
