import { randomUUID } from 'node:crypto'
import type { Send } from '../connection/link.ts'
import type { RedisKeys } from '../keys.ts'
import { loadScript, type Script } from '../script.ts'

/** What the database gives to a new epoch. */
export interface EpochSource {
  /** A number larger than every one before, for ever; than `before` too, as far as that can have been given. */
  nextEpoch(before: number): Promise<number>
  /**
   * False when a later one was given to somebody: nothing is granted in that one any more. False too of one that was never
   * given: anybody may have put it into Redis.
   */
  isLatestEpoch(epoch: number): Promise<boolean>
  /** How long a lease that was granted in an earlier epoch may still live, in ms. */
  recoveryMs(): Promise<number>
}

const ASK_AGAIN_MS = 20

/**
 * Notices that Redis may have lost its memory: another server or history of one (restart, failover), or the mark of the epoch
 * gone (FLUSHALL). Every script names the epoch it believes in, and is refused with EPOCH when another one began.
 */
export class RedisEpoch {
  readonly #keys: RedisKeys
  readonly #source: EpochSource
  readonly #adopt: Script = loadScript('adopt')
  readonly #id = randomUUID()
  #current = ''

  constructor(keys: RedisKeys, source: EpochSource) {
    this.#keys = keys
    this.#source = source
  }

  /** The epoch as scripts are given it; '' (which none ever is) before the first connection. */
  get current(): string {
    return this.#current
  }

  /** Part of the handshake of every connection: finds the epoch, or begins one. */
  async meet(send: Send): Promise<void> {
    const server = await serverIdentity(send)
    let [state, epoch] = await this.#ask(send, server)
    while (state !== 'running' || !(await this.#isLatest(epoch)))
      [state, epoch] =
        state === 'running' ? await this.#ask(send, server, epoch) : await this.#begin(send, server, epoch)
    this.#current = epoch
  }

  /** While the database is away it cannot be asked; it will be before anything is granted. */
  #isLatest(epoch: string): Promise<boolean> {
    return this.#source.isLatestEpoch(Number(epoch)).catch(() => true)
  }

  /** Throws when another epoch began: an instance that does nothing notices it too. */
  async check(send: Send): Promise<void> {
    const epoch = await send(['HGET', this.#keys.meta, 'epoch'])
    if (epoch !== this.#current) throw new Error('another epoch began')
  }

  /**
   * Not before another instance that is beginning one has done so, or has had its time. `untrue` is an epoch that does not
   * count.
   */
  async #ask(send: Send, server: string, untrue = ''): Promise<[state: string, epoch: string]> {
    for (;;) {
      const answer = await this.#run(send, [server, '', '0'], untrue)
      if (answer[0] !== 'beginning') return answer
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
    }
  }

  /** Answers what it is now: another instance may have been quicker. */
  async #begin(send: Send, server: string, before: string): Promise<[state: string, epoch: string]> {
    const epoch = await this.#source.nextEpoch(Number(before))
    const recoveryMs = await this.#source.recoveryMs()
    return this.#run(send, [server, String(epoch), String(Math.ceil(recoveryMs))], before)
  }

  async #run(send: Send, args: readonly string[], before = ''): Promise<[state: string, epoch: string]> {
    const { meta, versions, beginner } = this.#keys
    const keys = ['3', meta, versions, beginner]
    return (await send(['EVAL', this.#adopt.text, ...keys, ...args, this.#id, before])) as [string, string]
  }
}

/** Differs after each restart (`run_id`) and after each promotion of a replica (`master_replid`). */
async function serverIdentity(send: Send): Promise<string> {
  const info = await Promise.all([send(['INFO', 'server']), send(['INFO', 'replication'])])
  const field = (name: string) => new RegExp(`^${name}:(\\w+)`, 'm').exec(info.join('\n'))?.[1] ?? 'unknown'
  return `${field('run_id')}:${field('master_replid')}`
}
