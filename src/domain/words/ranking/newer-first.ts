/** An entry as far as it matters which of two is the newer. */
export interface Dated {
  readonly rank: number
  /** Scope and kind: only entries of the same can take one another's place. */
  readonly group: string
  /** By column: name, tags, content, more, forms. */
  readonly columns: readonly (readonly string[])[]
  readonly updatedAt: string
  readonly id: string
  /** How alike it is to another one by their word vectors; null where that is not known. */
  readonly likenessTo: (id: string) => number | null
  /** Of a session's log, in which nothing takes the place of another. */
  readonly turn: unknown
}

/** So many of the best are looked at; readers do not read on for a newer one. */
const LOOKED_AT = 12
/** How near the newer one must be already. */
const NEAR = 0.3
const SHARED_WORDS = 0.25
const ALIKE = 0.5
/** Without a date in both texts more must be alike, and both answer about as well. */
const SHARED_WORDS_UNDATED = 0.6
const NEAR_UNDATED = 0.9
const LONGER = 8

/** Of two that speak of the same the newer goes first, by the dates that they state, else by when they were written. `note` is told of each. */
export function newerFirst<T extends Dated>(
  ranked: readonly T[],
  note?: (newer: string, older: string) => void,
): T[] {
  const list = [...ranked]
  // Each is compared with many others; a long text is read once.
  const stated = new Map<Dated, string>(list.slice(0, LOOKED_AT + 8).map((one) => [one, statedDate(one)]))
  const dateOf = (one: Dated) => stated.get(one) ?? ''
  for (let at = 0; at < Math.min(list.length, LOOKED_AT); at++) {
    const older = list[at]
    if (!older) break
    const found = list.findIndex(
      (other, place) => place > at && place < LOOKED_AT + 8 && replaces(other, older, dateOf),
    )
    const [newer] = found < 0 ? [] : list.splice(found, 1)
    if (!newer) continue
    list.splice(at, 0, newer)
    note?.(newer.id, older.id)
  }
  return list
}

function replaces(newer: Dated, older: Dated, dateOf: (one: Dated) => string): boolean {
  if (newer.turn !== null || newer.group !== older.group || newer.rank < older.rank * NEAR) return false
  const dates = [dateOf(newer), dateOf(older)]
  const isStated = dates.every((date) => date !== '')
  const isNewer = isStated ? (dates[0] ?? '') > (dates[1] ?? '') : newer.updatedAt > older.updatedAt
  return isNewer && isAlike(newer, older, isStated)
}

function isAlike(one: Dated, other: Dated, isStated: boolean): boolean {
  const [a, b] = [one, other].map(({ columns }) => new Set([...(columns[0] ?? []), ...(columns[2] ?? [])]))
  if (!a || !b || Math.max(a.size, b.size) > LONGER * Math.min(a.size, b.size)) return false
  if (!sameTags(one, other)) return false
  const shared = [...a].filter((word) => b.has(word)).length / Math.min(a.size, b.size)
  if (!isStated) return shared >= SHARED_WORDS_UNDATED && one.rank >= other.rank * NEAR_UNDATED
  return shared >= SHARED_WORDS || (shared > 0 && (one.likenessTo(other.id) ?? 0) >= ALIKE)
}

function sameTags(one: Dated, other: Dated): boolean {
  const [a = [], b = []] = [one.columns[1], other.columns[1]]
  return a.every((tag) => b.includes(tag)) && b.every((tag) => a.includes(tag))
}

const DATE = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])?(?:[0-3]\d)?$/

/** The latest date that the text states, as digits; '' if it states none. */
function statedDate({ columns }: Dated): string {
  const dates = columns.flatMap((words) =>
    words.filter((word) => DATE.test(word) && word.length !== 5 && word.length !== 7),
  )
  return dates.sort().at(-1) ?? ''
}
