import { columnsOf, TERMS_FROM } from '../document.ts'
import { isThere, numberWith, placeOf } from '../recent.ts'
import type { Columns } from '../turns.ts'

const SPACE = 0x20
const NEWLINE = 0x0a

/** Terms that are looked for in many texts, each with its place among them. */
export class WantedTerms {
  readonly count: number
  readonly #terms: readonly string[]
  /** At the place of a term's number its own place and one more, or at the next that is free. */
  readonly #table: Uint16Array

  constructor(terms: Iterable<string>) {
    this.#terms = [...terms]
    this.count = this.#terms.length
    // At most a quarter full: few stand in each other's place.
    this.#table = new Uint16Array(2 ** Math.ceil(Math.log2(4 * (this.count + 1))))
    for (const [at, term] of this.#terms.entries()) this.#put(term, at)
  }

  /** The place of a term, -1 for one that is not looked for. */
  placeOf(term: string): number {
    return this.find(term, 0, term.length, numberOf(term))
  }

  /** The same of a piece of a text that has this number (recent.ts). */
  find(text: string, start: number, end: number, number: number): number {
    const { length } = this.#table
    for (let slot = placeOf(number, length); ; slot = (slot + 1) & (length - 1)) {
      const at = (this.#table[slot] ?? 0) - 1
      if (at < 0 || isThere(this.#terms[at] ?? '', text, start, end)) return at
    }
  }

  #put(term: string, at: number): void {
    const { length } = this.#table
    let slot = placeOf(numberOf(term), length)
    while (this.#table[slot] !== 0) slot = (slot + 1) & (length - 1)
    this.#table[slot] = at + 1
  }
}

function numberOf(term: string): number {
  let number = 0
  for (let at = 0; at < term.length; at++) number = numberWith(number, term.charCodeAt(at))
  return number
}

/** The terms of an entry as they are stored (document.ts). */
export class StoredTerms {
  readonly text: string
  #columns: Columns | undefined

  constructor(text: string) {
    this.text = text
  }

  /** Cut when they are first asked for: a search compares hundreds of entries, and looks closer at a few. */
  get columns(): Columns {
    this.#columns ??= columnsOf(this.text)
    return this.#columns
  }

  /** The terms of one column, without cutting the others. */
  column(at: number): string[] {
    let start = TERMS_FROM
    for (let before = 0; before < at; before++) {
      const end = this.text.indexOf('\n', start)
      if (end < 0) return []
      start = end + 1
    }
    const end = this.text.indexOf('\n', start)
    const line = this.text.slice(start, end < 0 ? undefined : end)
    return line === '' ? [] : line.split(' ')
  }

  /** `visit` is told of each term: its column, its number (recent.ts) and where it stands in `text`. */
  eachTerm(visit: (column: number, number: number, start: number, end: number) => void): void {
    const text = this.text
    let [column, start, number] = [0, TERMS_FROM, 0]
    for (let at = TERMS_FROM; at <= text.length; at++) {
      const code = at < text.length ? text.charCodeAt(at) : NEWLINE
      if (code !== SPACE && code !== NEWLINE) {
        number = numberWith(number, code)
        continue
      }
      if (at > start) visit(column, number, start, at)
      start = at + 1
      number = 0
      if (code === NEWLINE) column++
    }
  }

  /** Where wanted terms stand, as `find` says of each column when it ends: the text is gone through without cutting it. */
  eachColumn(wanted: WantedTerms, ended: (column: number, words: number, found: Found) => void): void {
    const text = this.text
    found.count = 0
    let [column, words, start, number] = [0, 0, TERMS_FROM, 0]
    let lineStart = TERMS_FROM
    for (let at = TERMS_FROM; at <= text.length; at++) {
      const code = at < text.length ? text.charCodeAt(at) : NEWLINE
      if (code !== SPACE && code !== NEWLINE) {
        number = numberWith(number, code)
        continue
      }
      if (at > start) addFound(wanted.find(text, start, at, number))
      words++
      start = at + 1
      number = 0
      if (code === SPACE) continue
      ended(column, at === lineStart ? 0 : words, found)
      column++
      words = 0
      lineStart = start
      found.count = 0
    }
  }
}

/** The places of the terms that were found, as often as they were. */
export interface Found {
  count: number
  places: Uint16Array
}

/** One for all texts: it is read before the next column begins. */
const found: Found = { count: 0, places: new Uint16Array(256) }

function addFound(place: number): void {
  if (place < 0) return
  if (found.count === found.places.length) {
    const more = new Uint16Array(2 * found.places.length)
    more.set(found.places)
    found.places = more
  }
  found.places[found.count++] = place
}
