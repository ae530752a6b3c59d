import { STOP_WORDS } from './stems/stop-words.ts'

// Scripts that are written without spaces, or whose words carry endings that no stemmer here takes off.
const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}'
const UNSPACED_RUN = new RegExp(`[${UNSPACED}ー]+`, 'gu')
const TOKEN = /[\p{L}\p{N}\p{Co}]+/gu
const ASCII = /^[\0-\x7f]*$/
const ASCII_TOKEN = /[a-z0-9]+/g
const CAMEL_STEP = /(?<=\p{Ll}|\p{N})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u

const QUERY_CHARACTERS = 4_000
const QUERY_TERMS = 48

/**
 * What to look for, most telling forms first: words, and phrases (words with a space between, to be found in this order) for
 * identifiers, paths and compound words. Only letters, digits and spaces: an index can quote each without a second thought.
 */
export function queryTerms(query: string): string[] {
  const text = query.slice(0, QUERY_CHARACTERS).toWellFormed().replaceAll('\0', ' ').normalize('NFC')
  const words = text.split(/\s+/).flatMap(wordTerms)
  const telling = words.filter((term) => !STOP_WORDS.has(term))
  return [...new Set(telling.length > 0 ? telling : words)].slice(0, QUERY_TERMS)
}

/** The words of a text in lower case, and its unspaced runs as pairs. */
export function wordsOf(text: string): string[] {
  if (ASCII.test(text)) return text.toLowerCase().match(ASCII_TOKEN) ?? []
  const normal = text.normalize('NFC')
  const grams = (normal.match(UNSPACED_RUN) ?? []).flatMap(gramsOf)
  return [...(normal.replace(UNSPACED_RUN, ' ').match(TOKEN) ?? []).map(lower), ...grams]
}

function wordTerms(word: string): string[] {
  const plain = word.replace(/['’]s$/iu, '')
  const grams = (plain.match(UNSPACED_RUN) ?? []).flatMap(gramsOf)
  const tokens = plain.replace(UNSPACED_RUN, ' ').match(TOKEN) ?? []
  const phrase = tokens.length > 1 ? [lower(tokens.join(' '))] : []
  return [...phrase, ...tokens.flatMap(tokenTerms), ...grams]
}

/** The token itself, and as a phrase the words that its capitals show. */
function tokenTerms(token: string): string[] {
  const parts = token.split(CAMEL_STEP)
  return parts.length > 1 ? [lower(token), lower(parts.join(' '))] : [lower(token)]
}

/** Pairs of neighbours, as which unspaced text is indexed; a single character stands for itself. */
function gramsOf(run: string): string[] {
  const characters = [...run]
  if (characters.length === 1) return [run]
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`)
}

function lower(text: string): string {
  return text.toLowerCase()
}
