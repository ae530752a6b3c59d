import { canonicalJson } from '../canonical-json.ts'
import type { Entry } from './entry.ts'

/** What becomes of a change that was made on an older version of an entry. */
export interface Merge {
  /** The given fields that differ from the current version: what is left to write. */
  readonly changed: readonly string[]
  /** The given fields that somebody else has set to something else meanwhile. */
  readonly clashes: readonly string[]
}

/** Three-way merge, field by field: a field clashes when both sides moved it away from `base` to different values. */
export function mergeFields(base: Entry, current: Entry, patch: Readonly<Record<string, unknown>>): Merge {
  const changed = changedFields(current, patch)
  const clashes = changed.filter((field) => !isEqual(base[field], current[field]))
  return { changed, clashes }
}

/** The fields of `patch` whose value is not the entry's own. */
export function changedFields(entry: Entry, patch: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(patch).filter((field) => !isEqual(entry[field], patch[field]))
}

/** Only these fields of an object, `null` for a missing one. */
export function pick(
  source: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, source[field] ?? null]))
}

function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (a === null || a === undefined || b === null || b === undefined) return (a ?? null) === (b ?? null)
  return typeof a === 'object' && typeof b === 'object' && canonicalJson(a) === canonicalJson(b)
}
