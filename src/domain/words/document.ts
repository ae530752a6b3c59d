import { languageOf } from './language.ts'
import { termsOf } from './index-terms.ts'
import { fold } from './fold.ts'
import { tokensOf } from './tokens.ts'

/** The parts of an entry that a search tells apart. */
export const COLUMNS = ['name', 'tags', 'content', 'more', 'forms'] as const
export type Column = (typeof COLUMNS)[number]

/** Stands at the head of what this version writes; other texts are of a version before. */
const MARK = '2\n'
/** Of a very long text the words from here on count once. */
const COUNTED_WORDS = 20_000

export interface DocumentParts {
  readonly name: string
  readonly tags: readonly string[]
  readonly content: string
  readonly more: string
}

/** The terms of an entry as they are stored and indexed: a line a column. */
export function documentText({ name, tags, content, more }: DocumentParts): string {
  const language = languageOf(tokensOf(`${name}\n${content.slice(0, 4_000)}`).map(({ text }) => fold(text)))
  const columns = [name, tags.join('\n'), content, more].map((text) => termsOf(text, language))
  const forms = new Set(columns.flatMap((terms) => terms.forms))
  const lines = [...columns.map(({ words }) => shortened(words)), [...forms]]
  return MARK + lines.map((words) => words.join(' ')).join('\n')
}

function shortened(words: readonly string[]): readonly string[] {
  if (words.length <= COUNTED_WORDS) return words
  return [...words.slice(0, COUNTED_WORDS), ...new Set(words.slice(COUNTED_WORDS))]
}

export function isDocumentText(text: string): boolean {
  return text.startsWith(MARK)
}

/** The terms by column. */
export function columnsOf(text: string): string[][] {
  return text
    .slice(MARK.length)
    .split('\n')
    .map((line) => (line === '' ? [] : line.split(' ')))
}
