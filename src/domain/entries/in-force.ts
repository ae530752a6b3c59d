import { GLOBAL_SCOPE_ID } from '../scope.ts'
import type { Entry } from './entry.ts'

// The one rule for what is in force: active, valid at the asked moment, and of one name the nearest. Every read goes by it,
// as these functions or as the same condition in SQL (store/entries/in-force.ts).

/** What decides whether an entry is in force by itself. Times are ISO 8601 UTC; absent or null is open. */
interface Validity {
  readonly status: string
  readonly valid_from?: unknown
  readonly valid_until?: unknown
}

/** What decides which of several entries of one name is read. */
export interface NamedEntry {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly scopeId: string
}

/** How an entry ranks among those of its type and name in a scope chain. */
export interface Standing<T> {
  /** A nearer one is read in its place. */
  readonly isHidden: boolean
  /** The farther ones that it hides, nearest first. */
  readonly overrides: readonly T[]
}

/** True of an active entry inside its validity window at `at` (ISO 8601 UTC). */
export function isInForce({ status, valid_from, valid_until }: Validity, at: string): boolean {
  return status === 'active' && !startsAfter(valid_from, at) && !endedBy(valid_until, at)
}

/** Why an active entry is not in force, as fields for its reader; nothing where it is. */
export function validityMark(
  { valid_from, valid_until }: Validity,
  at: string,
): { expired?: true; not_yet_valid?: true } {
  if (endedBy(valid_until, at)) return { expired: true }
  return startsAfter(valid_from, at) ? { not_yet_valid: true } : {}
}

/** Whether it was to be looked at again by now, as a field for its reader. */
export function reviewMark(entry: Readonly<Record<string, unknown>>, at: string): { review_due?: true } {
  const { review_by: by } = entry
  return typeof by === 'string' && by <= at ? { review_due: true } : {}
}

function startsAfter(from: unknown, at: string): boolean {
  return typeof from === 'string' && from > at
}

function endedBy(until: unknown, at: string): boolean {
  return typeof until === 'string' && until <= at
}

export function namedEntry({ id, type, name, scope_id }: Entry): NamedEntry {
  return { id, type, name, scopeId: scope_id ?? GLOBAL_SCOPE_ID }
}

/**
 * Judges entries against `namesakes`, all in force, of the same names in `scopeIds`, nearest scope first. Entries of other
 * scopes stand alone.
 */
export function standingAmong<T extends NamedEntry>(
  namesakes: readonly T[],
  scopeIds: readonly string[],
): (entry: NamedEntry) => Standing<T> {
  const byName = new Map<string, T[]>()
  for (const entry of namesakes) {
    const key = nameKey(entry)
    byName.set(key, [...(byName.get(key) ?? []), entry])
  }
  const distance = ({ scopeId }: NamedEntry) => scopeIds.indexOf(scopeId)
  return (entry) => {
    const own = distance(entry)
    const others = byName.get(nameKey(entry)) ?? []
    if (own < 0) return { isHidden: false, overrides: [] }
    return {
      isHidden: others.some((other) => distance(other) >= 0 && distance(other) < own),
      overrides: others.filter((other) => distance(other) > own).sort((a, b) => distance(a) - distance(b)),
    }
  }
}

function nameKey({ type, name }: NamedEntry): string {
  return `${type}\n${name}`
}
