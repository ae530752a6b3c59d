import { type ArgumentSchema, typesOf } from './schema.ts'

const TRUE = new Set(['true', 'yes', 'y', 'on', '1'])
const FALSE = new Set(['false', 'no', 'n', 'off', '0'])

/** What is meant by a word or a number where yes or no is asked for. */
export function truthIn(given: unknown): boolean | undefined {
  if (typeof given !== 'string' && typeof given !== 'number') return undefined
  const word = String(given).trim().toLowerCase()
  if (TRUE.has(word)) return true
  return FALSE.has(word) ? false : undefined
}

const PERCENT = /^\s*(\d{1,3}(?:\.\d+)?)\s*%\s*$/
const GROUPED = /^\s*\d{1,3}(?:[,_]\d{3})+\s*$/

/** A number as people write one: 2,000, or 80% of where the range ends. */
export function numberIn(text: string, schema: ArgumentSchema): number | undefined {
  const [, percent] = PERCENT.exec(text) ?? []
  if (percent !== undefined) return shareOf(Number(percent), schema)
  return GROUPED.test(text) ? Number(text.replaceAll(/[,_]/g, '')) : undefined
}

/** A percentage says something only of what goes up to 1 or to 100. */
function shareOf(percent: number, schema: ArgumentSchema): number | undefined {
  if (schema.maximum === 100 && schema.minimum === 0) return percent
  return schema.maximum === 1 && !typesOf(schema).has('integer') ? percent / 100 : undefined
}
