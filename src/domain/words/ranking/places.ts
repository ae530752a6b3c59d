import type { Turn } from '../turns.ts'
import { type StoredTerms, WantedTerms } from './stored-terms.ts'
import type { Weights } from './weights.ts'
import { COLUMNS, PLACES, type Place } from './why.ts'

const AROUND_LENGTH_MATTERS = 0.5
const USUAL_LENGTHS = [3, 2, 30, 4, 1] as const
const CONTENT = 2

interface Placed {
  readonly terms: StoredTerms
  readonly turn: Turn | null
}

export interface Counting {
  /** All terms of all words of the question: no other needs to be looked at. */
  readonly wanted: WantedTerms
  /** By place, how often a term stands in the entry that is looked at: one array for all entries, for there are hundreds. */
  readonly often: Float64Array
}

/** How often each of the terms stands there, the columns weighed and their lengths taken into account. */
export function countPlaces({ terms, turn }: Placed, weights: Weights, { wanted, often }: Counting): void {
  often.fill(0)
  terms.eachColumn(wanted, (at, words, found) => {
    if (found.count === 0) return
    const [weight = 1, matters = 0] = [weights.columns[at], weights.lengthMatters[at]]
    const part = weight / lengthOf(words, { at, matters, shortest: weights.shortest })
    for (let nth = 0; nth < found.count; nth++) add(often, found.places[nth] ?? 0, part)
  })
  for (const { columns: near, weight } of turn?.around ?? []) {
    const words = near[CONTENT] ?? []
    const length = { at: CONTENT, matters: AROUND_LENGTH_MATTERS, shortest: weights.shortest }
    const part = weight / lengthOf(words.length, length)
    // By number: an iterator leaves an object behind for each of some thousand words.
    for (let nth = 0; nth < words.length; nth++) {
      const place = wanted.placeOf(words[nth] ?? '')
      if (place >= 0) add(often, place, part)
    }
  }
}

function add(often: Float64Array, place: number, part: number): void {
  often[place] = (often[place] ?? 0) + part
}

/** The same of one term, part by part. */
export function placesByColumn(
  { terms, turn }: Placed,
  weights: Weights,
  term: string,
): Partial<Record<Place, number>> {
  const only = (at: number) => ({
    ...weights,
    columns: COLUMNS.map((_, place) => (place === at ? (weights.columns[at] ?? 1) : 0)),
  })
  const wanted = new WantedTerms([term])
  const found = PLACES.map((_, at) => {
    const often = new Float64Array(1)
    countPlaces({ terms, turn: at < COLUMNS.length ? null : turn }, only(at), { wanted, often })
    return often[0]
  })
  return Object.fromEntries(PLACES.flatMap((place, at) => (found[at] ? [[place, found[at]]] : [])))
}

function lengthOf(
  words: number,
  { at, matters, shortest }: { at: number; matters: number; shortest: number },
): number {
  const length = Math.max(shortest, words / (USUAL_LENGTHS[at] ?? 1))
  return 1 - matters + matters * length
}
