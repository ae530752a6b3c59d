import { endianness } from 'node:os'
import { queryTerms } from './search-terms.ts'

const SNIPPET_CHARACTERS = 200
/** What is shown before the first word found. */
const LEAD = 30
const PLACES_PER_TERM = 20

/** Whitespace that is not one space already: in most texts there is little to replace. */
const UNEVEN = /\s{2,}|[^\S ]/g

interface Place {
  readonly at: number
  readonly term: string
}

/** The part of the text around the most of the query's words, as plain text on one line, about 200 characters. */
export function snippetOf(text: string, query: string): string {
  const flat = text.replace(UNEVEN, ' ').trim()
  if (flat.length <= SNIPPET_CHARACTERS) return flat
  const start = wordStart(flat, bestStart(flat, query) - LEAD)
  const end = wholeCharacter(flat, start + SNIPPET_CHARACTERS)
  return `${start > 0 ? '…' : ''}${flat.slice(start, end).trim()}${end < flat.length ? '…' : ''}`
}

/** Where the stretch begins that holds the most different terms. */
function bestStart(text: string, query: string): number {
  const folded = fold(text)
  const terms = queryTerms(query).map(fold)
  const places = terms.flatMap((term) => placesOf(folded, term)).sort((a, b) => a.at - b.at)
  let best = { at: 0, terms: 0 }
  for (const [index, { at }] of places.entries()) {
    const terms = termsWithin(places, index, SNIPPET_CHARACTERS - LEAD - 10)
    if (terms > best.terms) best = { at, terms }
  }
  return best.at
}

function placesOf(text: string, term: string): Place[] {
  const stem = stemOf(term)
  const places: Place[] = []
  let at = text.indexOf(stem)
  while (at >= 0 && places.length < PLACES_PER_TERM) {
    places.push({ at, term })
    at = text.indexOf(stem, at + 1)
  }
  return places
}

function termsWithin(places: readonly Place[], first: number, characters: number): number {
  const end = (places[first]?.at ?? 0) + characters
  const terms = new Set<string>()
  for (let index = first; index < places.length; index++) {
    const place = places[index]
    if (!place || place.at >= end) break
    terms.add(place.term)
  }
  return terms.size
}

/** The index finds "locked" for "locks": the common beginning is what can be shown. */
function stemOf(term: string): string {
  return term.length > 5 ? term.slice(0, Math.max(4, term.length - 3)) : term
}

const ASCII = /^[\0-\x7f]*$/
/** Of each code unit the one that it is folded to, 0 where that was not worked out yet. */
let foldedUnits: Uint16Array | undefined

/** Lower case without accents, every character at its old place. */
function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase()
  foldedUnits ??= new Uint16Array(2 ** 16)
  const units = new Uint16Array(text.length)
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    const known = foldedUnits[unit] || foldedUnit(unit)
    foldedUnits[unit] = known
    units[at] = known
  }
  const bytes = Buffer.from(units.buffer)
  return (endianness() === 'LE' ? bytes : bytes.swap16()).toString('utf16le')
}

/** The letter without its marks. A syllable of Hangul is made of letters: its first alone would be another word. */
function foldedUnit(unit: number): number {
  const lower = String.fromCharCode(unit).toLowerCase()
  const base = lower.normalize('NFD').replace(/\p{M}+$/u, '')
  const folded = base.length === 1 ? base : lower
  return folded.length === 1 ? folded.charCodeAt(0) : unit
}

/** Not in the middle of a word, where its end is near. */
function wordStart(text: string, start: number): number {
  if (start <= 0) return 0
  const space = text.indexOf(' ', start)
  return space >= 0 && space - start < 20 ? space + 1 : wholeCharacter(text, start)
}

/** The place itself, or the next one where it would cut a character in half. */
function wholeCharacter(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at
}
