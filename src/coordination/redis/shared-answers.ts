import { hash } from 'node:crypto'
import type { Clock } from '../../domain/clock.ts'
import { type CacheRequest, type Loaded, MAX_ANSWER_BYTES, type Versions } from '../cache.ts'
import type { KnownVersions } from '../known-versions.ts'
import { deepFreeze } from '../local-answers.ts'
import type { RedisLink } from './connection/link.ts'
import type { Junk } from './junk.ts'
import type { RedisKeys } from './keys.ts'
import type { RedisEpoch } from './leases/epoch.ts'
import { loadScript } from './script.ts'
import type { Seal } from './seal.ts'
import { parseAnswer, readPeekReply, readVersion } from './values.ts'

export interface SharedAnswersParts {
  readonly link: RedisLink
  readonly keys: RedisKeys
  readonly epoch: RedisEpoch
  readonly instanceId: string
  /** The database's id: answers of another database are not even found. */
  readonly databaseId: string
  readonly seal: Seal
  readonly junk: Junk
  readonly clock: Clock
  readonly ttlMs: number
  /** The database's versions, for what Redis says that the database has not said before. */
  readonly readVersions: (keys: readonly string[]) => Promise<Versions>
}

/** What one round trip to Redis found. */
export interface Peek {
  readonly answer: SharedAnswer | null
  /** This instance is to read it from the database; another one is doing it when false. */
  readonly fills: boolean
  /** Names what Redis knew of versions: it takes nothing that was read before it lost them. Null: it was not asked. */
  readonly memory: string | null
}

/** An answer as it stood in Redis. */
export interface SharedAnswer extends Loaded<unknown> {
  readonly bytes: number
}

const DEADLINE_MS = 250
const FILL_MS = 2_000

/** The answers that all instances share (L2): each call is one round trip, or a failure that costs no more than its deadline. */
export class SharedAnswers {
  readonly #parts: SharedAnswersParts
  /** Of this instance, L1 and L2 together. */
  readonly #known: KnownVersions
  readonly #readScript = loadScript('read')
  readonly #putScript = loadScript('put')
  /** On their way to Redis. */
  readonly #puts = new Set<Promise<void>>()
  #refused = 0

  constructor(parts: SharedAnswersParts, known: KnownVersions) {
    this.#parts = parts
    this.#known = known
  }

  /** Answers that Redis did not take: it had forgotten versions, or knew newer ones. */
  get refused(): number {
    return this.#refused
  }

  /** When what was read is with Redis, for an instance that answers one call and ends: each takes at most its deadline. */
  async settled(): Promise<void> {
    await Promise.all(this.#puts)
  }

  /** `isOutdated` says that the answer there is of no use: then it is to be read anew, by one instance. */
  async peek({ key, dependencies }: CacheRequest<unknown>, isOutdated = false): Promise<Peek> {
    const { epoch, instanceId } = this.#parts
    const args = () => [epoch.current, instanceId, String(FILL_MS), isOutdated ? '1' : '0', ...dependencies]
    const reply = await this.#parts.link.run(this.#readScript, this.#keysOf(key), args, DEADLINE_MS)
    const [payload, fills, [memory, ...texts]] = readPeekReply(reply)
    await this.#verify(dependencies, texts)
    return { answer: payload === null ? null : this.#parse(key, payload), fills: fills === 1, memory }
  }

  /**
   * A version that Redis lacks is unknown, never 0; one that is new here may have been written by any client
   * of Redis: both are read from the database.
   */
  async #verify(dependencies: readonly string[], texts: readonly (string | null)[]): Promise<void> {
    const versions = texts.map(readVersion)
    const isNews = (name: string, i: number) =>
      !this.#known.covers(name, versions[i] ?? Number.POSITIVE_INFINITY)
    if (!dependencies.some(isNews)) return
    this.#known.merge(await this.#parts.readVersions(dependencies))
    const untrue = dependencies.filter((name, i) => texts[i] && isNews(name, i))
    if (untrue.length === 0) return
    const { junk, link, keys } = this.#parts
    // Of before the database was put back to an earlier state.
    const foreign = untrue.filter(
      (name) => !this.#known.wasKnown(name, versions[dependencies.indexOf(name)] ?? Infinity),
    )
    if (foreign.length > 0) junk.found('versions', foreign.length)
    await link.send(['HDEL', keys.versions, ...untrue], DEADLINE_MS)
  }

  /** Null for what no instance of this database has put there. */
  #parse(key: string, payload: string): SharedAnswer | null {
    const stored = this.#parts.seal.isTrueArray(payload, key) ? parseAnswer(payload) : undefined
    if (!stored) {
      this.#parts.junk.found('cache:q')
      return null
    }
    const [stamp, expiresAt, value] = stored
    return { value: deepFreeze(value), stamp: new Map(stamp), expiresAt, bytes: Buffer.byteLength(payload) }
  }

  async share(key: string, { value, stamp, expiresAt }: Loaded<unknown>, memory: string): Promise<void> {
    const { clock, ttlMs } = this.#parts
    const payload = this.#parts.seal.sealArray(JSON.stringify([[...stamp], expiresAt, value]), key)
    const boundary = expiresAt === null ? ttlMs : expiresAt - clock.now()
    const isKept = Buffer.byteLength(payload) <= MAX_ANSWER_BYTES && boundary >= 1
    const kept = { ttlMs: Math.floor(Math.min(ttlMs, boundary)), payload }
    await this.#put(key, { memory, stamp, ...(isKept ? kept : { ttlMs: 0, payload: '' }) })
  }

  /** Gives up the single-flight lease: no instance is to wait for this one any longer. */
  giveUpFill(key: string): Promise<void> {
    return this.#put(key, { memory: '', ttlMs: 0, payload: '', stamp: new Map() })
  }

  /** Nothing to keep also tells other instances not to wait for it. Never throws: it only saves them work. */
  async #put(
    key: string,
    { memory, ttlMs, payload, stamp }: { memory: string; ttlMs: number; payload: string; stamp: Versions },
  ): Promise<void> {
    const { link, epoch, instanceId } = this.#parts
    const versions = [...stamp].flatMap(([name, version]) => [name, String(version)])
    const args = () => [epoch.current, instanceId, String(ttlMs), payload, memory, ...versions]
    const put = link.run(this.#putScript, this.#keysOf(key), args, DEADLINE_MS).then((reply) => {
      if (ttlMs > 0 && reply === 0) this.#refused++
    }, nothing)
    this.#puts.add(put)
    await put
    this.#puts.delete(put)
  }

  #keysOf(key: string): string[] {
    const { keys, databaseId } = this.#parts
    const digest = hash('sha256', `${databaseId}\n${key}`, 'base64url')
    return [keys.meta, keys.versions, keys.answer(digest), keys.fill(digest)]
  }
}

function nothing(): void {}
