import type { Versions } from './cache.ts'

/** The highest version of each scope key that this process has learnt. A key without one is unknown, never 0. */
export class KnownVersions {
  readonly #versions = new Map<string, number>()
  /** The highest of those that were forgotten. */
  readonly #forgotten = new Map<string, number>()

  /** By maximum: order, loss and repetition of messages cannot hurt. */
  merge(versions: Versions): void {
    for (const [key, version] of versions) {
      const known = this.#versions.get(key)
      if (known === undefined || version > known) this.#versions.set(key, version)
    }
  }

  /** The versions that an answer must reach to be served to a caller who asks now. */
  floor(keys: readonly string[]): Versions {
    return new Map(keys.flatMap((key) => this.#entry(key)))
  }

  /** True when no newer version of any of these keys is known, and none of them is unknown. */
  isCurrent(stamp: Versions): boolean {
    for (const [key, version] of stamp) {
      const known = this.#versions.get(key)
      if (known === undefined || version < known) return false
    }
    return true
  }

  /** True when it has the known version of each of its keys. */
  isExactly(stamp: Versions): boolean {
    for (const [key, version] of stamp) if (this.#versions.get(key) !== version) return false
    return true
  }

  /** True when that is not later than what is known of the key; of an unknown key everything is later. */
  covers(key: string, version: number): boolean {
    return version <= (this.#versions.get(key) ?? Number.NEGATIVE_INFINITY)
  }

  /** True for one that was known before it was forgotten. */
  wasKnown(key: string, version: number): boolean {
    return version <= (this.#forgotten.get(key) ?? Number.NEGATIVE_INFINITY)
  }

  clear(): void {
    for (const [key, version] of this.#versions)
      if (!this.wasKnown(key, version)) this.#forgotten.set(key, version)
    this.#versions.clear()
  }

  #entry(key: string): [string, number][] {
    const version = this.#versions.get(key)
    return version === undefined ? [] : [[key, version]]
  }
}

/** True when the stamp is as new as the floor in every key. */
export function reaches(stamp: Versions, floor: Versions): boolean {
  for (const [key, version] of floor) {
    const stamped = stamp.get(key)
    if (stamped === undefined || stamped < version) return false
  }
  return true
}
