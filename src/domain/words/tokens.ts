import { fold } from './fold.ts'
import { numberWith, Recent } from './recent.ts'
import { Word } from './word.ts'

// Scripts that are written without spaces, or whose words carry endings that no stemmer here takes off.
const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}'
const PIECE = new RegExp(
  `[${UNSPACED}ー]+[${UNSPACED}ー\\p{M}]*|(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{Co}])(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}\\p{Co}])*`,
  'gu',
)
const UNSPACED_START = new RegExp(`^[${UNSPACED}ー]`, 'u')
const CLOSING: ReadonlySet<number> = new Set([...',.;:!?)'].map((sign) => sign.charCodeAt(0)))
const SPACE = 0x20
const OTHER_SPACES: ReadonlySet<number> = new Set([
  ...Array.from({ length: 11 }, (_, at) => 0x2000 + at),
  0x2028,
  0x2029,
  0x202f,
  0x205f,
])
const OUTER_SIGNS = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu
const ASCII = /^[\0-\x7f]*$/
const ASCII_PIECE = /[A-Za-z0-9]+/g
const LOWER = /^[a-z0-9]*$/
const CAMEL_STEP = /(?<=\p{Ll}|\p{N})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u
const POSSESSIVE = /['’]s$/iu
/** Characters that hold an identifier together. */
const JOINT = /^[-_.:/@+#\\]{1,3}$/
const MOST_JOINED = 10

/** A piece of text as written. */
export interface Token {
  /** Letters and digits, or a run of an unspaced script. */
  readonly text: string
  /** Itself in the one form that it has in text and question. */
  readonly word: Word
  readonly isUnspaced: boolean
  /** Nothing but letters of one word: most are so. */
  readonly isPlain: boolean
  /** The words that its capitals show; itself alone where they show none. */
  readonly parts: readonly string[]
  /** The parts in that form. */
  readonly words: readonly Word[]
  /** Of identifiers with signs inside ("sha-256", "v10.1"): all of it from here to its end, the signs gone or kept. */
  readonly whole: { readonly joined: string; readonly written: string } | null
  /** Follows the token before it with nothing but such signs between. */
  readonly isInner: boolean
}

let chunks = new Recent<readonly Token[]>(16_384, cutChunk)

/** For a thread that cuts many texts and nothing else: some thirty megabytes where all places are taken. */
export function rememberManyTokens(): void {
  chunks = new Recent(131_072, cutChunk)
}

/** The tokens of a text, in order; of the first of them so many at least. */
export function tokensOf(text: string, most = Number.POSITIVE_INFINITY): Token[] {
  const tokens: Token[] = []
  let start = 0
  let number = 0
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : SPACE
    if (!isSpace(code)) {
      number = numberWith(number, code)
      continue
    }
    if (at > start) for (const token of chunks.of(text, start, at, number)) tokens.push(token)
    if (tokens.length >= most) break
    start = at + 1
    number = 0
  }
  return tokens
}

/** As `\s` has it. */
function isSpace(code: number): boolean {
  if (code < 0x80) return code === SPACE || (code >= 9 && code <= 13)
  if (code < 0x1680) return code === 0xa0
  if (code < 0x3000) return code === 0x1680 || (code >= 0x2000 && OTHER_SPACES.has(code))
  return code === 0x3000 || code === 0xfeff
}

function cutChunk(chunk: string): readonly Token[] {
  const plain = plainWordIn(chunk)
  if (plain !== '') return [plainToken(plain)]
  const isAscii = ASCII.test(chunk)
  const word = (isAscii ? trimmed(chunk) : chunk.replace(OUTER_SIGNS, '')).replace(POSSESSIVE, '')
  const matches = [...word.matchAll(isAscii || ASCII.test(word) ? ASCII_PIECE : PIECE)]
  const isOne = isIdentifier(word, matches)
  return matches.map(([text], at) =>
    tokenOf(text, { isInner: isOne && at > 0, whole: isOne && at === 0 ? word : null }),
  )
}

/** A word in lower case, or with a capital before it, and a sign or two behind or a parenthesis before; '' for all else. */
function plainWordIn(chunk: string): string {
  const start = chunk.startsWith('(') ? 1 : 0
  let end = start
  if (isCapital(chunk.charCodeAt(end))) end++
  while (isSmall(chunk.charCodeAt(end))) end++
  if (end === start || chunk.length - end > 2) return ''
  for (let at = end; at < chunk.length; at++) if (!CLOSING.has(chunk.charCodeAt(at))) return ''
  return chunk.slice(start, end)
}

function isSmall(code: number): boolean {
  return code >= 97 && code <= 122
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90
}

function trimmed(chunk: string): string {
  let [start, end] = [0, chunk.length]
  while (start < end && !isAsciiWord(chunk.charCodeAt(start))) start++
  while (end > start && !isAsciiWord(chunk.charCodeAt(end - 1))) end--
  return chunk.slice(start, end)
}

function isAsciiWord(code: number): boolean {
  return isSmall(code) || isCapital(code) || (code >= 48 && code <= 57)
}

/** Looking closer at each would take most of the time of a write. */
function plainToken(text: string): Token {
  const word = new Word(text.toLowerCase())
  return {
    text,
    word,
    isUnspaced: false,
    isPlain: true,
    parts: [text],
    words: [word],
    whole: null,
    isInner: false,
  }
}

function isIdentifier(word: string, matches: readonly RegExpExecArray[]): boolean {
  if (matches.length < 2 || matches.length > MOST_JOINED || word.length > 64) return false
  return matches.every((match, at) => {
    const next = matches[at + 1]
    return !next || JOINT.test(word.slice(match.index + match[0].length, next.index))
  })
}

function tokenOf(text: string, { isInner, whole }: { isInner: boolean; whole: string | null }): Token {
  const isLower = LOWER.test(text)
  const parts = isLower ? [text] : text.split(CAMEL_STEP)
  const word = new Word(fold(text))
  return {
    text,
    word,
    isUnspaced: !isLower && UNSPACED_START.test(text),
    isPlain: false,
    parts,
    words: parts.length === 1 ? [word] : parts.map((part) => new Word(fold(part))),
    whole: whole === null ? null : { joined: whole.replace(/[^\p{L}\p{N}\p{M}]+/gu, ''), written: whole },
    isInner,
  }
}

/** Pairs of neighbours, as which unspaced text is indexed; a single character stands for itself. */
export function gramsOf(run: string): string[] {
  const characters = [...run]
  if (characters.length === 1) return [run]
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`)
}
