const END_OF_WORD = 0x0a
/** A power of two, three times as many as words: few stand in each other's place. */
const PLACES = 131_072
const NOTHING = 0

/**
 * The words of a table by their ranks, looked up in the bytes that were read: as texts in a `Map` they took as much memory as the
 * vectors themselves, and as long to be read.
 */
export class WordRanks {
  readonly #bytes: Uint8Array
  /** Where each word begins, and where the one after the last would. */
  readonly #starts: Uint32Array
  /** A rank and one more at each place. */
  readonly #places = new Uint16Array(PLACES)

  /** `bytes` are the words in UTF-8, each on a line, and no more than 65,534. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    const starts: number[] = [0]
    let hash = 0
    for (let at = 0; at <= bytes.length; at++) {
      const byte = at < bytes.length ? (bytes[at] ?? 0) : END_OF_WORD
      if (byte !== END_OF_WORD) {
        hash = hashWith(hash, byte)
        continue
      }
      this.#put(hash, starts.length - 1)
      starts.push(at + 1)
      hash = 0
    }
    this.#starts = Uint32Array.from(starts)
  }

  /** -1 for a word that is not among them. */
  rankOf(word: string): number {
    const codes = isAscii(word) ? word : Buffer.from(word, 'utf8').toString('latin1')
    let hash = 0
    for (let at = 0; at < codes.length; at++) hash = hashWith(hash, codes.charCodeAt(at))
    for (let place = placeOf(hash); ; place = (place + 1) % PLACES) {
      const rank = (this.#places[place] ?? NOTHING) - 1
      if (rank < 0 || this.#isAt(rank, codes)) return rank
    }
  }

  #put(hash: number, rank: number): void {
    let place = placeOf(hash)
    while (this.#places[place] !== NOTHING) place = (place + 1) % PLACES
    this.#places[place] = rank + 1
  }

  #isAt(rank: number, codes: string): boolean {
    const start = this.#starts[rank] ?? 0
    if ((this.#starts[rank + 1] ?? 0) - 1 - start !== codes.length) return false
    for (let at = 0; at < codes.length; at++)
      if (this.#bytes[start + at] !== codes.charCodeAt(at)) return false
    return true
  }
}

function isAscii(word: string): boolean {
  for (let at = 0; at < word.length; at++) if (word.charCodeAt(at) > 0x7f) return false
  return true
}

function hashWith(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193)
}

function placeOf(hash: number): number {
  return (hash ^ (hash >>> 15)) & (PLACES - 1)
}
