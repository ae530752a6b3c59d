import type { Member, Question, QuestionWord } from '../asked/question.ts'
import { type Turn, withPassages } from '../turns.ts'
import { newerFirst } from './newer-first.ts'
import { type Counting, countPlaces, placesByColumn } from './places.ts'
import { type StoredTerms, WantedTerms } from './stored-terms.ts'
import { ENTRY, TURN, type Weights } from './weights.ts'
import { type Matched, type Parts, type Why, whyOf } from './why.ts'

/** An entry that may be an answer. */
export interface Candidate {
  readonly id: string
  readonly terms: StoredTerms
  /** How alike question and entry are by their word vectors, -1 to 1; null where one has none. */
  readonly likeness: number | null
  /** How alike it is to each word of the question by itself, in their order; null where it has no vector. */
  readonly likenessOfWords: ArrayLike<number> | null
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
  /** Where it is asked for. */
  readonly why?: Why
}

interface Ranked extends Candidate {
  readonly rank: number
  readonly score: number
  readonly why?: Omit<Why, 'newer_than'>
}

const MOST_EXTRA = 1.5
const MOST_WORTH = 7
const WORTH_POWER = 0.95
/** In a small database a word is not common because it stands in half of it. */
const USUAL_TOTAL = 100
/** How much of an entry's rank hangs on how much of the question it holds. */
const COVERAGE = 0.5
/** The score is more careful: texts of nothing in common are a little alike. */
const SCORED_FROM = 0.2
/** A model tells more than the table of words, which tells a little more beside it. */
const TABLE_BESIDE = 0.4
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
  counts: CountsByKind,
): Scored[] {
  const ranked = rankedBy(question, candidates, counts, ranking)
  return newerFirst(ranked).map(({ id, score }) => ({ id, score }))
}

/** The same, each with what makes its rank. */
export function explainCandidates(
  question: Question,
  candidates: readonly Candidate[],
  counts: CountsByKind,
): Scored[] {
  const ranked = rankedBy(question, candidates, counts, explained)
  const older = new Map<string, string[]>()
  const note = (newer: string, than: string) => older.set(newer, [...(older.get(newer) ?? []), than])
  return newerFirst(ranked, note).map(({ id, score, rank, why }) => {
    if (!why) return { id, score }
    const newer = older.get(id)
    // What stands around a turn is known last.
    const around = rank - why.rank
    return {
      id,
      score,
      why: { ...why, ...(around !== 0 && { around }), ...(newer && { newer_than: newer }), rank },
    }
  })
}

function rankedBy(
  question: Question,
  candidates: readonly Candidate[],
  { entries, turns }: CountsByKind,
  rankOf: (candidate: Candidate, asked: Asked) => Ranked,
): Ranked[] {
  const [ofEntry, ofTurn] = [askedOf(question, entries, ENTRY), askedOf(question, turns, TURN)]
  const ranked = candidates
    .map((candidate) => rankOf(candidate, candidate.turn ? ofTurn : ofEntry))
    .filter(({ rank }) => rank > 0)
  return withPassages(ranked).sort((a, b) => b.rank - a.rank)
}

interface AskedMember extends Member {
  /** What it is worth where it stands once in a text of usual length. */
  readonly value: number
  /** Its place among the terms that are looked for. */
  readonly at: number
}

interface AskedWord {
  readonly word: QuestionWord
  readonly worth: number
  readonly members: readonly AskedMember[]
}

interface Asked extends Counting {
  readonly words: readonly AskedWord[]
  readonly worth: number
}

function askedOf(question: Question, counts: Counts, { others }: Weights): Asked {
  const wanted = new WantedTerms(termsOf(question))
  const words = question.words.map((word) => {
    const worth = worthOf(word, counts)
    const members = word.members.map((member) => {
      const { term, weight } = member
      const own = weight === 1 ? worth : Math.min(worth, inverse(counts.of.get(term) ?? 0, counts.total))
      return { ...member, value: (weight === 1 ? 1 : weight * others) * own, at: wanted.placeOf(term) }
    })
    return { word, worth, members }
  })
  const worth = words.reduce((sum, each) => sum + share(each.word) * each.worth, 0) || 1
  return { words, worth, wanted, often: new Float64Array(wanted.count) }
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

function ranking(candidate: Candidate, asked: Asked): Ranked {
  return rankedFrom(candidate, partsOf(candidate, asked))
}

function explained(candidate: Candidate, asked: Asked): Ranked {
  const matched: Matched[] = []
  const parts = partsOf(candidate, asked, (match) => matched.push(match))
  const ranked = rankedFrom(candidate, parts)
  const places = (term: string) => placesByColumn(candidate, candidate.turn ? TURN : ENTRY, term)
  const words = asked.words.map(({ word }) => word)
  return { ...ranked, why: whyOf({ ...ranked, words, matched, parts, places }) }
}

function rankedFrom(candidate: Candidate, parts: Parts): Ranked {
  const { sum, alike, covered, like, scored, weight, coverage, scope, turn } = parts
  const rank = ((sum + alike) * coverage + weight * like) * scope * turn
  const score = Math.max(covered, Math.min(1, covered + (1 - covered) * scored * VECTOR_SHARE))
  return { ...candidate, rank, score }
}

function partsOf(
  candidate: Candidate,
  { words, worth, wanted, often }: Asked,
  note?: (match: Matched) => void,
): Parts {
  const weights = candidate.turn ? TURN : ENTRY
  countPlaces(candidate, weights, { wanted, often })
  let [sum, alike, held] = [0, 0, 0]
  // By number and without an object for each: hundreds of candidates are gone through for every word.
  for (let at = 0; at < words.length; at++) {
    const asked = words[at]
    if (!asked) continue
    const member = bestMember(asked, often, weights)
    const gained = member ? weightOf(asked.word, weights) * worthIn(member, often, weights) : 0
    alike += Math.max(0, alikeWord(candidate, at, asked) - gained)
    if (!member) continue
    sum += gained
    held += share(asked.word) * asked.worth * member.weight
    note?.({ word: asked.word, member, gained })
  }
  const covered = Math.min(1, held / worth)
  return {
    ...{ sum, alike, covered, ...alikenessOf(candidate, weights) },
    coverage: 1 - COVERAGE + COVERAGE * covered,
    scope: 1 - DISTANCE * candidate.distance,
    turn: likelihood(candidate.turn),
  }
}

/** What a word gains by its vector alone. */
function alikeWord({ likenessOfWords, turn }: Candidate, at: number, { word, worth }: AskedWord): number {
  if (word.isExtra || !likenessOfWords) return 0
  const weights = turn ? TURN : ENTRY
  return weights.alikeWord * weightOf(word, weights) * worth * Math.max(0, likenessOfWords[at] ?? 0)
}

function alikenessOf(
  { likeness, meaning }: Candidate,
  { vector, vectorFrom, meaning: model }: Weights,
): { like: number; scored: number; weight: number } {
  const above = (from: number) => Math.max(0, ((likeness ?? 0) - from) / (1 - from))
  if (meaning === null) return { like: above(vectorFrom), scored: above(SCORED_FROM), weight: vector }
  return { like: meaning + TABLE_BESIDE * above(vectorFrom), scored: meaning, weight: model }
}

function weightOf({ weight, isExtra }: QuestionWord, { weak, extra }: Weights): number {
  if (isExtra) return Math.min(MOST_EXTRA, weight * extra)
  return weight < 1 ? weight * weak : weight
}

function likelihood(turn: Turn | null): number {
  if (!turn) return 1
  return LOGGED * (turn.isSaidByNamed ? NAMED_SPEAKER : 1) * (turn.isAsking ? ASKING : 1)
}

/** The one by which an entry holds most of a word; undefined where it holds none. */
function bestMember({ members }: AskedWord, often: Float64Array, weights: Weights): AskedMember | undefined {
  let best: AskedMember | undefined
  let most = 0
  for (const member of members) {
    const value = worthIn(member, often, weights)
    if (value <= most) continue
    best = member
    most = value
  }
  return best
}

function worthIn({ at, value }: AskedMember, places: Float64Array, { saturation }: Weights): number {
  const often = places[at] ?? 0
  return often === 0 ? 0 : (value * often * (saturation + 1)) / (often + saturation)
}
