import { newerFirst } from './newer-first.ts'
import type { Question, QuestionWord } from './question.ts'

/** An entry that may be an answer. */
export interface Candidate {
  readonly id: string
  /** By column, as `documentText` made them. */
  readonly columns: Columns
  /** How alike question and entry are by their word vectors, -1 to 1; null where one has none. */
  readonly likeness: number | null
  readonly likenessTo: (other: string) => number | null
  readonly updatedAt: string
  /** Its scope and kind: only entries of the same can take one another's place. */
  readonly group: string
  /** How many scopes wider than the nearest one its own is. */
  readonly distance: number
  /** What was said just before and after it, in a session. */
  readonly around: readonly Around[]
  /** True where the question names who said it. */
  readonly isSaidByNamed: boolean
}

export interface Around {
  readonly columns: Columns
  /** The part of a word that stands there. */
  readonly weight: number
}

type Columns = readonly (readonly string[])[]

export interface Counts {
  /** Entries in the database. */
  readonly total: number
  /** In how many of them a term stands. */
  readonly of: ReadonlyMap<string, number>
}

export interface Scored {
  readonly id: string
  /** The share of what was asked that the entry holds, 0 to 1. */
  readonly score: number
}

interface Ranked extends Candidate {
  readonly rank: number
  readonly score: number
}

// Measured on both evaluation sets (docs/search-quality.md): neighbours of these numbers do as well.
/** By column: name, tags, content, more, forms. */
const COLUMN_WEIGHTS = [2.5, 2.6, 1, 0.9, 1.1] as const
const USUAL_LENGTHS = [3, 2, 30, 4, 1] as const
const LENGTH_MATTERS = [0.35, 0.2, 0.5, 0.3, 0] as const
/** In usual lengths: what is longer is not punished further, what is shorter gains no more. */
const LONGEST = 3
const SHORTEST = 0.3
const CONTENT = 2
const SATURATION = 1.5
const MOST_WORTH = 7
const WORTH_POWER = 0.95
/** In a small database a word is not common because it stands in half of it. */
const USUAL_TOTAL = 100
/** How much of an entry's rank hangs on how much of the question it holds. */
const COVERAGE = 0.5
const VECTOR_WEIGHT = 3.8
const VECTOR_FROM = 0.15
/** Of two entries that answer alike, the one of the nearer scope. */
const DISTANCE = 0.17
const NAMED_SPEAKER = 1.6
/** What a word that is there only as a part, a hint or by its vector may hold of the score. */
const VECTOR_SHARE = 0.5

/** The candidates that answer, best first. The same list in the same order gives the same answer on every database. */
export function rankCandidates(
  question: Question,
  candidates: readonly Candidate[],
  counts: Counts,
): Scored[] {
  const asked = askedOf(question, counts)
  const ranked = candidates.map((candidate) => ranking(candidate, asked)).filter(({ rank }) => rank > 0)
  return newerFirst(ranked.sort((a, b) => b.rank - a.rank)).map(({ id, score }) => ({ id, score }))
}

interface AskedWord {
  readonly word: QuestionWord
  readonly worth: number
  readonly members: readonly { readonly term: string; readonly weight: number; readonly value: number }[]
}

interface Asked {
  readonly words: readonly AskedWord[]
  readonly worth: number
}

function askedOf(question: Question, counts: Counts): Asked {
  const words = question.words.map((word) => {
    const worth = worthOf(word, counts)
    const members = word.members.map(({ term, weight }) => {
      const own = weight === 1 ? worth : Math.min(worth, inverse(counts.of.get(term) ?? 0, counts.total))
      return { term, weight, value: weight * own }
    })
    return { word, worth, members }
  })
  return { words, worth: words.reduce((sum, { word, worth }) => sum + share(word) * worth, 0) || 1 }
}

/** A word that no entry has tells as much as one that stands in a single one. */
function worthOf({ members }: QuestionWord, { total, of }: Counts): number {
  const exact = Math.max(0, ...members.map(({ term, weight }) => (weight === 1 ? (of.get(term) ?? 0) : 0)))
  const meant = Math.max(0, ...members.map(({ term, weight }) => (of.get(term) ?? 0) * weight))
  return inverse(exact > 0 ? exact : meant, total)
}

/** As in bm25: the rarer the more. */
function inverse(n: number, total: number): number {
  const others = Math.max(0.5, Math.max(total, USUAL_TOTAL) - n + 0.5)
  return Math.min(MOST_WORTH, Math.log(1 + others / (n + 0.5))) ** WORTH_POWER
}

/** What a word counts in the score: extra readings of other words, and hints, count nothing. */
function share({ weight, isExtra }: QuestionWord): number {
  return isExtra ? 0 : weight
}

function ranking(candidate: Candidate, { words, worth }: Asked): Ranked {
  const places = placesOf(candidate)
  let sum = 0
  let held = 0
  for (const asked of words) {
    const best = bestMember(asked, places)
    if (!best) continue
    sum += asked.word.weight * best.value
    held += share(asked.word) * asked.worth * best.weight
  }
  const covered = Math.min(1, held / worth)
  const like = Math.max(0, ((candidate.likeness ?? 0) - VECTOR_FROM) / (1 - VECTOR_FROM))
  const rank =
    (sum * (1 - COVERAGE + COVERAGE * covered) + VECTOR_WEIGHT * like) * (1 - DISTANCE * candidate.distance)
  const score = Math.max(covered, Math.min(1, covered + (1 - covered) * like * VECTOR_SHARE))
  return { ...candidate, rank: candidate.isSaidByNamed ? rank * NAMED_SPEAKER : rank, score }
}

function bestMember(
  { members }: AskedWord,
  places: ReadonlyMap<string, number>,
): { value: number; weight: number } | undefined {
  let best: { value: number; weight: number } | undefined
  for (const { term, weight, value } of members) {
    const often = places.get(term)
    if (often === undefined) continue
    const gained = (value * often * (SATURATION + 1)) / (often + SATURATION)
    if (!best || gained > best.value) best = { value: gained, weight }
  }
  return best
}

/** How often each term stands there, the columns weighed and their lengths taken into account. */
function placesOf({ columns, around }: Candidate): Map<string, number> {
  const places = new Map<string, number>()
  for (const [at, words] of columns.entries())
    addPlaces(places, words, (COLUMN_WEIGHTS[at] ?? 1) / lengthOf(words, at))
  for (const { columns: near, weight } of around) {
    const words = near[CONTENT] ?? []
    addPlaces(places, words, weight / lengthOf(words, CONTENT))
  }
  return places
}

function addPlaces(places: Map<string, number>, words: readonly string[], part: number): void {
  for (const word of words) places.set(word, (places.get(word) ?? 0) + part)
}

function lengthOf(words: readonly string[], column: number): number {
  const matters = LENGTH_MATTERS[column] ?? 0
  const length = Math.min(LONGEST, Math.max(SHORTEST, words.length / (USUAL_LENGTHS[column] ?? 1)))
  return 1 - matters + matters * length
}
