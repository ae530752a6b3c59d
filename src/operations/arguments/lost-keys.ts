import { AppError } from '../../domain/errors.ts'
import type { ArgumentSchema } from './schema.ts'

/**
 * Refuses a key `__proto__` where an object of free keys is declared, in the entries of a list too: the check of the
 * arguments passes over it, so that it would be lost without a word. Deeper in such an object it is kept.
 */
export function refuseLostKeys({ properties = {} }: ArgumentSchema, given: Given): void {
  for (const [name, value] of Object.entries(given)) {
    if (properties[name]?.anyJson) continue
    const objects = Array.isArray(value) ? value.flatMap(withFields) : [value]
    if (!objects.some(isLosing)) continue
    throw new AppError('INVALID_PARAMETER', `${name}: a key may not be called __proto__.`, {
      details: { argument: name },
      suggestion: 'Give the key another name.',
    })
  }
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
