import { setImmediate as turnIsOver } from 'node:timers/promises'
import type { Answer, Cache, CacheRequest, CacheStats, KeptAnswer, Loaded, Versions } from '../cache.ts'
import { KnownVersions, reaches } from '../known-versions.ts'
import { deepFreeze, LocalAnswers } from '../local-answers.ts'
import { type Peek, type SharedAnswer, SharedAnswers, type SharedAnswersParts } from './shared-answers.ts'

export interface RedisCacheParts extends SharedAnswersParts {
  /** Of L1; 0 turns both levels off. */
  readonly maxBytes: number
  /** False while Redis may lack versions that were committed longer than a second ago. */
  readonly isCaughtUp: () => boolean
  /** True while every version that was committed up to a second ago is known here. */
  readonly isFresh: () => boolean
}

/** A caller that cannot ask Redis loads the answer itself. */
const FILLS: Peek = { answer: null, fills: true, memory: null }
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
  readonly #shared: SharedAnswers
  #l2 = { hits: 0, misses: 0 }
  /** Counts the times that the database was found put back to an earlier state. */
  #times = 0

  constructor(parts: RedisCacheParts) {
    this.#parts = parts
    this.#answers = new LocalAnswers(parts.maxBytes)
    this.#shared = new SharedAnswers(parts, this.#known)
  }

  async get<T>(request: CacheRequest<T>): Promise<Answer<T>> {
    const isAsked = request.strong || request.isFresh
    if (isAsked) await this.#look(request.dependencies)
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
    if (kept.isFresh || !this.#parts.isFresh()) await this.#look([...kept.stamp.keys()])
    return this.#findLocal(key) as KeptAnswer<T> | undefined
  }

  keep<T>(key: string, { value, ...answer }: KeptAnswer<T>): void {
    if (!this.#isOff) this.#keep(key, { ...answer, value: deepFreeze(value) })
  }

  merge(versions: Versions): void {
    this.#known.merge(versions)
  }

  /** The database was put back to an earlier state: what was read of the later one is true no more. */
  forget(): void {
    this.#times++
    this.#answers.clear()
    this.#known.clear()
    this.#loading.clear()
  }

  stats(): CacheStats {
    return {
      l1: this.#answers.stats(),
      l2: { ...this.#l2, refused: this.#shared.refused, entries: 0, bytes: 0 },
    }
  }

  /** When what was read is with Redis, for an instance that answers one call and ends. */
  settled(): Promise<void> {
    return this.#shared.settled()
  }

  /** What was known before asking was committed before asking: a lower answer means a restored backup. */
  async #look(keys: readonly string[]): Promise<void> {
    const floor = this.#known.floor(keys)
    const versions = await this.#parts.readVersions(keys)
    if (!reaches(versions, floor)) this.forget()
    this.#known.merge(versions)
  }

  get #isOff(): boolean {
    return this.#parts.maxBytes === 0
  }

  /** L1 validated, L2, or the database. */
  async #ask(request: CacheRequest<unknown>, looksLocally: boolean): Promise<Answer<unknown>> {
    if (!this.#parts.isCaughtUp()) await this.#look(request.dependencies)
    const peek = await this.#shared.peek(request).catch(() => undefined)
    if (!peek) return this.#withoutRedis(request, looksLocally)
    const local = looksLocally ? this.#findLocal(request.key) : undefined
    if (local) return { ...local, servedFrom: 'l1' }
    const shared = await this.#found(request, peek)
    if (shared) {
      this.#l2.hits++
      this.#answers.keep(request.key, shared, shared.bytes)
      return { ...shared, servedFrom: 'l2' }
    }
    this.#l2.misses++
    return { ...(await this.#join(request, peek.memory)), servedFrom: 'database' }
  }

  /** What Redis has, or soon has because another instance reads it; null when this one is to read it itself. */
  async #found(request: CacheRequest<unknown>, peek: Peek): Promise<SharedAnswer | null> {
    if (this.#isServable(peek.answer)) return peek.answer
    const deadline = performance.now() + FILL_WAIT_MS
    let found = peek.answer ? await this.#shared.peek(request, true).catch(() => FILLS) : peek
    // Another caller here that was answered in the same turn may be about to read it.
    if (!found.fills) await turnIsOver()
    while (!found.fills && !this.#loading.has(request.key) && performance.now() < deadline) {
      if (this.#isServable(found.answer)) return found.answer
      await new Promise((resolve) => setTimeout(resolve, FILL_POLL_MS))
      found = await this.#shared.peek(request, true).catch(() => FILLS)
    }
    if (!this.#isServable(found.answer)) return null
    if (found.fills) void this.#shared.giveUpFill(request.key)
    return found.answer
  }

  async #withoutRedis(request: CacheRequest<unknown>, looksLocally: boolean): Promise<Answer<unknown>> {
    await this.#look(request.dependencies)
    const local = looksLocally ? this.#findLocal(request.key) : undefined
    if (local) return { ...local, servedFrom: 'l1' }
    return { ...(await this.#join(request, null)), servedFrom: 'database' }
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
    const times = this.#times
    const { value, stamp, expiresAt } = await request.load().catch((error: unknown) => {
      if (memory !== null) void this.#shared.giveUpFill(request.key)
      throw error
    })
    const loaded = { value: deepFreeze(value), stamp, expiresAt }
    if (times !== this.#times) return loaded
    this.#keep(request.key, loaded)
    if (memory !== null) void this.#shared.share(request.key, loaded, memory)
    return loaded
  }

  #keep(key: string, loaded: Loaded<unknown>): void {
    this.#known.merge(loaded.stamp)
    if (this.#known.isCurrent(loaded.stamp)) this.#answers.keep(key, loaded)
  }
}
