import type { Question, QuestionWord } from '../asked/question.ts'
import { type Columns, type Turn, withPassages } from '../turns.ts'
import { newerFirst } from './newer-first.ts'

/** An entry that may be an answer. */
export interface Candidate {
  readonly id: string
  /** By column, as `documentText` made them. */
  readonly columns: Columns
  /** How alike question and entry are by their word vectors, -1 to 1; null where one has none. */
  readonly likeness: number | null
  /** How far it stands out by a model's vectors, 0 to 1; null where there are none. */
  readonly meaning: number | null
  readonly likenessTo: (other: string) => number | null
  readonly updatedAt: string
  /** Its scope and kind: only entries of the same can take one another's place. */
  readonly group: string
  /** How many scopes wider than the nearest one its own is. */
  readonly distance: number
  /** What stands around it, where it is a turn of a session. */
  readonly turn: Turn | null
}

export interface Counts {
  /** Entries in the database. */
  readonly total: number
  /** In how many of them a term stands. */
  readonly of: ReadonlyMap<string, number>
}

/** Of the whole database, and for turns of sessions. */
export interface CountsByKind {
  readonly entries: Counts
  readonly turns: Counts
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

/** How what stands in an entry is weighed. */
interface Weights {
  /** By column: name, tags, content, more, forms. */
  readonly columns: readonly number[]
  readonly lengthMatters: readonly number[]
  /** In usual lengths: what is shorter gains no more. */
  readonly shortest: number
  readonly saturation: number
  /** Of words that say little, and of other readings and hints. */
  readonly weak: number
  readonly extra: number
  /** Of what stands in for a word. */
  readonly others: number
  /** Of the word vectors, and from which likeness on they count. */
  readonly vector: number
  readonly vectorFrom: number
}

// Measured on the evaluation sets (docs/search-quality.md): neighbours of these numbers do as well.
const ENTRY: Weights = {
  columns: [2.5, 2.6, 1, 0.9, 1.1],
  lengthMatters: [0.35, 0.2, 0.4, 0.3, 0],
  shortest: 0.3,
  saturation: 1.5,
  weak: 1,
  extra: 1,
  others: 1,
  vector: 4.5,
  vectorFrom: 0.05,
}
/**
 * In a turn the text counts more than its speaker and its time, and its length counts less: most turns are
 * short.
 */
const TURN: Weights = {
  columns: [2.5, 2.6, 1, 2.5, 1.1],
  lengthMatters: [0.35, 0.2, 0.3, 0.3, 0],
  shortest: 0.15,
  saturation: 3.5,
  weak: 1.5,
  extra: 1.5,
  others: 0.75,
  vector: 4.5,
  vectorFrom: 0.05,
}
const MOST_EXTRA = 1.5
const AROUND_LENGTH_MATTERS = 0.5
const USUAL_LENGTHS = [3, 2, 30, 4, 1] as const
const CONTENT = 2
const MOST_WORTH = 7
const WORTH_POWER = 0.95
/** In a small database a word is not common because it stands in half of it. */
const USUAL_TOTAL = 100
/** How much of an entry's rank hangs on how much of the question it holds. */
const COVERAGE = 0.5
/** The score is more careful: texts of nothing in common are a little alike. */
const SCORED_FROM = 0.2
/** A model tells more than the table of words. */
const MEANING_WEIGHT = 8
/** Of two entries that answer alike, the one of the nearer scope. */
const DISTANCE = 0.17
const NAMED_SPEAKER = 1.8
/** What was written down to be kept goes before what was only said. */
const LOGGED = 0.9
/** A turn that asks is seldom the answer. */
const ASKING = 0.8
/** What a word that is there only as a part, a hint or by its vector may hold of the score. */
const VECTOR_SHARE = 0.5

/** The candidates that answer, best first. The same list in the same order gives the same answer on every database. */
export function rankCandidates(
  question: Question,
  candidates: readonly Candidate[],
  { entries, turns }: CountsByKind,
): Scored[] {
  const [ofEntry, ofTurn] = [askedOf(question, entries, ENTRY), askedOf(question, turns, TURN)]
  const ranked = candidates
    .map((candidate) => ranking(candidate, candidate.turn ? ofTurn : ofEntry))
    .filter(({ rank }) => rank > 0)
  const sorted = withPassages(ranked).sort((a, b) => b.rank - a.rank)
  return newerFirst(sorted).map(({ id, score }) => ({ id, score }))
}

interface AskedWord {
  readonly word: QuestionWord
  readonly worth: number
  readonly members: readonly { readonly term: string; readonly weight: number; readonly value: number }[]
}

interface Asked {
  readonly words: readonly AskedWord[]
  readonly worth: number
  /** All terms of all words: no other needs to be looked at. */
  readonly terms: ReadonlySet<string>
}

function askedOf(question: Question, counts: Counts, { others }: Weights): Asked {
  const words = question.words.map((word) => {
    const worth = worthOf(word, counts)
    const members = word.members.map(({ term, weight }) => {
      const own = weight === 1 ? worth : Math.min(worth, inverse(counts.of.get(term) ?? 0, counts.total))
      return { term, weight, value: (weight === 1 ? 1 : weight * others) * own }
    })
    return { word, worth, members }
  })
  const worth = words.reduce((sum, each) => sum + share(each.word) * each.worth, 0) || 1
  return { words, worth, terms: termsOf(question) }
}

/** Every term that a word of the question may stand as. */
export function termsOf({ words }: Question): ReadonlySet<string> {
  return new Set(words.flatMap(({ members }) => members.map(({ term }) => term)))
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

function ranking(candidate: Candidate, { words, worth, terms }: Asked): Ranked {
  const weights = candidate.turn ? TURN : ENTRY
  const places = placesOf(candidate, weights, terms)
  let sum = 0
  let held = 0
  for (const asked of words) {
    const best = bestMember(asked, places, weights)
    if (!best) continue
    sum += weightOf(asked.word, weights) * best.value
    held += share(asked.word) * asked.worth * best.weight
  }
  const covered = Math.min(1, held / worth)
  const { like, scored, weight } = alikenessOf(candidate, weights)
  const rank =
    (sum * (1 - COVERAGE + COVERAGE * covered) + weight * like) * (1 - DISTANCE * candidate.distance)
  const score = Math.max(covered, Math.min(1, covered + (1 - covered) * scored * VECTOR_SHARE))
  return { ...candidate, rank: rank * likelihood(candidate.turn), score }
}

function alikenessOf(
  { likeness, meaning }: Candidate,
  { vector, vectorFrom }: Weights,
): { like: number; scored: number; weight: number } {
  if (meaning !== null) return { like: meaning, scored: meaning, weight: MEANING_WEIGHT }
  const above = (from: number) => Math.max(0, ((likeness ?? 0) - from) / (1 - from))
  return { like: above(vectorFrom), scored: above(SCORED_FROM), weight: vector }
}

function weightOf({ weight, isExtra }: QuestionWord, { weak, extra }: Weights): number {
  if (isExtra) return Math.min(MOST_EXTRA, weight * extra)
  return weight < 1 ? weight * weak : weight
}

function likelihood(turn: Turn | null): number {
  if (!turn) return 1
  return LOGGED * (turn.isSaidByNamed ? NAMED_SPEAKER : 1) * (turn.isAsking ? ASKING : 1)
}

function bestMember(
  { members }: AskedWord,
  places: ReadonlyMap<string, number>,
  { saturation }: Weights,
): { value: number; weight: number } | undefined {
  let best: { value: number; weight: number } | undefined
  for (const { term, weight, value } of members) {
    const often = places.get(term)
    if (often === undefined) continue
    const gained = (value * often * (saturation + 1)) / (often + saturation)
    if (!best || gained > best.value) best = { value: gained, weight }
  }
  return best
}

/** How often each of the terms stands there, the columns weighed and their lengths taken into account. */
function placesOf(
  { columns, turn }: Candidate,
  weights: Weights,
  terms: ReadonlySet<string>,
): Map<string, number> {
  const places = new Map<string, number>()
  const add = (words: readonly string[], part: number) => {
    for (const word of words) if (terms.has(word)) places.set(word, (places.get(word) ?? 0) + part)
  }
  for (const [at, words] of columns.entries()) {
    const [weight = 1, matters = 0] = [weights.columns[at], weights.lengthMatters[at]]
    add(words, weight / lengthOf(words, { at, matters, shortest: weights.shortest }))
  }
  for (const { columns: near, weight } of turn?.around ?? []) {
    const words = near[CONTENT] ?? []
    const length = { at: CONTENT, matters: AROUND_LENGTH_MATTERS, shortest: weights.shortest }
    add(words, weight / lengthOf(words, length))
  }
  return places
}

function lengthOf(
  words: readonly string[],
  { at, matters, shortest }: { at: number; matters: number; shortest: number },
): number {
  const length = Math.max(shortest, words.length / (USUAL_LENGTHS[at] ?? 1))
  return 1 - matters + matters * length
}
