import type { WordedEntry } from '../entries/types/entry-type.ts'
import { entryType } from '../entries/types/index.ts'
import type { Document } from './document.ts'
import { identifierForms, termsOf } from './index-terms.ts'
import type { Why, WhyWord } from './ranking/why.ts'
import { documentOf } from './search-text.ts'

/** Digits enough to see which is more; all of them would be most of the answer. */
const DIGITS = 1_000

/** The explanation with the entry's own words in place of their stems, and numbers that can be read. */
export function withWordsOf(entry: WordedEntry, why: Why): Why {
  const words = wordsByTerm(documentOf(entry, entryType(entry.type)))
  return {
    ...why,
    words: why.words.map((each) => {
      const found = words.get(each.found) ?? each.found
      return { ...each, found, by: wayOf(each, found), in: rounded(each.in), adds: round(each.adds) }
    }),
    ...(why.vectors && { vectors: { ...why.vectors, ...rounded(numbersOf(why.vectors)) } }),
    factors: rounded(why.factors),
    ...(why.around !== undefined && { around: round(why.around) }),
    rank: round(why.rank),
  }
}

function wayOf({ word, by }: WhyWord, found: string): WhyWord['by'] {
  if (by !== 'exact' && by !== 'stem') return by
  return found === word ? 'exact' : 'stem'
}

/** The first word of the entry that the index has as a term. */
function wordsByTerm({ name, tags, content, more, language }: Document): ReadonlyMap<string, string> {
  const words = new Map<string, string>()
  const add = (terms: readonly string[], word: string) => {
    for (const term of terms) if (!words.has(term)) words.set(term, word)
  }
  for (const token of [name, tags, content, more].flat()) {
    if (token.isUnspaced) continue
    for (const part of token.words) {
      const { words: stems, forms } = termsOf([{ ...token, words: [part], isPlain: true }], language)
      add([...stems, ...forms], part.folded)
    }
    add(token.isPlain ? [] : identifierForms(token), token.text)
  }
  return words
}

function numbersOf({ likeness, adds }: NonNullable<Why['vectors']>) {
  return { likeness, adds }
}

function rounded<T extends Readonly<Record<string, number>>>(numbers: T): T {
  return Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, round(number)])) as T
}

function round(number: number): number {
  return Math.round(number * DIGITS) / DIGITS
}
