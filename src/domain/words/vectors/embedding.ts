/** What a question means to a model: what its vectors are compared with. */
export interface Meaning {
  /** The index whose vectors may be compared with it. */
  readonly model: string
  readonly vector: Float32Array
  /** How far that index is: an answer holds only for as long as this stays. */
  readonly progress: string
}

/** A vector as text: a byte a number, for only directions are compared. */
export function encodeVector(vector: Float32Array): string {
  const most = vector.reduce((max, value) => Math.max(max, Math.abs(value)), 0) || 1
  return Buffer.from(Int8Array.from(vector, (value) => Math.round((value / most) * 127)).buffer).toString(
    'base64',
  )
}

function decodeVector(text: string): Int8Array {
  const bytes = Buffer.from(text, 'base64')
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** The cosine of the two; null where they are of different models after all. */
export function alikeness(vector: Float32Array, stored: string): number | null {
  const other = decodeVector(stored)
  if (other.length !== vector.length) return null
  let [sum, own, others] = [0, 0, 0]
  for (let at = 0; at < vector.length; at++) {
    const [a = 0, b = 0] = [vector[at], other[at]]
    sum += a * b
    own += a * a
    others += b * b
  }
  return own === 0 || others === 0 ? null : sum / Math.sqrt(own * others)
}

/** So many standard deviations above the usual count as full agreement. */
const FULL = 5
/** Fewer say nothing of what is usual. */
const ENOUGH = 8

/** How far each stands out among all, 0 to 1: models differ in how alike texts usually are to them. */
export function standout(likes: ReadonlyMap<string, number>): Map<string, number> {
  const values = [...likes.values()]
  if (values.length < ENOUGH)
    return new Map([...likes].map(([id, like]) => [id, Math.max(0, Math.min(1, like))] as const))
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1
  return new Map(
    [...likes].map(([id, like]) => [id, Math.max(0, Math.min(1, (like - mean) / spread / FULL))] as const),
  )
}
