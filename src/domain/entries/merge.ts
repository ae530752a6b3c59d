import { canonicalJson } from '../text/canonical-json.ts'
import type { Entry } from './entry.ts'

/** The fields that these versions of an entry, one after the other, wrote. */
export function writtenFields(versions: readonly Entry[]): Set<string> {
  const written = new Set<string>()
  for (const [at, after] of versions.entries()) {
    const before = versions[at - 1]
    if (!before) continue
    const names = new Set([...Object.keys(before), ...Object.keys(after)])
    for (const name of names) if (!isEqual(before[name], after[name])) written.add(name)
  }
  for (const bookkeeping of ['version', 'updated_at', 'updated_by']) written.delete(bookkeeping)
  return written
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
