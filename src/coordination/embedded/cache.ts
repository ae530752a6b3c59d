import type { Clock } from '../../domain/clock.ts'
import type { Answer, Cache, CacheRequest, CacheStats, KeptAnswer, Loaded, Versions } from '../cache.ts'
import { KnownVersions, reaches } from '../known-versions.ts'
import { deepFreeze, LocalAnswers } from '../local-answers.ts'
import { sharedLooks } from '../shared-looks.ts'

/** What the cache asks of the database. */
export interface VersionSource {
  /**
   * Differs from the last one when another process may have committed; null where the database cannot tell.
   */
  changeToken(): number | null
  readVersions(keys: readonly string[]): Promise<Versions>
}

/**
 * The cache of processes that share one database file. Before each answer the database is asked for its change token
 * (microseconds); where that moved, for the versions. So the very next read sees another process's commit.
 */
export class EmbeddedCache implements Cache {
  readonly #source: VersionSource
  readonly #readVersions: VersionSource['readVersions']
  readonly #clock: Clock
  readonly #answers: LocalAnswers
  readonly #known = new KnownVersions()
  readonly #loading = new Map<string, Promise<Loaded<unknown>>>()
  /** Keys whose known version is the database's for as long as the token stays (own commits are merged). */
  readonly #checked = new Set<string>()
  #token: number | null = null
  /** Counts the times that the database was found put back to an earlier state. */
  #epoch = 0

  constructor(source: VersionSource, options: { maxBytes: number; clock: Clock }) {
    this.#source = source
    this.#readVersions = sharedLooks((keys) => source.readVersions(keys))
    this.#clock = options.clock
    this.#answers = new LocalAnswers(options.maxBytes)
  }

  async get<T>(request: CacheRequest<T>): Promise<Answer<T>> {
    await this.#ensureChecked(request.dependencies, request.strong)
    const kept = this.#find(request.key)
    if (kept) return { ...(kept as Loaded<T>), servedFrom: 'l1' }
    return { ...((await this.#join(request)) as Loaded<T>), servedFrom: 'database' }
  }

  peek<T>(key: string): T | undefined {
    return this.#answers.peek(key)?.value as T | undefined
  }

  async find<T>(key: string): Promise<KeptAnswer<T> | undefined> {
    const kept = this.#answers.peek(key)
    if (!kept) return undefined
    await this.#ensureChecked(kept.stamp.keys())
    // One that is ahead of the database was read before a backup was restored.
    const isTrue = (answer: Loaded<unknown>) => this.#known.isExactly(answer.stamp) && this.#isValid(answer)
    return this.#answers.find(key, isTrue) as KeptAnswer<T> | undefined
  }

  keep<T>(key: string, answer: KeptAnswer<T>): void {
    this.#answers.keep(key, { ...answer, value: deepFreeze(answer.value) })
  }

  merge(versions: Versions): void {
    this.#known.merge(versions)
  }

  stats(): CacheStats {
    return { l1: this.#answers.stats() }
  }

  /** Every answer is fresh here: the token proves that no other process has committed, and without one the database is asked. */
  async #ensureChecked(keys: Iterable<string>, strong = false): Promise<void> {
    const token = this.#source.changeToken()
    if (token === null || token !== this.#token) this.#checked.clear()
    this.#token = token
    const unchecked: string[] = []
    for (const key of keys) if (strong || !this.#checked.has(key)) unchecked.push(key)
    if (unchecked.length > 0) await this.#check(unchecked)
  }

  async #check(keys: readonly string[]): Promise<void> {
    const token = this.#token
    const floor = this.#known.floor(keys)
    const versions = await this.#readVersions(keys)
    // What was known before asking was committed before asking: a lower answer means another history (a restored backup).
    if (!reaches(versions, floor)) this.#forget()
    this.#known.merge(versions)
    if (token === null || token !== this.#token) return
    for (const key of keys) this.#checked.add(key)
  }

  #forget(): void {
    this.#epoch++
    this.#answers.clear()
    this.#known.clear()
    this.#checked.clear()
    this.#loading.clear()
  }

  #find(key: string): Loaded<unknown> | undefined {
    return this.#answers.find(key, (answer) => this.#known.isCurrent(answer.stamp) && this.#isValid(answer))
  }

  #isValid({ expiresAt }: Loaded<unknown>): boolean {
    return expiresAt === null || this.#clock.now() < expiresAt
  }

  /**
   * One load at a time for a key. A caller that finds one under way waits, and takes its result only if it is
   * new enough for that caller.
   */
  async #join(request: CacheRequest<unknown>): Promise<Loaded<unknown>> {
    const floor = this.#known.floor(request.dependencies)
    for (;;) {
      const underWay = this.#loading.get(request.key)
      if (!underWay) return this.#load(request)
      const loaded = await underWay
      if (reaches(loaded.stamp, floor) && this.#isValid(loaded)) return loaded
    }
  }

  #load(request: CacheRequest<unknown>): Promise<Loaded<unknown>> {
    const loading = this.#run(request, this.#epoch).finally(() => {
      if (this.#loading.get(request.key) === loading) this.#loading.delete(request.key)
    })
    this.#loading.set(request.key, loading)
    return loading
  }

  async #run(request: CacheRequest<unknown>, epoch: number): Promise<Loaded<unknown>> {
    const { value, stamp, expiresAt } = await request.load()
    const loaded = { value: deepFreeze(value), stamp, expiresAt }
    // Kept before the load counts as ended: otherwise a caller could find neither the answer nor the load,
    // and load once more.
    if (epoch === this.#epoch) this.#keep(request.key, loaded)
    return loaded
  }

  #keep(key: string, loaded: Loaded<unknown>): void {
    this.#known.merge(loaded.stamp)
    if (this.#known.isCurrent(loaded.stamp)) this.#answers.keep(key, loaded)
  }
}
