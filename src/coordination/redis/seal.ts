import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'

/** A SHA-256 in base64url. */
const SEAL_LENGTH = 43
const ARRAY_END = SEAL_LENGTH + 4
const OBJECT_END = SEAL_LENGTH + 10

/**
 * Proves that a text in Redis was put there by a process that can read the database. The seal stands in the
 * text, which stays JSON; `about` is what the text belongs to, so that a true one counts in no other place.
 */
export class Seal {
  readonly #key: KeyObject

  constructor(secret: string) {
    this.#key = createSecretKey(Buffer.from(secret, 'hex'))
  }

  /** The JSON array with the seal as its last element. */
  sealArray(json: string, about: string): string {
    const open = json.slice(0, -1)
    return `${open},"${this.#sealOf(open, about)}"]`
  }

  isTrueArray(json: string, about: string): boolean {
    return this.#isSealOf(json.slice(0, -ARRAY_END), json.slice(-ARRAY_END), [`,"`, `"]`, about])
  }

  /** The JSON object with the seal as its last field, `mac`. */
  sealObject(json: string, about: string): string {
    const open = json.slice(0, -1)
    return `${open},"mac":"${this.#sealOf(open, about)}"}`
  }

  isTrueObject(json: string, about: string): boolean {
    return this.#isSealOf(json.slice(0, -OBJECT_END), json.slice(-OBJECT_END), [`,"mac":"`, `"}`, about])
  }

  #isSealOf(open: string, end: string, [from, to, about]: readonly [string, string, string]): boolean {
    const expected = Buffer.from(from + this.#sealOf(open, about) + to)
    const found = Buffer.from(end)
    return found.length === expected.length && timingSafeEqual(found, expected)
  }

  #sealOf(open: string, about: string): string {
    return createHmac('sha256', this.#key).update(`${about}\n`).update(open).digest('base64url')
  }
}
