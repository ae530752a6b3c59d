import { fold } from './fold.ts'

// Scripts that are written without spaces, or whose words carry endings that no stemmer here takes off.
const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}'
const PIECE = new RegExp(
  `[${UNSPACED}ー]+[${UNSPACED}ー\\p{M}]*|(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{Co}])(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}\\p{Co}])*`,
  'gu',
)
const UNSPACED_START = new RegExp(`^[${UNSPACED}ー]`, 'u')
/** A word in lower case, or with a capital before it, and a sign behind. */
const PLAIN_WORD = /^\(?([A-Za-z][a-z]*)[,.;:!?)]{0,2}$/
const ASCII = /^[\0-\x7f]*$/
const ASCII_PIECE = /[A-Za-z0-9]+/g
const CAMEL_STEP = /(?<=\p{Ll}|\p{N})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u
const POSSESSIVE = /['’]s$/iu
/** Characters that hold an identifier together. */
const JOINT = /^[-_.:/@+#\\]{1,3}$/
const MOST_JOINED = 10

/** A piece of text as written. */
export interface Token {
  /** Letters and digits, or a run of an unspaced script. */
  readonly text: string
  /** The one form that it has in text and question. */
  readonly folded: string
  readonly isUnspaced: boolean
  /** Nothing but letters of one word: most are so. */
  readonly isPlain: boolean
  /** The words that its capitals show; itself alone where they show none. */
  readonly parts: readonly string[]
  /** Of identifiers with signs inside ("sha-256", "v10.1"): all of it from here to its end, the signs gone or kept. */
  readonly whole: { readonly joined: string; readonly written: string } | null
  /** Follows the token before it with nothing but such signs between. */
  readonly isInner: boolean
}

/** The tokens of a text, in order. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  for (const chunk of text.split(/\s+/)) {
    const plain = PLAIN_WORD.exec(chunk)?.[1]
    if (plain !== undefined) tokens.push(plainToken(plain))
    else if (chunk !== '') tokens.push(...tokensOfChunk(chunk))
  }
  return tokens
}

function tokensOfChunk(chunk: string): Token[] {
  const word = chunk.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu, '').replace(POSSESSIVE, '')
  const matches = [...word.matchAll(ASCII.test(word) ? ASCII_PIECE : PIECE)]
  const isOne = isIdentifier(word, matches)
  return matches.map(([text], at) =>
    tokenOf(text, { isInner: isOne && at > 0, whole: isOne && at === 0 ? word : null }),
  )
}

/** Looking closer at each would take most of the time of a write. */
function plainToken(text: string): Token {
  return {
    text,
    folded: text.toLowerCase(),
    isUnspaced: false,
    isPlain: true,
    parts: [text],
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
  const parts = text.split(CAMEL_STEP)
  return {
    text,
    folded: fold(text),
    isUnspaced: UNSPACED_START.test(text),
    isPlain: false,
    parts,
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
