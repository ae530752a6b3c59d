import { fold } from '../fold.ts'
import { englishOfRun, englishOfWord, inEnglish } from '../in-english.ts'
import { COMMIT_PREFIX, identifierForms } from '../index-terms.ts'
import { type Language, languageOf, smallWords } from '../stems/language.ts'
import { stemOf } from '../stems/stem.ts'
import { STOP_WORDS } from '../stems/stop-words.ts'
import { otherWords } from '../synonyms/index.ts'
import { gramsOf, type Token, tokensOf } from '../tokens.ts'
import { englishFor, englishIn, foreignFor } from '../translations/index.ts'
import { MOST_TERM_CHARACTERS } from '../word.ts'
import { hintsIn } from './hints.ts'

/** How a term comes to stand for a word of the question, other than by being that word. */
export const WAYS = [
  'spelling',
  'prefix',
  'part',
  'joined',
  'initials',
  'synonym',
  'kind',
  'abbreviation',
  'translation',
  'hint',
] as const
export type Way = (typeof WAYS)[number]

/** One way in which a question's word may stand in an entry. */
export interface Member {
  readonly term: string
  /** 1 for the word itself, less for what stands in for it. */
  readonly weight: number
  /** Absent for the word itself and its stem. */
  readonly by?: Way
}

/** A word of the question. What stands for it best in an entry counts, once. */
export interface QuestionWord {
  readonly text: string
  /** 1, or less for a word that says little about what is looked for. */
  readonly weight: number
  /** True for another reading of words that count themselves, and for hints. */
  readonly isExtra: boolean
  readonly members: readonly Member[]
  /** What its vector is of, where it has one: itself, or English for a word of another language. */
  readonly asEnglish?: string
}

export interface Question {
  readonly words: readonly QuestionWord[]
  /** Its text as far as it is looked at. */
  readonly text: string
  /** The same in English where it is in another language: what it means, to vectors of English words. */
  readonly asEnglish: string
}

const QUERY_CHARACTERS = 4_000
const MOST_WORDS = 40
const MOST_OTHERS = 12
/** More words than this are a pasted text: it means what it says. */
const WORDS_WITH_OTHERS = 16
const COMMIT_START = new RegExp(`^(?=.*\\d)(?=.*[a-f])[0-9a-f]{${COMMIT_PREFIX},128}$`)

/** Words that ask rather than say; they count a little. */
const WEAK = new Set(
  `use used using everything anything something thing things way may might allowed allow ok need want get got go going
  happen happened like look looks new make made set know tell say find show give take let come came people someone somebody
  nobody happens still ever please yet today really thing many much long often big old next last first one two see put also
  us work works working about`.split(/\s+/),
)
const WEAK_WEIGHT = 0.45

/** What "didn't", "we're" and the like fall into: in few entries, so each would tell more than most words. */
const CONTRACTED = new Set(
  `ain aren couldn didn doesn don hadn hasn haven isn mustn needn shouldn wasn weren won wouldn d ll m re s t ve`.split(
    ' ',
  ),
)

/** A question as the ranking takes it. Without words if it has only common ones. */
export function questionOf(query: string): Question {
  const text = query.slice(0, QUERY_CHARACTERS).toWellFormed().replaceAll('\0', ' ')
  const tokens = tokensOf(text)
  const language = languageOf(tokens.map(({ word }) => word))
  const telling = tokens.filter((token) => !isCommon(token, language))
  const expands = telling.length <= WORDS_WITH_OTHERS
  const phrasal = phrasalWords(tokens, expands)
  if (telling.length + phrasal.length === 0) return { words: [], text, asEnglish: text }
  const all = [
    ...phrasal,
    ...telling.flatMap((token) => wordsOf(token, { language, expands })),
    ...telling.flatMap(translatedRun),
    ...hints(tokens),
    ...joinedPairs(tokens),
    ...(expands ? initials(tokens) : []),
  ]
  return {
    words: merged(all).slice(0, MOST_WORDS),
    text,
    asEnglish: englishText(text, tokens, language),
  }
}

function englishText(text: string, tokens: readonly Token[], language: Language): string {
  const english = inEnglish(tokens, language)
  return english === tokens ? text : english.map((token) => token.text).join(' ')
}

/** Stems of the words that are written as names are. */
export function namesIn(query: string): ReadonlySet<string> {
  const tokens = tokensOf(query.slice(0, QUERY_CHARACTERS).toWellFormed())
  const names = tokens.filter(({ text }) => /^\p{Lu}\p{Ll}/u.test(text) && !STOP_WORDS.has(fold(text)))
  return new Set(names.map(({ text }) => stemOf(fold(text), 'english')))
}

function isCommon({ text, parts, isUnspaced }: Token, language: Language): boolean {
  if (isUnspaced || parts.length > 1) return false
  const word = fold(text)
  return word === '' || CONTRACTED.has(word) || STOP_WORDS.has(word) || smallWords(language).has(word)
}

interface Reading {
  readonly language: Language
  readonly expands: boolean
}

function wordsOf(token: Token, reading: Reading): QuestionWord[] {
  if (token.isUnspaced) return gramsOf(fold(token.text)).map((gram) => gramWord(gram, reading.expands))
  const whole = identifierForms(token)
  const identifier =
    whole.length > 0 ? [wordOf(whole[0] ?? '', [...commitStart(token), ...whole], false)] : commitWord(token)
  return [...identifier, ...token.parts.map((part) => plainWord(fold(part), reading))]
}

function gramWord(gram: string, expands: boolean): QuestionWord {
  const [english] = englishOfRun(gram)
  return { ...wordOf(gram, [gram], expands), ...(english !== undefined && { asEnglish: english }) }
}

function plainWord(given: string, { language, expands }: Reading): QuestionWord {
  const word = given.slice(0, MOST_TERM_CHARACTERS)
  const english = stemOf(word, 'english')
  if (language === 'english') {
    const asked = wordOf(word, [english], expands)
    const members = expands ? [...asked.members, ...foreignMembers(word)] : asked.members
    return { ...asked, members, asEnglish: word }
  }
  const asked = wordOf(word, [...new Set([stemOf(word, language), english, word])], expands)
  const members = [...asked.members, ...englishMembers(englishFor(word, language))]
  return { ...asked, members, asEnglish: englishOfWord(word, language) }
}

/** The first translation is meant most often. */
const TRANSLATED = [0.95, 0.85, 0.75]
const FOREIGN = 0.9

/** English for a word of another language, and what English has beside it. */
function englishMembers(english: readonly string[]): Member[] {
  const stems = english.map((word) => stemOf(word, 'english'))
  const direct = stems.map((term, at): Member => ({ term, weight: TRANSLATED[at] ?? 0, by: 'translation' }))
  const others = stems.slice(0, 1).flatMap(otherWords)
  const further = others.map(
    ({ term, weight }): Member => ({ term, weight: weight * (TRANSLATED[0] ?? 0), by: 'translation' }),
  )
  return [...direct, ...further.slice(0, MOST_OTHERS)]
}

function foreignMembers(word: string): Member[] {
  return [...new Set(foreignFor(word))].map((term) => ({ term, weight: FOREIGN, by: 'translation' }))
}

/** What the dictionaries make of a run without spaces, beside its pairs of characters, which count themselves. */
function translatedRun({ text, isUnspaced }: Token): QuestionWord[] {
  if (!isUnspaced) return []
  return englishIn(fold(text)).map(({ word, english }) => ({
    text: word,
    weight: 1,
    isExtra: true,
    members: englishMembers(english),
  }))
}

function wordOf(text: string, terms: readonly string[], expands: boolean): QuestionWord {
  const exact = terms.map((term) => ({ term, weight: 1 }))
  const others = expands ? terms.flatMap(otherWords).slice(0, MOST_OTHERS) : []
  return { text, weight: WEAK.has(text) ? WEAK_WEIGHT : 1, isExtra: false, members: [...exact, ...others] }
}

function commitStart({ text }: Token): string[] {
  const low = text.toLowerCase()
  return COMMIT_START.test(low) ? [low, low.slice(0, COMMIT_PREFIX)] : []
}

function commitWord(token: Token): QuestionWord[] {
  const terms = commitStart(token)
  return terms.length > 0 ? [wordOf(token.text, terms, false)] : []
}

const PARTICLES = new Set(['in', 'up', 'off', 'on', 'out', 'back', 'down', 'over'])

/** "log in" is the verb to "login", "roll back" to "rollback"; who is "on call" is "oncall". */
function phrasalWords(tokens: readonly Token[], expands: boolean): QuestionWord[] {
  return tokens.slice(1).flatMap((token, at) => {
    const joined = fold(`${tokens[at]?.text}${token.text}`)
    const stem = stemOf(joined, 'english')
    const hasParticle = [token, tokens[at]].some((part) => PARTICLES.has(fold(part?.text ?? '')))
    return hasParticle && otherWords(stem).length > 0 ? [wordOf(joined, [stem], expands)] : []
  })
}

const HINT_WEIGHT = 0.4
const HINT_SHARE = 0.5
const PAIR_SHARE = 0.25
const INITIALS_OF = [3, 4, 5]
const FEWEST_INITIALS = 3
/** It stands for all of them. */
const INITIALS_SHARE = 1.5

function hints(tokens: readonly Token[]): QuestionWord[] {
  return hintsIn(tokens.map(({ text }) => fold(text))).map(([text, terms]) => ({
    text,
    weight: HINT_SHARE,
    isExtra: true,
    members: terms.map((term) => ({ term, weight: HINT_WEIGHT, by: 'hint' })),
  }))
}

/** "web hook" may be written "webhook", "oauth 2" "oauth2". */
function joinedPairs(tokens: readonly Token[]): QuestionWord[] {
  return tokens.slice(1).flatMap((token, at) => {
    const before = tokens[at]
    if (!before || token.isUnspaced || before.isUnspaced || token.isInner) return []
    const [one, other] = [fold(before.text), fold(token.text)]
    if (STOP_WORDS.has(one) || STOP_WORDS.has(other) || one.length + other.length > 24) return []
    const joined = one + other
    const terms = [...new Set([joined, stemOf(joined, 'english')])]
    return [
      {
        text: joined,
        weight: PAIR_SHARE,
        isExtra: true,
        members: terms.map((term) => ({ term, weight: 1, by: 'joined' })),
      },
    ]
  })
}

/** "software bill of materials" may be written "SBOM", or "SBM". */
function initials(tokens: readonly Token[]): QuestionWord[] {
  const words = tokens.map(({ text }) => fold(text))
  const runs = words.flatMap((_, from) => INITIALS_OF.map((count) => words.slice(from, from + count)))
  return runs.filter(mayBeName).flatMap((run) => {
    const terms = new Set([initialsOf(run), initialsOf(run.filter((word) => !STOP_WORDS.has(word)))])
    const members = [...terms]
      .filter(({ length }) => length >= FEWEST_INITIALS)
      .map((term): Member => ({ term, weight: 1, by: 'initials' }))
    return members.length === 0
      ? []
      : [{ text: initialsOf(run), weight: INITIALS_SHARE, isExtra: true, members }]
  })
}

function initialsOf(words: readonly string[]): string {
  return words.map((word) => word[0]).join('')
}

/** Small words stand inside a name, not at its ends. */
function mayBeName(run: readonly string[]): boolean {
  const isWord = (word = '') => /^[a-z]/.test(word) && !STOP_WORDS.has(word)
  const inner = run.slice(1, -1)
  return (
    run.length >= FEWEST_INITIALS &&
    [run[0], run.at(-1)].every(isWord) &&
    inner.every((word) => isWord(word) || /^(?:of|and|for|the|to)$/.test(word))
  )
}

/** Each word once, with what its occurrences stand for. */
function merged(words: readonly QuestionWord[]): QuestionWord[] {
  const byTerm = new Map<string, QuestionWord>()
  for (const word of words) {
    const key = word.members[0]?.term ?? ''
    if (!byTerm.has(key)) byTerm.set(key, word)
  }
  return [...byTerm.values()]
}
