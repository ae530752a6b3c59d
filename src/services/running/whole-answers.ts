import type { Cache } from '../../coordination/cache.ts'
import { callReads } from '../../domain/reading/call-reads.ts'

/**
 * Whole answers as a transport sends them, under the names that it gives its calls. One is found for as long as each read that it was
 * made of would be answered from the cache, so it is never older than that.
 */
export class WholeAnswers {
  readonly #cache: Cache

  constructor(cache: Cache) {
    this.#cache = cache
  }

  /** The answer of that name, true or not. */
  peek<T>(name: string): T | undefined {
    return this.#cache.peek<T>(keyOf(name))
  }

  async find<T>(name: string): Promise<T | undefined> {
    return (await this.#cache.find<T>(keyOf(name)))?.value
  }

  /** Keeps the answer of the call under way, if all that it read came out of the cache. */
  keep(value: unknown): void {
    const reads = callReads()
    const found = reads?.found()
    if (reads && found) this.#cache.keep(keyOf(reads.name), { value, ...found })
  }
}

function keyOf(name: string): string {
  return `whole ${name}`
}
