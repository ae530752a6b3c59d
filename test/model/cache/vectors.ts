import { KnownVersions, reaches } from '../../../src/coordination/known-versions.ts'
import type { Vector } from './state.ts'

// The rules of merging and comparing are those of the product: its own functions, on the vectors of the model.

const UNKNOWN = -1

/** R3. */
export const merged = remembered((known: Vector, versions: Vector): Vector => {
  const real = knowing(known)
  real.merge(mapOf(versions))
  const floor = real.floor(known.map((_, key) => String(key)))
  return known.map((_, key) => floor.get(String(key)) ?? UNKNOWN)
})

/** R2. */
export const isCurrent = remembered((known: Vector, stamp: Vector): boolean =>
  knowing(known).isCurrent(mapOf(stamp)),
)

/** R2, for a caller that joins a load. */
export const reachesFloor = remembered((stamp: Vector, floor: Vector): boolean =>
  reaches(mapOf(stamp), mapOf(floor)),
)

export function isComplete(versions: Vector): boolean {
  return versions.every((version) => version !== UNKNOWN)
}

export function isBelow(a: Vector, b: Vector): boolean {
  return a.some((version, key) => version < (b[key] ?? UNKNOWN))
}

export function isSame(a: Vector, b: Vector): boolean {
  return a.every((version, key) => version === b[key])
}

export function maxima(a: Vector, b: Vector): Vector {
  return a.map((version, key) => Math.max(version, b[key] ?? UNKNOWN))
}

export function only(key: number, version: number, keys: number): Vector {
  return Array.from({ length: keys }, (_, at) => (at === key ? version : UNKNOWN))
}

function knowing(versions: Vector): KnownVersions {
  const known = new KnownVersions()
  known.merge(mapOf(versions))
  return known
}

function mapOf(versions: Vector): Map<string, number> {
  return new Map(
    versions.flatMap((version, key) => (version === UNKNOWN ? [] : ([[String(key), version]] as const))),
  )
}

/** There are few different vectors: each pair is worked out once. */
function remembered<T>(fn: (a: Vector, b: Vector) => T): (a: Vector, b: Vector) => T {
  const results = new Map<number, T>()
  return (a, b) => {
    const key = code(a) * 1_000_000 + code(b)
    const before = results.get(key)
    if (before !== undefined) return before
    const result = fn(a, b)
    results.set(key, result)
    return result
  }
}

/** Versions below 9 of at most three keys, and which of them there are, as one number. */
function code(vector: Vector): number {
  let number = vector.length
  for (const version of vector) number = number * 10 + version + 1
  return number
}
