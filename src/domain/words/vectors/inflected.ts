import type { WordRanks } from './word-ranks.ts'

/** An ending of English inflection, and what stands in its place in the base form. */
const ENDINGS = [
  ['ies', 'y'],
  ['s', ''],
  ['es', ''],
  ['ing', ''],
  ['ing', 'e'],
  ['ed', ''],
  ['ed', 'e'],
] as const
/** Of a shorter word what is left says little. */
const LEAST_CHARACTERS = 5

/** The place of a word in the table, else that of its base form: a table of frequent words lacks "bicycles" and has "bicycle". */
export function rankOfInflected(word: string, ranks: WordRanks): number {
  const rank = ranks.rankOf(word)
  return rank >= 0 || word.length < LEAST_CHARACTERS ? rank : rankOfBase(word, ranks)
}

function rankOfBase(word: string, ranks: WordRanks): number {
  for (const [ending, instead] of ENDINGS) {
    if (!word.endsWith(ending)) continue
    const rank = ranks.rankOf(word.slice(0, -ending.length) + instead)
    if (rank >= 0) return rank
  }
  return -1
}
