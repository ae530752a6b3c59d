/** What turns texts into vectors. */
export interface EmbeddingModel {
  /** What its index is called: other models' vectors mean other things. */
  readonly id: string
  /** One vector for each text, in order. `id` asks for another one of its models, whose index is still in use. */
  embed(texts: readonly string[], options: { signal: AbortSignal; id?: string }): Promise<Float32Array[]>
  /** Whether it can still give vectors of that model. */
  speaks(id: string): boolean
  /** Of entries, where that is fewer than usual. */
  readonly textsAtOnce?: number
  /** It runs in this process: where it is late it is busy, and need not be left alone. */
  readonly isHere?: boolean
  /** Gets ready for the first text. */
  open?(): void
  close?(): Promise<void>
}

/** Why there are no vectors: a sentence for health, never with a text or a key. */
export class EmbeddingError extends Error {
  /** True where the texts themselves are refused: another try changes nothing. */
  readonly isRefusal: boolean

  constructor(message: string, isRefusal = false) {
    super(message)
    this.isRefusal = isRefusal
  }
}

const MOST_DIMENSIONS = 8_192

/** The vectors of an answer, if that is what they are. */
export function checkedVectors(given: readonly unknown[], count: number): Float32Array[] {
  if (given.length !== count)
    throw new EmbeddingError(`The model gave ${given.length} vectors for ${count} texts.`)
  const vectors = given.map(checkedVector)
  const [first] = vectors
  if (vectors.some(({ length }) => length !== first?.length))
    throw new EmbeddingError('The model gave vectors of different lengths.')
  return vectors
}

function checkedVector(given: unknown): Float32Array {
  if (!Array.isArray(given) && !(given instanceof Float32Array))
    throw new EmbeddingError('The model gave something that is no vector.')
  if (given.length === 0 || given.length > MOST_DIMENSIONS)
    throw new EmbeddingError(
      `The model gave a vector of ${given.length} numbers; 1 to ${MOST_DIMENSIONS} are taken.`,
    )
  const vector = Float32Array.from(given, (value: unknown) =>
    typeof value === 'number' ? value : Number.NaN,
  )
  const isUsable = vector.every(Number.isFinite) && vector.some((value) => value !== 0)
  if (!isUsable)
    throw new EmbeddingError('The model gave a vector that has no direction, or is not of numbers.')
  return vector
}
