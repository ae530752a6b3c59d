import { stemOf } from '../stems/stem.ts'
import { knownWordsFrom, otherWords } from '../synonyms/index.ts'
import type { Member, Question, QuestionWord } from './question.ts'

/** For a word that no entry has: what may have been meant, from the words that entries have. */
export interface Vocabulary {
  /** Of these terms those that some entry has. */
  has(term: string): boolean
  /** True for a common word, which is never taken for a misspelling of another. */
  isCommon(text: string): boolean
  /** Terms that begin with this letter. */
  startingWith(letter: string): readonly string[]
}

const ONE_MISTAKE_FROM = 4
const TWO_MISTAKES_FROM = 8
/** A shorter stem, with two letters changed, is another word's. */
const TWO_MISTAKES_IN_STEM_FROM = 6
const MOST_FOUND = 6
const LETTERS = /^\p{L}+$/u
const WEIGHTS = { one: 0.95, two: 0.8, prefix: 0.8, part: 0.65 } as const
const PART_FROM = 5

/** Whether a word may have been mistyped or be a part or a whole of another: no entry has it, and it is made of letters. */
export function isUnknown({ text, isExtra, members }: QuestionWord, has: (term: string) => boolean): boolean {
  return (
    !isExtra &&
    text.length >= ONE_MISTAKE_FROM &&
    LETTERS.test(text) &&
    !members.some((member) => member.weight === 1 && has(member.term))
  )
}

/** The question with what its unknown words may have been meant to be. */
export function withMeant(question: Question, vocabulary: Vocabulary): Question {
  const words = question.words.map((word) =>
    isUnknown(word, vocabulary.has)
      ? { ...word, members: [...word.members, ...meant(word, vocabulary)] }
      : word,
  )
  return { ...question, words }
}

function meant(word: QuestionWord, vocabulary: Vocabulary): Member[] {
  const hasSynonym = word.members.some(({ term }) => vocabulary.has(term))
  const spelt = hasSynonym || vocabulary.isCommon(word.text) ? [] : misspelt(word.text, vocabulary)
  const found = [...spelt, ...beginnings(word.text, vocabulary), ...partsOf(word.text, vocabulary)]
  return found.filter(({ term }) => vocabulary.has(term))
}

function misspelt(text: string, vocabulary: Vocabulary): Member[] {
  const stem = stemOf(text, 'english')
  const most = text.length >= TWO_MISTAKES_FROM ? 2 : 1
  const mostInStem = stem.length >= TWO_MISTAKES_IN_STEM_FROM ? most : stem.length >= ONE_MISTAKE_FROM ? 1 : 0
  const near = [
    ...new Set([...vocabulary.startingWith(text.slice(0, 1)), ...knownWordsFrom(text.slice(0, 1))]),
  ].flatMap((term) => {
    const mistakes = Math.min(mistakesUpTo(mostInStem, stem, term), mistakesUpTo(most, text, term))
    return mistakes <= most && term.length >= 3 ? [{ term, mistakes }] : []
  })
  const least = Math.min(...near.map(({ mistakes }) => mistakes))
  return near
    .filter(({ mistakes }) => mistakes === least)
    .slice(0, MOST_FOUND)
    .flatMap(({ term, mistakes }) => {
      const weight = mistakes <= 1 ? WEIGHTS.one : WEIGHTS.two
      const others = otherWords(term).map((other) => ({ term: other.term, weight: other.weight * weight }))
      return [{ term, weight }, ...others].map((one): Member => ({ ...one, by: 'spelling' }))
    })
}

function beginnings(text: string, vocabulary: Vocabulary): Member[] {
  const longer = vocabulary.startingWith(text.slice(0, 1)).filter((term) => term.startsWith(text))
  return longer.slice(0, MOST_FOUND).map((term) => ({ term, weight: WEIGHTS.prefix, by: 'prefix' }))
}

function mistakesUpTo(most: number, one: string, other: string): number {
  const mistakes = mistakesBetween(one, other, most)
  return mistakes <= most ? mistakes : Number.POSITIVE_INFINITY
}

/** Words that are written as one: in German always, and "web hook" as "webhook". */
function partsOf(text: string, vocabulary: Vocabulary): Member[] {
  const parts = []
  for (let at = PART_FROM; at <= text.length - 3; at++) parts.push(text.slice(0, at))
  for (let at = 3; at <= text.length - PART_FROM; at++) parts.push(text.slice(at))
  return parts.flatMap((part) => {
    const terms = [...new Set([part, stemOf(part, 'english'), stemOf(part, 'german')])].filter(
      (term) => term.length >= PART_FROM - 1,
    )
    const members = terms.flatMap((term) => [
      ...(vocabulary.has(term) ? [{ term, weight: WEIGHTS.part }] : []),
      ...otherWords(term).map((other) => ({ term: other.term, weight: other.weight * WEIGHTS.part })),
    ])
    return members.map((one): Member => ({ ...one, by: 'part' }))
  })
}

/** Letters left out, put in, changed or swapped with their neighbour; more than `most` as soon as that is sure. */
function mistakesBetween(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1
  if (other.length >= ROW_LENGTH) return most + 1
  let [beforeLast, last, next] = ROWS
  for (let at = 0; at <= other.length; at++) last[at] = at
  for (let row = 1; row <= one.length; row++) {
    if (fillRow({ one, other, row, most }, next, { last, beforeLast }) > most) return most + 1
    ;[beforeLast, last, next] = [last, next, beforeLast]
  }
  return last[other.length] ?? most + 1
}

/** Longer words are not compared: no term is as long. */
const ROW_LENGTH = 256
/** Thousands of words are compared for one that nobody knows, so the rows are made once. */
const ROWS: readonly [Row, Row, Row] = [
  new Uint16Array(ROW_LENGTH),
  new Uint16Array(ROW_LENGTH),
  new Uint16Array(ROW_LENGTH),
]

type Row = Uint16Array

interface Compared {
  readonly one: string
  readonly other: string
  readonly row: number
  readonly most: number
}

/**
 * One more letter of the first word: the fewest mistakes for each beginning of the other one. Answers the least of them. Beginnings
 * that are longer or shorter by more than `most` have more mistakes than that, so they are not looked at (E. Ukkonen, 'Algorithms for
 * approximate string matching', 1985).
 */
function fillRow(
  { one, other, row, most }: Compared,
  next: Row,
  { last, beforeLast }: { last: Row; beforeLast: Row },
): number {
  const from = Math.max(1, row - most)
  const to = Math.min(other.length, row + most)
  const letter = one.charCodeAt(row - 1)
  const before = row > 1 ? one.charCodeAt(row - 2) : -1
  next[from - 1] = from === 1 ? row : most + 1
  let least = next[from - 1] ?? 0
  for (let at = from; at <= to; at++) {
    const isSame = letter === other.charCodeAt(at - 1)
    let best = (last[at - 1] ?? 0) + (isSame ? 0 : 1)
    best = Math.min(best, (next[at - 1] ?? 0) + 1, (last[at] ?? 0) + 1)
    const isSwapped = at > 1 && letter === other.charCodeAt(at - 2) && before === other.charCodeAt(at - 1)
    if (isSwapped) best = Math.min(best, (beforeLast[at - 2] ?? 0) + 1)
    next[at] = best
    least = Math.min(least, best)
  }
  if (to < other.length) next[to + 1] = most + 1
  return least
}
