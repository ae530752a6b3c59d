import type { Columns, Turn } from '../turns.ts'
import type { Weights } from './weights.ts'
import { COLUMNS, PLACES, type Place } from './why.ts'

const AROUND_LENGTH_MATTERS = 0.5
const USUAL_LENGTHS = [3, 2, 30, 4, 1] as const
const CONTENT = 2

interface Placed {
  readonly columns: Columns
  readonly turn: Turn | null
}

export interface Counting {
  /** The places of all terms of all words of the question: no other needs to be looked at. */
  readonly places: ReadonlyMap<string, number>
  /** By place, how often a term stands in the entry that is looked at: one array for all entries, for there are hundreds. */
  readonly often: Float64Array
}

/** How often each of the terms stands there, the columns weighed and their lengths taken into account. */
export function countPlaces({ columns, turn }: Placed, weights: Weights, { places, often }: Counting): void {
  often.fill(0)
  for (let at = 0; at < columns.length; at++) {
    const words = columns[at] ?? []
    const [weight = 1, matters = 0] = [weights.columns[at], weights.lengthMatters[at]]
    addPlaces(words, weight / lengthOf(words, { at, matters, shortest: weights.shortest }), { places, often })
  }
  for (const { columns: near, weight } of turn?.around ?? []) {
    const words = near[CONTENT] ?? []
    const length = { at: CONTENT, matters: AROUND_LENGTH_MATTERS, shortest: weights.shortest }
    addPlaces(words, weight / lengthOf(words, length), { places, often })
  }
}

/** Of a hundred entries each word passes here in every search: so by number, for an iterator leaves an object behind for each. */
function addPlaces(words: readonly string[], part: number, { places, often }: Counting): void {
  for (let at = 0; at < words.length; at++) {
    const place = places.get(words[at] ?? '')
    if (place !== undefined) often[place] = (often[place] ?? 0) + part
  }
}

/** The same of one term, part by part. */
export function placesByColumn(
  candidate: Placed,
  weights: Weights,
  term: string,
): Partial<Record<Place, number>> {
  const { columns, turn } = candidate
  const only = (at: number) => columns.map((words, place) => (place === at ? words : []))
  const parts = [...COLUMNS.map((_, at) => ({ columns: only(at), turn: null })), { columns: [], turn }]
  const found = parts.map((part) => {
    const often = new Float64Array(1)
    countPlaces(part, weights, { places: new Map([[term, 0]]), often })
    return often[0]
  })
  return Object.fromEntries(PLACES.flatMap((place, at) => (found[at] ? [[place, found[at]]] : [])))
}

function lengthOf(
  words: readonly string[],
  { at, matters, shortest }: { at: number; matters: number; shortest: number },
): number {
  const length = Math.max(shortest, words.length / (USUAL_LENGTHS[at] ?? 1))
  return 1 - matters + matters * length
}
