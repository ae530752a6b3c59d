import type { RedisKeys } from './keys.ts'
import type { Send } from './link.ts'
import { loadScript, type Script } from './script.ts'

/** What the database gives to a new epoch. */
export interface EpochSource {
  /** A number larger than `before` and than every one before, for ever. */
  nextEpoch(before: number): Promise<number>
  /** How long a lease that was granted in an earlier epoch may still live, in ms. */
  recoveryMs(): Promise<number>
}

/**
 * Notices that Redis may have lost its memory: another server or history of one (restart, failover), or the mark of the epoch
 * gone (FLUSHALL). Every script names the epoch it believes in, and is refused with EPOCH when another one began.
 */
export class RedisEpoch {
  readonly #keys: RedisKeys
  readonly #source: EpochSource
  readonly #adopt: Script = loadScript('adopt')
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
    const [isRunning, epoch] = await this.#run(send, [server, '', '0'])
    this.#current = isRunning === '1' ? epoch : await this.#begin(send, server, Number(epoch))
  }

  /** Throws when another epoch began: an instance that does nothing notices it too. */
  async check(send: Send): Promise<void> {
    const epoch = await send(['HGET', this.#keys.meta, 'epoch'])
    if (epoch !== this.#current) throw new Error('another epoch began')
  }

  async #begin(send: Send, server: string, before: number): Promise<string> {
    const epoch = await this.#source.nextEpoch(before)
    const recoveryMs = await this.#source.recoveryMs()
    const [, begun] = await this.#run(send, [server, String(epoch), String(Math.ceil(recoveryMs))])
    return begun
  }

  async #run(send: Send, args: readonly string[]): Promise<[isRunning: string, epoch: string]> {
    const { meta, versions } = this.#keys
    return (await send(['EVAL', this.#adopt.text, '2', meta, versions, ...args])) as [string, string]
  }
}

/** Differs after each restart (`run_id`) and after each promotion of a replica (`master_replid`). */
async function serverIdentity(send: Send): Promise<string> {
  const info = await Promise.all([send(['INFO', 'server']), send(['INFO', 'replication'])])
  const field = (name: string) => new RegExp(`^${name}:(\\w+)`, 'm').exec(info.join('\n'))?.[1] ?? 'unknown'
  return `${field('run_id')}:${field('master_replid')}`
}
