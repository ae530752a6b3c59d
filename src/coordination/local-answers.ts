import { LRUCache } from 'lru-cache'
import { type LevelStats, type Loaded, MAX_ANSWER_BYTES } from './cache.ts'

const QUOTES = 2
const SCALAR = 8

/** Level 1: answers in this process, the least recently used leaving first when their bytes pass the limit. */
export class LocalAnswers {
  readonly #answers: LRUCache<string, Loaded<unknown>>
  #hits = 0
  #misses = 0

  constructor(maxBytes: number) {
    // Every answer is larger than a byte, so 0 keeps nothing.
    const maxSize = Math.max(1, maxBytes)
    this.#answers = new LRUCache({ maxSize, maxEntrySize: Math.min(maxSize, MAX_ANSWER_BYTES) })
  }

  /** The answer of that key if it passes `isUsable`; one that does not is dropped: it can only get older. */
  find(key: string, isUsable: (answer: Loaded<unknown>) => boolean): Loaded<unknown> | undefined {
    const answer = this.#answers.get(key)
    if (answer && isUsable(answer)) {
      this.#hits++
      return answer
    }
    this.#misses++
    if (answer) this.#answers.delete(key)
    return undefined
  }

  /** The answer of that key, whether it is true or not. */
  peek(key: string): Loaded<unknown> | undefined {
    return this.#answers.peek(key)
  }

  /** `bytes` is what the value takes as JSON, where that is known. */
  keep(key: string, answer: Loaded<unknown>, bytes = sizeOf(answer.value)): void {
    this.#answers.set(key, answer, { size: key.length + bytes })
  }

  clear(): void {
    this.#answers.clear()
  }

  stats(): LevelStats {
    return {
      hits: this.#hits,
      misses: this.#misses,
      entries: this.#answers.size,
      bytes: this.#answers.calculatedSize,
    }
  }
}

/** About what JSON takes as UTF-8, without making it: answers of hundred kilobytes are kept. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value) + QUOTES
  if (typeof value !== 'object' || value === null) return SCALAR
  let bytes = QUOTES
  for (const [name, part] of Object.entries(value)) bytes += sizeOf(part) + name.length + QUOTES
  return bytes
}

/** Freezes a JSON value all through, so that the callers who share it cannot change it for each other. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const part of Object.values(value)) deepFreeze(part)
  return Object.freeze(value)
}
