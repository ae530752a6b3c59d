import type { StoredTerms } from './stored-terms.ts'

/** An entry as far as it matters which of two is the newer. */
export interface Dated {
  readonly rank: number
  /** Scope and kind: only entries of the same can take one another's place. */
  readonly group: string
  readonly terms: StoredTerms
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
  /** The latest that the text states, as digits; '' if it states none. */
  readonly date: string
  /** The different words of name and content, by number: to compare sets of numbers is cheaper than of texts. */
  readonly words: ReadonlySet<number>
}

const NAME = 0
const TAGS = 1
const CONTENT = 2
/** Numbers of 30 bits are kept in a set without an object for each. */
const SMALL = 0x3fff_ffff

function readingOf({ terms }: Dated): Read {
  let date = ''
  const words = new Set<number>()
  terms.eachTerm((column, number, start, end) => {
    if (column === NAME || column === CONTENT) words.add(number & SMALL)
    const stated = dateAt(terms.text, start, end)
    if (stated > date) date = stated
  })
  return { date, words }
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
  { a, b, isStated }: { a: ReadonlySet<number>; b: ReadonlySet<number>; isStated: boolean },
): boolean {
  if (Math.max(a.size, b.size) > LONGER * Math.min(a.size, b.size)) return false
  let both = 0
  for (const word of a) if (b.has(word)) both++
  const shared = both / Math.min(a.size, b.size)
  if (!isStated) return shared >= SHARED_WORDS_UNDATED && one.rank >= other.rank * NEAR_UNDATED
  return shared >= SHARED_WORDS || (shared > 0 && (one.likenessTo(other.id) ?? 0) >= ALIKE)
}

function sameTags(one: Dated, other: Dated): boolean {
  const [a, b] = [one.terms.column(TAGS), other.terms.column(TAGS)]
  return a.every((tag) => b.includes(tag)) && b.every((tag) => a.includes(tag))
}

const DATE = /^(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?:[0-3]\d)?)?$/
const ONE = 0x31
const TWO = 0x32

/** The year, month or day that stands there, as digits; '' if none does. */
function dateAt(text: string, start: number, end: number): string {
  const length = end - start
  const first = text.charCodeAt(start)
  if ((length !== 4 && length !== 6 && length !== 8) || (first !== ONE && first !== TWO)) return ''
  const word = text.slice(start, end)
  return DATE.test(word) ? word : ''
}
