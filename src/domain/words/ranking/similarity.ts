import { numberWith, Recent } from '../recent.ts'
import { wordsOf } from '../search-terms.ts'
import { STOP_WORDS } from '../stems/stop-words.ts'

/** From here on two texts say nearly the same: about four of five telling words in common. */
export const SIMILAR_FROM = 0.65
/** Of a long text its beginning decides. */
export const COMPARED_CHARACTERS = 16_384

/** What similarity looks at: the stems of the words that tell something. */
type Words = ReadonlySet<string>

interface Named {
  readonly name: string
  readonly content: string
}

/** A denial turns a sentence round, so it tells more than most words. */
const DENIALS: ReadonlySet<string> = new Set(['no', 'not', 'nor'])
/** Fewer words than this say too little by themselves: then the name counts as well. */
const ENOUGH_WORDS = 4

/**
 * Tells how much other texts have in common with this one, 0 to 1: the shared telling words among all of both, whatever their
 * order and endings.
 */
export function similarityTo(text: Named): (other: Named) => number {
  const own = tellingWords(text.content)
  let named: Words | undefined
  return (other) => {
    const words = tellingWords(other.content)
    if (Math.min(own.size, words.size) >= ENOUGH_WORDS) return share(own, words)
    named ??= tellingWords(textOf(text))
    return share(named, tellingWords(textOf(other)))
  }
}

/** The telling words that a text is found by. */
export function wordsToFindBy(text: Named): Words {
  const own = tellingWords(text.content)
  return own.size >= ENOUGH_WORDS ? own : tellingWords(textOf(text))
}

function textOf({ name, content }: Named): string {
  return `${name}\n${content}`
}

function tellingWords(text: string): Words {
  const compared = text.slice(0, COMPARED_CHARACTERS)
  const telling = new Set<string>()
  const add = (stem: string) => stem !== NOTHING && telling.add(stem)
  if (ASCII.test(compared)) eachAsciiStem(compared.toLowerCase(), add)
  else for (const word of wordsOf(compared)) add(tellingStem(word))
  return telling
}

/** Of each run of letters and digits, as `wordsOf` cuts them. */
function eachAsciiStem(text: string, add: (stem: string) => void): void {
  let start = 0
  let number = 0
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 0
    if ((code >= 97 && code <= 122) || (code >= 48 && code <= 57)) {
      number = numberWith(number, code)
      continue
    }
    if (at > start) add(stems.of(text, start, at, number))
    start = at + 1
    number = 0
  }
}

/** Said of a word that tells nothing; no word has a space. */
const NOTHING = ' '
const ASCII = /^[\0-\x7f]*$/
let stems = new Recent<string>(8_192, tellingStem)

/** For a thread that cuts many texts and nothing else. */
export function rememberManyStems(): void {
  stems = new Recent(65_536, tellingStem)
}

function tellingStem(word: string): string {
  return STOP_WORDS.has(word) && !DENIALS.has(word) ? NOTHING : stem(word)
}

function share(a: Words, b: Words): number {
  if (a.size === 0 || b.size === 0) return 0
  let shared = 0
  for (const word of a) if (b.has(word)) shared++
  return shared / (a.size + b.size - shared)
}

/** Takes English endings off, roughly as the search index does: what counts is that equal words stay equal. */
function stem(word: string): string {
  const base = withoutPast(withoutPlural(word))
  if (base.length < 3) return base
  if (base.endsWith('e')) return base.slice(0, -1)
  return base.endsWith('y') ? `${base.slice(0, -1)}i` : base
}

function withoutPlural(word: string): string {
  if (word.length < 4 || !word.endsWith('s') || word.endsWith('ss') || word.endsWith('us')) return word
  return word.slice(0, word.endsWith('sses') || word.endsWith('ies') ? -2 : -1)
}

function withoutPast(word: string): string {
  const ending = word.endsWith('ing') ? 3 : word.endsWith('ed') ? 2 : 0
  const base = word.slice(0, word.length - ending)
  if (ending === 0 || base.length < 2 || !/[aeiouy]/.test(base)) return word
  return /([^aeiouylsz])\1$/.test(base) ? base.slice(0, -1) : base
}
