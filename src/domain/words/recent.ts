/** Shorter texts are always cut out as copies; a longer one would keep the whole text alive that it was cut out of. */
const ALWAYS_COPIED = 12
const ASCII = /^[\0-\x7f]*$/
/** Longer pieces seldom come again. */
const REMEMBERED_CHARACTERS = 24

/** The same text, and nothing of the one that it was cut out of. */
export function ownCopy(text: string): string {
  if (text.length <= ALWAYS_COPIED) return text
  const encoding = ASCII.test(text) ? 'latin1' : 'utf16le'
  return Buffer.from(text, encoding).toString(encoding)
}

/** A step of the number that a piece of text has, character by character from 0 on. */
export function numberWith(number: number, code: number): number {
  return (Math.imul(number, 31) + code) | 0
}

/**
 * What was worked out for pieces of texts that came lately, each in the place that its number says: of two for one place the later
 * stays. A `Map` takes longer to look a piece up than most pieces take to be cut.
 */
export class Recent<V> {
  readonly #keys: string[]
  readonly #values: (V | undefined)[]
  readonly #make: (piece: string) => V

  /** `places` is a power of two. */
  constructor(places: number, make: (piece: string) => V) {
    this.#keys = Array<string>(places).fill('')
    this.#values = Array<V | undefined>(places).fill(undefined)
    this.#make = make
  }

  /** What is known of that piece of a text, which is not empty. */
  of(text: string, start: number, end: number, number: number): V {
    if (end - start > REMEMBERED_CHARACTERS) return this.#make(text.slice(start, end))
    const place = placeOf(number, this.#keys.length)
    const known = this.#values[place]
    if (known !== undefined && isThere(this.#keys[place] ?? '', text, start, end)) return known
    const piece = ownCopy(text.slice(start, end))
    const made = this.#make(piece)
    this.#keys[place] = piece
    this.#values[place] = made
    return made
  }
}

/** In which of so many places, a power of two, a piece of that number stands. */
export function placeOf(number: number, places: number): number {
  return (number ^ (number >>> 15)) & (places - 1)
}

export function isThere(piece: string, text: string, start: number, end: number): boolean {
  if (piece.length !== end - start) return false
  for (let at = 0; at < piece.length; at++)
    if (piece.charCodeAt(at) !== text.charCodeAt(start + at)) return false
  return true
}
