import { type Token, tokensOf } from '../tokens.ts'
import type { Word } from '../word.ts'
import { WordRanks } from './word-ranks.ts'

// Word vectors: a table of common words of the field, each with a direction; words that are used alike point alike.

const DIMENSIONS = 100
const WORDS = 44_000
/** A common word counts less: a / (a + its share of all text), after Arora, Liang and Ma, 2017. */
const SMOOTHING = 1e-4
const HARMONIC = Math.log(WORDS) + 0.577
const MOST_WORDS = 400

export interface WordTable {
  readonly numbers: Int8Array
  readonly ranks: WordRanks
  /** What each word counts, 0 where that is not known yet. */
  readonly weights: Float64Array
  /** What all texts have in common, of unit length. */
  readonly shared: Float32Array
}

/** Reads the file: int8 numbers, a float scale a word (directions count, so it isn't needed), the words, commonest first. */
export function readWordTable(bytes: Uint8Array): WordTable {
  const numbers = new Int8Array(bytes.buffer, bytes.byteOffset, WORDS * DIMENSIONS)
  const table = {
    numbers,
    ranks: new WordRanks(bytes.subarray(WORDS * (DIMENSIONS + 4))),
    weights: new Float64Array(WORDS),
    shared: new Float32Array(DIMENSIONS),
  }
  const shared = new Float32Array(DIMENSIONS)
  for (let rank = 0; rank < 5_000; rank++) addWord(shared, table, rank)
  return { ...table, shared: unit(shared) }
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
  return known === 0 ? undefined : withoutShared(unit(sum), table.shared)
}

function addWord(sum: Float32Array, table: Pick<WordTable, 'numbers' | 'weights'>, rank: number): void {
  const { numbers } = table
  const start = rank * DIMENSIONS
  const weight = weightOf(table, rank)
  for (let at = 0; at < DIMENSIONS; at++) sum[at] = (sum[at] ?? 0) + weight * (numbers[start + at] ?? 0)
}

/** Worked out when the word first comes. */
function weightOf({ numbers, weights }: Pick<WordTable, 'numbers' | 'weights'>, rank: number): number {
  const known = weights[rank]
  if (known) return known
  let square = 0
  for (const number of numbers.subarray(rank * DIMENSIONS, (rank + 1) * DIMENSIONS)) square += number ** 2
  const share = 1 / ((rank + 1) * HARMONIC)
  const weight = SMOOTHING / (SMOOTHING + share) / Math.sqrt(square || 1)
  weights[rank] = weight
  return weight
}

function withoutShared(vector: Float32Array, shared: Float32Array): Float32Array {
  const along = dot(vector, shared)
  const rest = new Float32Array(DIMENSIONS)
  for (let at = 0; at < DIMENSIONS; at++) rest[at] = (vector[at] ?? 0) - along * (shared[at] ?? 0)
  return unit(rest)
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
