import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomNumbers } from '../corpus.ts'
import type { CodingSet } from '../eval/coding.ts'

// Texts of real words, as unevenly common as those of a language (Zipf's law): 44,000 words in the order of how common they are in
// texts about software. Text n is always the same, so the questions can be made without keeping the texts.

const TABLE = join(import.meta.dirname, '../../src/store/search/words-44k.bin')
const WORDS = 44_000
const BYTES_PER_WORD = 104
const TEXT_WORDS = 40
const NAME_WORDS = 4
/** The commonest words: they say little, some of them are not looked for at all. */
const COMMON = 300

let table: readonly string[] | undefined

/** The words, commonest first. */
function words(): readonly string[] {
  table ??= readFileSync(TABLE)
    .subarray(WORDS * BYTES_PER_WORD)
    .toString('utf8')
    .split('\n')
    .slice(1)
  return table
}

export interface MadeText {
  readonly name: string
  readonly content: string
  readonly tags: readonly string[]
}

function wordsOf(n: number): { readonly name: string[]; readonly content: string[] } {
  const next = randomNumbers(n * 7_919 + 1)
  next()
  const all = words()
  const word = () => all[Math.floor(Math.exp(next() * Math.log(all.length))) - 1] ?? ''
  return {
    name: Array.from({ length: NAME_WORDS }, word),
    content: Array.from({ length: TEXT_WORDS }, word),
  }
}

export function makeText(n: number): MadeText {
  const { name, content } = wordsOf(n)
  return { name: `${name.join(' ')} ${n}`, content: `${content.join(' ')}.`, tags: [`area-${n % 40}`] }
}

export interface Question {
  readonly query: string
  /** The name of the text that it is made of, if of one. */
  readonly of: string | null
}

export interface Questions {
  readonly kind: string
  readonly asked: readonly Question[]
}

/** So many questions of each kind about the texts from `first` to `last`. */
export function makeQuestions({
  first,
  last,
  count,
}: {
  first: number
  last: number
  count: number
}): Questions[] {
  const next = randomNumbers(4_711)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T
  const some = (list: readonly string[], of: number) => Array.from({ length: of }, () => pick(list))
  const all = words()
  const ranks = new Map(all.map((word, rank) => [word, rank]))
  const rare = (list: readonly string[]) => list.filter((word) => (ranks.get(word) ?? 0) > 1_000)
  const ofText = (make: (content: readonly string[]) => readonly string[]) => () => {
    const n = first + Math.floor(next() * (last - first + 1))
    return { query: make(wordsOf(n).content).join(' '), of: makeText(n).name }
  }
  const makers: Readonly<Record<string, () => Question>> = {
    'five words of an entry': ofText((content) => some(content, 5)),
    'three rare words of an entry': ofText((content) => some(rare(content), 3)),
    'five rare words, one mistyped': ofText((content) => [
      ...some(rare(content), 4),
      mistyped(pick(rare(content))),
    ]),
    'four common words': () => ({ query: some(all.slice(20, COMMON), 4).join(' '), of: null }),
    'one word': () => ({
      query: pick(wordsOf(first + Math.floor(next() * (last - first))).content),
      of: null,
    }),
  }
  const made = Object.entries(makers).map(([kind, make]) => ({
    kind,
    asked: Array.from({ length: count }, make),
  }))
  return [...made, { kind: 'questions people ask', asked: codingQuestions(count) }]
}

function mistyped(word = 'kubernetes'): string {
  return word.length < 4 ? word : `${word.slice(0, 2)}${word[3]}${word[2]}${word.slice(4)}`
}

/** Of the evaluation set: their answers are not there, but their words, and what may stand for them, are. */
function codingQuestions(count: number): Question[] {
  const file = join(import.meta.dirname, '../eval/coding-dev.json')
  const { questions } = JSON.parse(readFileSync(file, 'utf8')) as CodingSet
  return questions.slice(0, count).map(({ q: query }) => ({ query, of: null }))
}
