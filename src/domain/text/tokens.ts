export const BYTES_PER_TOKEN = 4
/** No answer may have more. As JSON in JSON, in both forms, and with its odd characters escaped, it still stays below the 10 MiB at which clients hang up. */
export const MOST_ANSWER_TOKENS = 250_000

/** How many tokens a text of so many bytes is taken for. */
export function tokensOf(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN)
}

/** How many bytes a value takes as compact JSON. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '')
}
