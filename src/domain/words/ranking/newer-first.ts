/** An entry as far as it matters which of two is the newer. */
export interface Dated {
  readonly rank: number
  /** Scope and kind: only entries of the same can take one another's place. */
  readonly group: string
  /** By column: name, tags, content, more, forms. */
  readonly terms: { readonly columns: readonly (readonly string[])[] }
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
  const known = new Map<Dated, Read>()
  // Each is compared with many others; a long text is read once.
  const read = (one: Dated) => {
    const reading = known.get(one) ?? readingOf(one)
    known.set(one, reading)
    return reading
  }
  for (let at = 0; at < Math.min(list.length, LOOKED_AT); at++) {
    const older = list[at]
    if (!older) break
    const found = list.findIndex(
      (other, place) => place > at && place < LOOKED_AT + 8 && replaces(other, older, read),
    )
    const [newer] = found < 0 ? [] : list.splice(found, 1)
    if (!newer) continue
    list.splice(at, 0, newer)
    note?.(newer.id, older.id)
  }
  return list
}

interface Read {
  readonly date: string
  readonly words: ReadonlySet<string>
}

function readingOf(one: Dated): Read {
  const { columns } = one.terms
  return { date: statedDate(one), words: new Set([...(columns[0] ?? []), ...(columns[2] ?? [])]) }
}

function replaces(newer: Dated, older: Dated, read: (one: Dated) => Read): boolean {
  if (newer.turn !== null || newer.group !== older.group || newer.rank < older.rank * NEAR) return false
  const [a, b] = [read(newer), read(older)]
  const isStated = a.date !== '' && b.date !== ''
  const isNewer = isStated ? a.date > b.date : newer.updatedAt > older.updatedAt
  return isNewer && sameTags(newer, older) && isAlike(newer, older, { a: a.words, b: b.words, isStated })
}

function isAlike(
  one: Dated,
  other: Dated,
  { a, b, isStated }: { a: ReadonlySet<string>; b: ReadonlySet<string>; isStated: boolean },
): boolean {
  if (Math.max(a.size, b.size) > LONGER * Math.min(a.size, b.size)) return false
  let both = 0
  for (const word of a) if (b.has(word)) both++
  const shared = both / Math.min(a.size, b.size)
  if (!isStated) return shared >= SHARED_WORDS_UNDATED && one.rank >= other.rank * NEAR_UNDATED
  return shared >= SHARED_WORDS || (shared > 0 && (one.likenessTo(other.id) ?? 0) >= ALIKE)
}

function sameTags(one: Dated, other: Dated): boolean {
  const [a = [], b = []] = [one.terms.columns[1], other.terms.columns[1]]
  return a.every((tag) => b.includes(tag)) && b.every((tag) => a.includes(tag))
}

const DATE = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])?(?:[0-3]\d)?$/

/** The latest date that the text states, as digits; '' if it states none. */
function statedDate({ terms: { columns } }: Dated): string {
  const dates = columns.flatMap((words) =>
    words.filter((word) => DATE.test(word) && word.length !== 5 && word.length !== 7),
  )
  return dates.sort().at(-1) ?? ''
}
