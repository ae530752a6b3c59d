import fc from 'fast-check'

const SURROGATES = { first: 0xd800, count: 0x800 }
const CHARACTERS = 0x110000 - SURROGATES.count

/**
 * Any character of Unicode, as the unit `binary` of `fc.string`. That one keeps a table of all of them, which takes about a second to
 * fill and makes every later collection of garbage slower.
 */
export const anyCharacter = fc
  .nat({ max: CHARACTERS - 1 })
  .map((index) => String.fromCodePoint(index < SURROGATES.first ? index : index + SURROGATES.count), indexOf)

function indexOf(value: unknown): number {
  const point = typeof value === 'string' ? value.codePointAt(0) : undefined
  if (point === undefined || String.fromCodePoint(point) !== value) throw new Error('not one character')
  if (point < SURROGATES.first) return point
  if (point < SURROGATES.first + SURROGATES.count) throw new Error('half a character')
  return point - SURROGATES.count
}
