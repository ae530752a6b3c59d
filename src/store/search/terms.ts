import type { Kysely } from 'kysely'
import { isUnknown, withMeant } from '../../domain/words/asked/meant.ts'
import type { Question, QuestionWord } from '../../domain/words/asked/question.ts'
import type { Schema } from '../schema.ts'
import type { CountedTerm, TermIndex } from './index.ts'
import { wordsFrom } from './vocabulary.ts'
import { wordTable } from './word-table.ts'

/** A word that stands in more entries than this needs no others beside it. */
const ENOUGH_ROWS = 300
/** Looked for at once; each costs the index about as much as a word of the question. */
const MOST_TERMS = 64
const MOST_UNKNOWN_WORDS = 4
const MOST_COUNTED = 400

/** A question with what the database knows of its words. */
export interface CountedQuestion {
  readonly question: Question
  readonly counts: ReadonlyMap<string, number>
  /** What to look for, the rarest first. */
  readonly terms: readonly CountedTerm[]
}

/** Looks the question's words up: which there are, in how many entries, and what else may be meant. */
export async function countQuestion(
  db: Kysely<Schema>,
  index: TermIndex,
  { asked, total }: { asked: Question; total: number },
): Promise<CountedQuestion> {
  const counts = new Map<string, number>()
  const countMore = (terms: readonly string[]) => count(db, index, { terms, total, counts })
  await countMore(exactTerms(asked.words))
  const narrow = { ...asked, words: asked.words.map((word) => withoutNeedlessOthers(word, counts)) }
  await countMore(allTerms(narrow.words))
  const meant = await withMeantWords(db, narrow, counts)
  await countMore(allTerms(meant.words))
  const question = { ...meant, words: meant.words.map((word) => withoutMissing(word, counts)) }
  return { question, counts, terms: termsToFind(question, counts) }
}

async function count(
  db: Kysely<Schema>,
  index: TermIndex,
  { terms, total, counts }: { terms: readonly string[]; total: number; counts: Map<string, number> },
): Promise<void> {
  const missing = [...new Set(terms)].filter((term) => !counts.has(term)).slice(0, MOST_COUNTED)
  if (missing.length === 0) return
  const rows = await index.count(db, missing, total)
  for (const [at, term] of missing.entries()) counts.set(term, rows[at] ?? 0)
}

function withoutNeedlessOthers(word: QuestionWord, counts: ReadonlyMap<string, number>): QuestionWord {
  const own = Math.max(
    0,
    ...word.members.map(({ term, weight }) => (weight === 1 ? (counts.get(term) ?? 0) : 0)),
  )
  return own > ENOUGH_ROWS ? { ...word, members: word.members.filter(({ weight }) => weight === 1) } : word
}

/** Only words that no entry has cost a look at the vocabulary, and only a few of them. */
async function withMeantWords(
  db: Kysely<Schema>,
  question: Question,
  counts: ReadonlyMap<string, number>,
): Promise<Question> {
  const has = (term: string) => (counts.get(term) ?? 0) > 0
  const unknown = question.words.filter((word) => isUnknown(word, has)).slice(0, MOST_UNKNOWN_WORDS)
  if (unknown.length === 0) return question
  const byLetter = new Map<string, string[]>()
  for (const letter of new Set(unknown.map(({ text }) => firstOf(text)))) {
    byLetter.set(letter, await wordsFrom(db, letter))
  }
  // What was not counted yet may be there: that is looked up next.
  const mayHave = (term: string) => (counts.get(term) ?? 1) > 0
  const ranks = wordTable()?.ranks
  return withMeant(question, {
    has: mayHave,
    isCommon: (text) => (ranks?.rankOf(text) ?? -1) >= 0,
    startingWith: (letter) => byLetter.get(letter) ?? [],
  })
}

function firstOf(text: string): string {
  return [...text][0] ?? ''
}

function withoutMissing(word: QuestionWord, counts: ReadonlyMap<string, number>): QuestionWord {
  return {
    ...word,
    members: word.members.filter(({ term, weight }) => weight === 1 || (counts.get(term) ?? 0) > 0),
  }
}

/** The question's own words, then what is nearest to them, as far as there is room. */
function termsToFind({ words }: Question, counts: ReadonlyMap<string, number>): CountedTerm[] {
  const members = words.flatMap((word) => word.members).sort((a, b) => b.weight - a.weight)
  const terms = [...new Set(members.map(({ term }) => term))].filter((term) => (counts.get(term) ?? 0) > 0)
  return terms
    .slice(0, MOST_TERMS)
    .map((term) => ({ term, rows: counts.get(term) ?? 0 }))
    .sort((a, b) => a.rows - b.rows)
}

function exactTerms(words: readonly QuestionWord[]): string[] {
  return words.flatMap(({ members }) => members.filter(({ weight }) => weight === 1).map(({ term }) => term))
}

function allTerms(words: readonly QuestionWord[]): string[] {
  return words.flatMap(({ members }) => members.map(({ term }) => term))
}
