import { fold } from './fold.ts'
import { type Language, smallWords } from './stems/language.ts'
import { stemOf } from './stems/stem.ts'
import { STOP_WORDS } from './stems/stop-words.ts'
import { otherWords } from './synonyms/index.ts'
import { gramsOf, type Token } from './tokens.ts'
import { MOST_TERM_CHARACTERS, type Word } from './word.ts'

/** A text as the index holds it. */
export interface Terms {
  /** The stems of its telling words, in order. */
  readonly words: readonly string[]
  /** What else it is found by: identifiers as one word, single characters of unspaced scripts, the English stem of a word of another language. */
  readonly forms: readonly string[]
}

const VERSION = /^v?(\d+(?:\.\d+)+)/i
/** Of commits, and the longer ones of images and files (SHA-256 has 64 digits, SHA-512 twice as many). */
const HASH = /^(?=.*\d)[0-9a-f]{8,128}$/
/** The shortest form in which Git shows a commit; Docker shows twelve digits of an image. */
export const COMMIT_PREFIX = 7
const LETTERS_AND_DIGITS = /^(\p{L}{2,})(\d+)$/u

/** Terms of a text of that language as the index holds them. */
export function termsOf(tokens: readonly Token[], language: Language): Terms {
  const small = smallWords(language)
  const words: string[] = []
  const forms: string[] = []
  for (const token of tokens) addTerms(token, { language, small, words, forms })
  return { words, forms }
}

interface Sink {
  readonly language: Language
  readonly small: ReadonlySet<string>
  readonly words: string[]
  readonly forms: string[]
}

function addTerms(token: Token, sink: Sink): void {
  const { words, forms } = sink
  if (token.isUnspaced) {
    const run = fold(token.text)
    words.push(...gramsOf(run))
    forms.push(...new Set(run.length > 1 ? run : ''))
    return
  }
  if (!token.isPlain) forms.push(...identifierForms(token))
  for (const part of token.words) addWord(part, token.isPlain, sink)
}

function addWord(part: Word, isPlain: boolean, { language, small, words, forms }: Sink): void {
  const word = part.indexed
  if (word === '' || isStopWord(part, word, small)) return
  const stem = language === 'english' ? part.englishStem : stemOf(word, language)
  words.push(stem)
  if (language !== 'english') forms.push(...formsOf(word, stem, language))
  const mixed = isPlain ? null : LETTERS_AND_DIGITS.exec(word)
  if (mixed?.[1]) forms.push(stemOf(mixed[1], language))
}

/** What a word of another language is found by beside its stem. */
function formsOf(word: string, stem: string, language: Language): readonly string[] {
  const parts = language === 'german' ? partsOfCompound(word) : []
  return [...parts, ...otherThan(stem, stemOf(stem, 'english'), word)]
}

const COMPOUND_FROM = 9
const PART_FROM = 4

/** German writes several words as one: those of them that the table of words knows. */
function partsOfCompound(word: string): string[] {
  if (word.length < COMPOUND_FROM) return []
  const parts = []
  for (let at = PART_FROM; at <= word.length - PART_FROM; at++) parts.push(word.slice(0, at), word.slice(at))
  return parts.map((part) => stemOf(part, 'english')).filter((stem) => otherWords(stem).length > 0)
}

function isStopWord(part: Word, word: string, small: ReadonlySet<string>): boolean {
  return part.isStopWord || (small !== STOP_WORDS && small.has(word))
}

function otherThan(stem: string, ...forms: string[]): string[] {
  return [...new Set(forms)].filter((form) => form !== stem)
}

/** The whole of an identifier, beside its parts. */
export function identifierForms({ text, parts, whole }: Token): string[] {
  const forms = []
  if (parts.length > 1) forms.push(fold(text))
  if (whole) forms.push(fold(whole.joined), ...lastPart(whole.written), ...versionForms(whole.written))
  const low = text.toLowerCase()
  if (HASH.test(low)) forms.push(low.slice(0, COMMIT_PREFIX))
  return forms.map((form) => form.slice(0, MOST_TERM_CHARACTERS)).filter((form) => form !== '')
}

/** Of a path its file, which is what people ask for. */
function lastPart(written: string): string[] {
  const parts = written.split(/[\\/]/)
  const last = parts.at(-1) ?? ''
  return parts.length > 1 && /[^\p{L}\p{N}]/u.test(last)
    ? [fold(last.replace(/[^\p{L}\p{N}\p{M}]+/gu, ''))]
    : []
}

/** "v10.1" is also "10.1", the dot kept by a sign that parts no words. */
function versionForms(written: string): string[] {
  const version = VERSION.exec(written)
  return version?.[1] ? [version[1].replaceAll('.', '·')] : []
}
