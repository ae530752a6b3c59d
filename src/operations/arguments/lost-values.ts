import { AppError } from '../../domain/errors.ts'
import { isExact, NOT_EXACT } from '../../domain/text/exact-number.ts'
import type { ArgumentSchema } from './schema.ts'

/**
 * Refuses what would be stored otherwise than it was sent without a word, where objects of free keys are declared, in the entries of
 * a list too: a key `__proto__`, which the check of the arguments passes over (deeper in such an object it is kept), and a number
 * that was rounded when it was read.
 */
export function refuseLost({ properties = {} }: ArgumentSchema, given: Given): void {
  for (const [name, value] of Object.entries(given)) {
    if (properties[name]?.anyJson || typeof value !== 'object') continue
    const objects = Array.isArray(value) ? value.flatMap(withFields) : [value]
    if (objects.some(isLosing))
      throw refused(name, 'a key may not be called __proto__', 'Give the key another name.')
    if (!isExact(value)) throw refused(name, NOT_EXACT, 'Write it in quotes: "12345678901234567890".')
  }
}

function refused(name: string, problem: string, suggestion: string): AppError {
  const message = `${name}: ${problem}.`
  return new AppError('INVALID_PARAMETER', message, { details: { argument: name }, suggestion })
}

type Given = Readonly<Record<string, unknown>>

function withFields(value: unknown): readonly unknown[] {
  return isObject(value) ? [value, ...Object.values(value)] : []
}

function isLosing(value: unknown): boolean {
  return isObject(value) && Object.hasOwn(value, '__proto__')
}

function isObject(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
