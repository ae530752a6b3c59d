/** How what stands in an entry is weighed. */
export interface Weights {
  /** By column: name, tags, content, more, forms. */
  readonly columns: readonly number[]
  readonly lengthMatters: readonly number[]
  /** In usual lengths: what is shorter gains no more. */
  readonly shortest: number
  readonly saturation: number
  /** Of words that say little, and of other readings and hints. */
  readonly weak: number
  readonly extra: number
  /** Of what stands in for a word. */
  readonly others: number
  /** Of the word vectors, and from which likeness on they count. */
  readonly vector: number
  readonly vectorFrom: number
  /** Of a model's vectors, where there are any. */
  readonly meaning: number
  /** Of a word of the question that the entry does not hold, by how alike the two are. */
  readonly alikeWord: number
}

// Measured on the evaluation sets (docs/search-quality.md): neighbours of these numbers do as well.
export const ENTRY: Weights = {
  columns: [2.5, 2.6, 1, 0.9, 1.1],
  lengthMatters: [0.35, 0.2, 0.4, 0.3, 0],
  shortest: 0.3,
  saturation: 1.5,
  weak: 1,
  extra: 1,
  others: 1,
  vector: 7,
  vectorFrom: 0.05,
  meaning: 12,
  alikeWord: 1.3,
}
/**
 * In a turn the text counts more than its speaker and its time, and its length counts less: most turns are
 * short.
 */
export const TURN: Weights = {
  columns: [2.5, 2.6, 1, 2.5, 1.1],
  lengthMatters: [0.35, 0.2, 0.3, 0.3, 0],
  shortest: 0.15,
  saturation: 3.5,
  weak: 1.5,
  extra: 1.5,
  others: 0.75,
  vector: 3.5,
  vectorFrom: 0.05,
  meaning: 6,
  alikeWord: 0.4,
}
