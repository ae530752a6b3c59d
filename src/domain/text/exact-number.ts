/** From here on JSON writes an exponent, and with it how exact the number means to be. */
const EXPONENT_FROM = 1e21

/** What is said of one that is not. */
export const NOT_EXACT = 'holds a number that is not kept to the digit (beyond 2^53 - 1): send it as a text'

/**
 * False where a value holds a number that was read as another one than its digits say, as ids of 64 bits are: two of them could
 * even become one. Fractions count as exact; so far down nobody means the digits.
 */
export function isExact(value: unknown): boolean {
  const left = [value]
  while (left.length > 0) {
    const part = left.pop()
    if (typeof part === 'number' && !isExactNumber(part)) return false
    if (typeof part === 'object' && part !== null) left.push(...Object.values(part))
  }
  return true
}

function isExactNumber(value: number): boolean {
  if (!Number.isFinite(value)) return false
  return !Number.isInteger(value) || Number.isSafeInteger(value) || Math.abs(value) >= EXPONENT_FROM
}
