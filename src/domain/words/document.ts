import { termsOf } from './index-terms.ts'
import { JUDGED_WORDS, type Language, languageOf } from './stems/language.ts'
import { type Token, tokensOf } from './tokens.ts'

/** Stands at the head of what this version writes; other texts are of a version before. */
export const DOCUMENT_MARK = '2 '
/** The word vector in base64, 100 bytes; spaces where there is none. */
const VECTOR_CHARACTERS = 134
/** Behind the vector: of which table of words it is made, and how. Vectors that are made otherwise say nothing beside one of this. */
const TABLE_MARK = '.6'
/** Where the terms begin, after the mark, the vector and the end of the line; the indexes know it too. */
export const TERMS_FROM = DOCUMENT_MARK.length + VECTOR_CHARACTERS + TABLE_MARK.length + 1
const NO_VECTOR = ' '.repeat(VECTOR_CHARACTERS)
/** Of a very long text the words from here on count once. */
const COUNTED_WORDS = 20_000
const JUDGED_CHARACTERS = 4_000

export interface Document {
  readonly name: readonly Token[]
  readonly tags: readonly Token[]
  readonly content: readonly Token[]
  readonly more: readonly Token[]
  readonly language: Language
}

/** A text for each column, cut into its words. */
export function readDocument(texts: Record<'name' | 'tags' | 'content' | 'more', string>): Document {
  const [name, tags] = [tokensOf(texts.name), tokensOf(texts.tags)]
  const [content, more] = [tokensOf(texts.content), tokensOf(texts.more)]
  const isLong = texts.content.length > JUDGED_CHARACTERS
  const judged = isLong ? tokensOf(texts.content.slice(0, JUDGED_CHARACTERS), JUDGED_WORDS) : content
  const words = [...name, ...judged.slice(0, JUDGED_WORDS)].map(({ word }) => word)
  return { name, tags, content, more, language: languageOf(words) }
}

/** The terms of an entry as they are stored and indexed, a line a column, after a line for its vector. */
export function documentText(
  { name, tags, content, more, language }: Document,
  vector: Uint8Array | undefined,
): string {
  const columns = [name, tags, content, more].map((tokens) => termsOf(tokens, language))
  const forms = new Set(columns.flatMap((terms) => terms.forms))
  const lines = [...columns.map(({ words }) => shortened(words)), [...forms]]
  const head = vector ? Buffer.from(vector).toString('base64').slice(0, VECTOR_CHARACTERS) : NO_VECTOR
  return `${DOCUMENT_MARK}${head}${TABLE_MARK}\n${lines.map((words) => words.join(' ')).join('\n')}`
}

function shortened(words: readonly string[]): readonly string[] {
  if (words.length <= COUNTED_WORDS) return words
  return [...words.slice(0, COUNTED_WORDS), ...new Set(words.slice(COUNTED_WORDS))]
}

/** Whether this version wrote it. */
export function isDocumentText(text: string): boolean {
  return text.startsWith(DOCUMENT_MARK) && text[TERMS_FROM - 1] === '\n'
}

/** Whether this version wrote it with the table of words that it has now. */
export function isCurrentText(text: string): boolean {
  return isDocumentText(text) && text.startsWith(TABLE_MARK, TERMS_FROM - 1 - TABLE_MARK.length)
}

/** The terms by column. */
export function columnsOf(text: string): string[][] {
  return text
    .slice(TERMS_FROM)
    .split('\n')
    .map((line) => (line === '' ? [] : line.split(' ')))
}

/** The stored vector; undefined where there is none of this table. `head` is the first line, or all of it. */
export function vectorOf(head: string): Uint8Array | undefined {
  if (!isCurrentText(head)) return undefined
  const text = head.slice(DOCUMENT_MARK.length, DOCUMENT_MARK.length + VECTOR_CHARACTERS)
  return text.startsWith(' ') ? undefined : Buffer.from(text, 'base64')
}
