import { TERMS_FROM } from './document.ts'
import { isThere, numberWith, ownCopy, placeOf } from './recent.ts'

const SPACE = 0x20
const NEWLINE = 0x0a

/**
 * Terms of which it is known that they are in the vocabulary, each in the place that its number says: of two for one place the later
 * one stays. What is not known here may be there all the same.
 */
export class KnownTerms {
  readonly #places: string[]

  /** `places` is a power of two, or what another one knows. */
  constructor(places: number | KnownTerms) {
    this.#places = typeof places === 'number' ? Array<string>(places).fill('') : [...places.#places]
  }

  /** The terms of a stored text (document.ts) that are not known to be there; one may come twice. */
  eachUnknown(text: string, found: (term: string) => void): void {
    let start = TERMS_FROM
    let number = 0
    for (let at = TERMS_FROM; at <= text.length; at++) {
      const code = at < text.length ? text.charCodeAt(at) : SPACE
      if (code !== SPACE && code !== NEWLINE) {
        number = numberWith(number, code)
        continue
      }
      const known = this.#places[placeOf(number, this.#places.length)] ?? ''
      if (at > start && !isThere(known, text, start, at)) found(ownCopy(text.slice(start, at)))
      start = at + 1
      number = 0
    }
  }

  add(term: string): void {
    let number = 0
    for (let at = 0; at < term.length; at++) number = numberWith(number, term.charCodeAt(at))
    this.#places[placeOf(number, this.#places.length)] = term
  }

  forget(): void {
    this.#places.fill('')
  }
}
