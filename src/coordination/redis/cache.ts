import { hash } from 'node:crypto'
import { setImmediate as turnIsOver } from 'node:timers/promises'
import type { Clock } from '../../domain/clock.ts'
import {
  type Answer,
  type Cache,
  type CacheRequest,
  type CacheStats,
  type KeptAnswer,
  type Loaded,
  MAX_ANSWER_BYTES,
  type Versions,
} from '../cache.ts'
import { KnownVersions, reaches } from '../known-versions.ts'
import { deepFreeze, LocalAnswers } from '../local-answers.ts'
import type { RedisLink } from './connection/link.ts'
import type { Junk } from './junk.ts'
import type { RedisKeys } from './keys.ts'
import type { RedisEpoch } from './leases/epoch.ts'
import { loadScript } from './script.ts'
import type { Seal } from './seal.ts'
import { parseAnswer, readPeekReply, readVersion } from './values.ts'

export interface RedisCacheParts {
  readonly link: RedisLink
  readonly keys: RedisKeys
  readonly epoch: RedisEpoch
  readonly instanceId: string
  /** The database's id: answers of another database are not even found. */
  readonly databaseId: string
  readonly seal: Seal
  readonly junk: Junk
  readonly clock: Clock
  /** Of L1; 0 turns both levels off. */
  readonly maxBytes: number
  readonly ttlMs: number
  /** The database's versions: for `strong`, and for every answer while Redis is away. */
  readonly readVersions: (keys: readonly string[]) => Promise<Versions>
  /** False while Redis may lack versions that were committed longer than a second ago. */
  readonly isCaughtUp: () => boolean
  /** True while every version that was committed up to a second ago is known here. */
  readonly isFresh: () => boolean
}

/** What one round trip to Redis found. */
interface Peek {
  readonly answer: SharedAnswer | null
  /** This instance is to read it from the database; another one is doing it when false. */
  readonly fills: boolean
  /** Names what Redis knew of versions: it takes nothing that was read before it lost them. Null: it was not asked. */
  readonly memory: string | null
}

/** An answer as it stood in Redis. */
interface SharedAnswer extends Loaded<unknown> {
  readonly bytes: number
}

/** A caller that cannot ask Redis loads the answer itself. */
const FILLS: Peek = { answer: null, fills: true, memory: null }
const DEADLINE_MS = 250
const FILL_MS = 2_000
const FILL_WAIT_MS = 500
const FILL_POLL_MS = 20

/**
 * Answers in this process (L1) and in Redis (L2), stamped with versions born in the database (docs: the cache protocol, R1–R7).
 *
 * Another instance's write is seen after the delivery of one message; within a second when messages are lost or Redis is
 * away, empty or replaced. Redis never makes an answer wrong: whatever it lacks or refuses is asked from the database, and so
 * is whatever it says that the database has not said before. An answer from it counts with a true seal only.
 */
export class RedisCache implements Cache {
  readonly #parts: RedisCacheParts
  readonly #answers: LocalAnswers
  readonly #known = new KnownVersions()
  readonly #loading = new Map<string, Promise<Loaded<unknown>>>()
  readonly #readScript = loadScript('read')
  readonly #putScript = loadScript('put')
  /** On their way to Redis. */
  readonly #puts = new Set<Promise<void>>()
  #l2 = { hits: 0, misses: 0, refused: 0 }

  constructor(parts: RedisCacheParts) {
    this.#parts = parts
    this.#answers = new LocalAnswers(parts.maxBytes)
  }

  async get<T>(request: CacheRequest<T>): Promise<Answer<T>> {
    const isAsked = request.strong || request.isFresh
    if (isAsked) this.#known.merge(await this.#parts.readVersions(request.dependencies))
    if (this.#isOff) return { ...((await this.#join(request, null)) as Loaded<T>), servedFrom: 'database' }
    const mayAnswerAlone = isAsked || this.#parts.isFresh()
    const kept = mayAnswerAlone ? this.#findLocal(request.key) : undefined
    if (kept) return { ...(kept as Loaded<T>), servedFrom: 'l1' }
    const answer = request.isOwn
      ? await this.#withoutRedis(request, !mayAnswerAlone)
      : await this.#ask(request, !mayAnswerAlone)
    return answer as Answer<T>
  }

  peek<T>(key: string): T | undefined {
    return this.#answers.peek(key)?.value as T | undefined
  }

  async find<T>(key: string): Promise<KeptAnswer<T> | undefined> {
    const kept = this.#answers.peek(key) as KeptAnswer<T> | undefined
    if (!kept) return undefined
    if (kept.isFresh || !this.#parts.isFresh())
      this.#known.merge(await this.#parts.readVersions([...kept.stamp.keys()]))
    return this.#findLocal(key) as KeptAnswer<T> | undefined
  }

  keep<T>(key: string, { value, ...answer }: KeptAnswer<T>): void {
    if (!this.#isOff) this.#keep(key, { ...answer, value: deepFreeze(value) })
  }

  merge(versions: Versions): void {
    this.#known.merge(versions)
  }

  stats(): CacheStats {
    return { l1: this.#answers.stats(), l2: { ...this.#l2, entries: 0, bytes: 0 } }
  }

  /** When what was read is with Redis, for an instance that answers one call and ends: each takes at most its deadline. */
  async settled(): Promise<void> {
    await Promise.all(this.#puts)
  }

  get #isOff(): boolean {
    return this.#parts.maxBytes === 0
  }

  /** L1 validated, L2, or the database. */
  async #ask(request: CacheRequest<unknown>, looksLocally: boolean): Promise<Answer<unknown>> {
    if (!this.#parts.isCaughtUp()) this.#known.merge(await this.#parts.readVersions(request.dependencies))
    const peek = await this.#peek(request).catch(() => undefined)
    if (!peek) return this.#withoutRedis(request, looksLocally)
    const local = looksLocally ? this.#findLocal(request.key) : undefined
    if (local) return { ...local, servedFrom: 'l1' }
    const shared = await this.#shared(request, peek)
    if (shared) {
      this.#l2.hits++
      this.#answers.keep(request.key, shared, shared.bytes)
      return { ...shared, servedFrom: 'l2' }
    }
    this.#l2.misses++
    return { ...(await this.#join(request, peek.memory)), servedFrom: 'database' }
  }

  /** What Redis has, or soon has because another instance reads it; null when this one is to read it itself. */
  async #shared(request: CacheRequest<unknown>, peek: Peek): Promise<SharedAnswer | null> {
    if (this.#isServable(peek.answer)) return peek.answer
    const deadline = performance.now() + FILL_WAIT_MS
    let found = peek.answer ? await this.#peek(request, true).catch(() => FILLS) : peek
    // Another caller here that was answered in the same turn may be about to read it.
    if (!found.fills) await turnIsOver()
    while (!found.fills && !this.#loading.has(request.key) && performance.now() < deadline) {
      if (this.#isServable(found.answer)) return found.answer
      await new Promise((resolve) => setTimeout(resolve, FILL_POLL_MS))
      found = await this.#peek(request, true).catch(() => FILLS)
    }
    if (!this.#isServable(found.answer)) return null
    if (found.fills) void this.#giveUpFill(request.key)
    return found.answer
  }

  async #withoutRedis(request: CacheRequest<unknown>, looksLocally: boolean): Promise<Answer<unknown>> {
    this.#known.merge(await this.#parts.readVersions(request.dependencies))
    const local = looksLocally ? this.#findLocal(request.key) : undefined
    if (local) return { ...local, servedFrom: 'l1' }
    return { ...(await this.#join(request, null)), servedFrom: 'database' }
  }

  /** `isOutdated` says that the answer there is of no use: then it is to be read anew, by one instance. */
  async #peek({ key, dependencies }: CacheRequest<unknown>, isOutdated = false): Promise<Peek> {
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
    junk.found('versions', untrue.length)
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

  #findLocal(key: string): Loaded<unknown> | undefined {
    return this.#answers.find(key, (answer) => this.#isUsable(answer))
  }

  #isUsable(answer: Loaded<unknown>): boolean {
    return this.#known.isCurrent(answer.stamp) && this.#isValid(answer)
  }

  /** Not one that is ahead of what the database has said: it was true of another one, or in another time of this one. */
  #isServable(answer: SharedAnswer | null): answer is SharedAnswer {
    if (!answer || !this.#isUsable(answer)) return false
    return [...answer.stamp].every(([name, version]) => this.#known.covers(name, version))
  }

  #isValid({ expiresAt }: Loaded<unknown>): boolean {
    return expiresAt === null || this.#parts.clock.now() < expiresAt
  }

  /**
   * One load at a time for a key. A caller that finds one under way waits, and takes its result only if it is
   * new enough for that caller.
   */
  async #join(request: CacheRequest<unknown>, memory: Peek['memory']): Promise<Loaded<unknown>> {
    const floor = this.#known.floor(request.dependencies)
    for (;;) {
      const underWay = this.#loading.get(request.key)
      if (!underWay) return this.#load(request, memory)
      const loaded = await underWay
      if (reaches(loaded.stamp, floor) && this.#isValid(loaded)) return loaded
    }
  }

  #load(request: CacheRequest<unknown>, memory: Peek['memory']): Promise<Loaded<unknown>> {
    const loading = this.#fill(request, memory).finally(() => {
      if (this.#loading.get(request.key) === loading) this.#loading.delete(request.key)
    })
    this.#loading.set(request.key, loading)
    return loading
  }

  async #fill(request: CacheRequest<unknown>, memory: Peek['memory']): Promise<Loaded<unknown>> {
    const { value, stamp, expiresAt } = await request.load().catch((error: unknown) => {
      if (memory !== null) void this.#giveUpFill(request.key)
      throw error
    })
    const loaded = { value: deepFreeze(value), stamp, expiresAt }
    this.#keep(request.key, loaded)
    if (memory !== null) void this.#share(request.key, loaded, memory)
    return loaded
  }

  #keep(key: string, loaded: Loaded<unknown>): void {
    this.#known.merge(loaded.stamp)
    if (this.#known.isCurrent(loaded.stamp)) this.#answers.keep(key, loaded)
  }

  async #share(key: string, { value, stamp, expiresAt }: Loaded<unknown>, memory: string): Promise<void> {
    const { clock, ttlMs } = this.#parts
    const payload = this.#parts.seal.sealArray(JSON.stringify([[...stamp], expiresAt, value]), key)
    const boundary = expiresAt === null ? ttlMs : expiresAt - clock.now()
    const isKept = Buffer.byteLength(payload) <= MAX_ANSWER_BYTES && boundary >= 1
    const kept = { ttlMs: Math.floor(Math.min(ttlMs, boundary)), payload }
    await this.#put(key, { memory, stamp, ...(isKept ? kept : { ttlMs: 0, payload: '' }) })
  }

  /** Gives up the single-flight lease: no instance is to wait for this one any longer. */
  #giveUpFill(key: string): Promise<void> {
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
      if (ttlMs > 0 && reply === 0) this.#l2.refused++
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
