import { fold } from '../fold.ts'
import type { Language } from '../stems/language.ts'
import { stemOf } from '../stems/stem.ts'
import { CHINESE } from './chinese.ts'
import { FRENCH } from './french.ts'
import { GERMAN } from './german.ts'
import { JAPANESE } from './japanese.ts'
import { PORTUGUESE } from './portuguese.ts'
import { RUSSIAN } from './russian.ts'
import { SPANISH } from './spanish.ts'

/**
 * Dictionaries from other languages to English: entries between commas, each a word and its translations, the most usual first. Before
 * a word that English has too, with another meaning, stands `*`: it is not looked for when English is asked.
 */
const SPACED = {
  german: GERMAN,
  french: FRENCH,
  spanish: SPANISH,
  portuguese: PORTUGUESE,
  russian: RUSSIAN,
} as const
const UNSPACED = { japanese: JAPANESE, chinese: CHINESE } as const

type Spaced = keyof typeof SPACED
type Dictionary = ReadonlyMap<string, readonly string[]>

const NONE: readonly never[] = []
const dictionaries = new Map<string, Dictionary>()
let back: ReadonlyMap<string, readonly Back[]> | undefined

/** English for a folded word of that language, as a question in it may mean it. */
export function englishFor(word: string, language: Language): readonly string[] {
  if (!isSpaced(language)) return NONE
  const dictionary = dictionaryOf(language)
  return dictionary.get(word) ?? dictionary.get(stemKey(word, language)) ?? partsIn(word, language)
}

/** The words of a run without spaces that the dictionaries have, the longest first at each place, with English for each. */
export function englishIn(run: string): { readonly word: string; readonly english: readonly string[] }[] {
  const names = KANA.test(run) ? (['japanese', 'chinese'] as const) : (['chinese', 'japanese'] as const)
  const characters = [...run]
  const found = []
  for (let at = 0; at < characters.length; ) {
    const word = longestAt(characters, at, names)
    if (word) found.push(word)
    at += word ? [...word.word].length : 1
  }
  return found
}

/** What texts in other languages say for a folded English word, as the index holds it. */
export function foreignFor(word: string): readonly string[] {
  back ??= allBack()
  const form = formsOf(word).find((one) => back?.has(one))
  return (back.get(form ?? '') ?? NONE).map(({ foreign, language }) =>
    language === undefined ? foreign : stemOf(fold(foreign), language),
  )
}

const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u
const LONGEST_WORD = 8

function longestAt(characters: readonly string[], at: number, names: readonly (keyof typeof UNSPACED)[]) {
  for (let length = Math.min(LONGEST_WORD, characters.length - at); length > 0; length--) {
    const word = characters.slice(at, at + length).join('')
    for (const name of names) {
      const english = dictionaryOf(name).get(word)
      if (english) return { word, english }
    }
  }
  return undefined
}

const COMPOUND_FROM = 8
const PART_FROM = 4

/** German writes several words as one: English for both, where it is made of two that the dictionary has. */
function partsIn(word: string, language: Spaced): readonly string[] {
  if (language !== 'german' || word.length < COMPOUND_FROM) return NONE
  const known = (part: string) =>
    dictionaryOf(language).get(part) ?? dictionaryOf(language).get(stemKey(part, language))
  for (let at = word.length - PART_FROM; at >= PART_FROM; at--) {
    const last = known(word.slice(at))
    const head = word.slice(0, at)
    const first = last && (known(head) ?? known(head.replace(/(?:s|en|n)$/, '')))
    if (first) return [...last.slice(0, 1), ...first.slice(0, 1)]
  }
  return NONE
}

function isSpaced(language: Language): language is Spaced {
  return Object.hasOwn(SPACED, language)
}

function stemKey(word: string, language: Spaced): string {
  return `~${stemOf(word, language)}`
}

/** Under the folded word itself, and under its stem where no earlier word has that. */
function dictionaryOf(name: Spaced | keyof typeof UNSPACED): Dictionary {
  const known = dictionaries.get(name)
  if (known) return known
  const made = new Map<string, readonly string[]>()
  for (const { word, english } of entriesOf({ ...SPACED, ...UNSPACED }[name])) {
    const folded = fold(word)
    if (!made.has(folded)) made.set(folded, english)
    if (!Object.hasOwn(SPACED, name)) continue
    const stem = stemKey(folded, name as Spaced)
    if (!made.has(stem)) made.set(stem, english)
  }
  dictionaries.set(name, made)
  return made
}

interface Translated {
  readonly word: string
  readonly english: readonly string[]
  readonly isEnglishToo: boolean
}

/** By a pattern, which is quicker than cutting each entry in pieces: there are more than ten thousand. */
function entriesOf(text: string): Translated[] {
  const entries: Translated[] = []
  for (const [, mark, word = '', english = ''] of text.matchAll(/(\*?)([^\s,]+) ([^,]+)/g))
    entries.push({ word, english: english.split(' '), isEnglishToo: mark === '*' })
  return entries
}

/** A word of another language as the dictionary has it; where none is named it is a pair of characters, which is what the index has. */
interface Back {
  readonly foreign: string
  readonly language?: Spaced
}

/** Only the first two translations: a third is a wide one. */
const SURE = 2
const OF_EACH_LANGUAGE = 3

/** Neither folded nor stemmed yet: that takes longer than all the rest, and few are ever asked for. */
function allBack(): ReadonlyMap<string, readonly Back[]> {
  const made = new Map<string, Back[]>()
  for (const [language, text] of Object.entries(SPACED))
    addBack(
      made,
      entriesOf(text).filter(({ isEnglishToo }) => !isEnglishToo),
      language as Spaced,
    )
  for (const text of Object.values(UNSPACED))
    addBack(
      made,
      entriesOf(text).filter(({ word }) => word.length === 2),
    )
  return made
}

function addBack(made: Map<string, Back[]>, entries: readonly Translated[], language?: Spaced): void {
  const counts = new Map<string, number>()
  for (const { word, english } of entries)
    for (const one of english.slice(0, SURE)) {
      const count = counts.get(one) ?? 0
      if (count === OF_EACH_LANGUAGE) continue
      counts.set(one, count + 1)
      const known = made.get(one) ?? []
      known.push({ foreign: word, ...(language && { language }) })
      made.set(one, known)
    }
}

const ENDINGS: readonly (readonly [ending: RegExp, becomes: string])[] = [
  [/ies$/, 'y'],
  [/es$/, ''],
  [/s$/, ''],
  [/ied$/, 'y'],
  [/ed$/, ''],
  [/d$/, ''],
  [/ing$/, ''],
  [/ing$/, 'e'],
]

/** The word and what it may be a form of: the dictionaries have English as it stands in dictionaries. */
function formsOf(word: string): string[] {
  const forms = ENDINGS.flatMap(([ending, becomes]) =>
    ending.test(word) ? [word.replace(ending, becomes)] : [],
  )
  return [word, ...forms]
}
