import { type Token, tokensOf } from '../tokens.ts'
import type { Word } from '../word.ts'
import { WordRanks } from './word-ranks.ts'

// Word vectors: a table of common words of the field, each with a direction; words that are used alike point alike.

const DIMENSIONS = 100
const WORDS = 44_000
const MOST_WORDS = 400

export interface WordTable {
  readonly numbers: Int8Array
  /** What a number of each word stands for: words that tell much have greater ones. */
  readonly scales: Float32Array
  readonly ranks: WordRanks
}

/** Reads the file: int8 numbers, a float scale a word, the words. */
export function readWordTable(bytes: Uint8Array): WordTable {
  const [scalesAt, wordsAt] = [WORDS * DIMENSIONS, WORDS * (DIMENSIONS + 4)]
  return {
    numbers: new Int8Array(bytes.buffer, bytes.byteOffset, scalesAt),
    scales: new Float32Array(Uint8Array.from(bytes.subarray(scalesAt, wordsAt)).buffer),
    ranks: new WordRanks(bytes.subarray(wordsAt)),
  }
}

/** The direction of a text; undefined where it has no word of the table. */
export function textVector(text: string, table: WordTable): Float32Array | undefined {
  return tokensVector([tokensOf(text, MOST_WORDS)], table)
}

/** The same of texts that are cut into tokens already. */
export function tokensVector(
  texts: readonly (readonly Token[])[],
  table: WordTable,
): Float32Array | undefined {
  const sum = new Float32Array(DIMENSIONS)
  let [words, known] = [0, 0]
  const add = (word: Word) => {
    const rank = words++ < MOST_WORDS && !word.isStopWord ? word.rankIn(table.ranks) : -1
    if (rank < 0) return
    addWord(sum, table, rank)
    known++
  }
  for (const tokens of texts) {
    for (const token of tokens) {
      if (words >= MOST_WORDS) break
      add(token.word)
      if (token.words.length > 1) for (const part of token.words) add(part)
    }
  }
  return known === 0 ? undefined : unit(sum)
}

function addWord(sum: Float32Array, { numbers, scales }: WordTable, rank: number): void {
  const start = rank * DIMENSIONS
  const scale = scales[rank] ?? 0
  for (let at = 0; at < DIMENSIONS; at++) sum[at] = (sum[at] ?? 0) + scale * (numbers[start + at] ?? 0)
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector)) || 1
  const direction = new Float32Array(vector.length)
  for (let at = 0; at < vector.length; at++) direction[at] = (vector[at] ?? 0) / length
  return direction
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let at = 0; at < DIMENSIONS; at++) sum += (a[at] ?? 0) * (b[at] ?? 0)
  return sum
}

/** A vector as stored: a byte a number. */
export function toBytes(vector: Float32Array): Uint8Array {
  const bytes = new Uint8Array(DIMENSIONS)
  for (let at = 0; at < DIMENSIONS; at++) {
    bytes[at] = Math.max(-127, Math.min(127, Math.round((vector[at] ?? 0) * 256)))
  }
  return bytes
}

/** How alike a text and a stored vector are, -1 to 1. */
export function likeness(vector: Float32Array, stored: Uint8Array): number {
  let sum = 0
  let square = 0
  for (let at = 0; at < DIMENSIONS; at++) {
    const byte = ((stored[at] ?? 0) << 24) >> 24
    sum += (vector[at] ?? 0) * byte
    square += byte * byte
  }
  return square === 0 ? 0 : sum / Math.sqrt(square)
}

/** How alike each of several words is to a stored vector; 0 for one without a vector. */
export function likenesses(words: readonly (Float32Array | undefined)[], stored: Uint8Array): Float64Array {
  const signed = new Int8Array(stored.buffer, stored.byteOffset, stored.length)
  let square = 0
  for (let at = 0; at < DIMENSIONS; at++) square += (signed[at] ?? 0) ** 2
  const length = Math.sqrt(square) || 1
  return Float64Array.from(words, (word) => {
    if (!word) return 0
    let sum = 0
    for (let at = 0; at < DIMENSIONS; at++) sum += (word[at] ?? 0) * (signed[at] ?? 0)
    return sum / length
  })
}

/** The same of two stored vectors; null where one is missing. */
export function likenessOf(one: Uint8Array | undefined, other: Uint8Array | undefined): number | null {
  if (!one || !other) return null
  return likeness(unit(Float32Array.from(one, (byte) => (byte << 24) >> 24)), other)
}
