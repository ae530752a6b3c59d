import { stemmer as french } from '@orama/stemmers/french'
import { stemmer as german } from '@orama/stemmers/german'
import { stemmer as portuguese } from '@orama/stemmers/portuguese'
import { stemmer as russian } from '@orama/stemmers/russian'
import { stemmer as spanish } from '@orama/stemmers/spanish'
import english from 'wink-porter2-stemmer'
import { fold } from '../fold.ts'
import { ownCopy } from '../recent.ts'
import { IRREGULAR } from './irregular.ts'
import type { Language } from './language.ts'

const STEMMERS: Readonly<Record<Language, (word: string) => string>> = {
  english,
  german,
  french,
  spanish,
  portuguese,
  russian,
}
/** Twice so many at most: the ones that come again stay. */
const REMEMBERED = 20_000
const LETTERS = /^\p{L}{3,40}$/u

let recent = new Map<string, string>()
let before = recent

/** What the forms of a folded word have in common, by Snowball's rules for its language. */
export function stemOf(word: string, language: Language): string {
  const key = language === 'english' ? word : `${language} ${word}`
  const known = recent.get(key)
  if (known !== undefined) return known
  const own = ownCopy(word)
  const stem = before.get(key) ?? (LETTERS.test(own) ? stemmed(own, language) : own)
  if (recent.size >= REMEMBERED) {
    before = recent
    recent = new Map()
  }
  recent.set(key === word ? own : key, stem)
  return stem
}

function stemmed(word: string, language: Language): string {
  if (language !== 'english') return fold(STEMMERS[language](word)) || word
  return english(IRREGULAR.get(word) ?? word) || word
}
