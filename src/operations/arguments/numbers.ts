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

/** A duration with its unit, as `5m` or `2 hours`. */
const DURATION =
  /^\s*(\d+(?:\.\d+)?)\s*(?:(ms|msecs?|milliseconds?)|(s|secs?|seconds?)|(m|mins?|minutes?)|(h|hrs?|hours?)|d|days?)\s*$/i
const UNITS_MS = [1, 1_000, 60_000, 3_600_000] as const
const DAY_MS = 86_400_000

/** A number as people write one: 2,000, 80% of where the range ends, or 5m where the argument is a duration. */
export function numberIn(text: string, schema: ArgumentSchema, name: string): number | undefined {
  const [, percent] = PERCENT.exec(text) ?? []
  if (percent !== undefined) return shareOf(Number(percent), schema)
  const unitMs = name === 'expires_in' ? 1_000 : name.endsWith('_ms') ? 1 : undefined
  const duration = unitMs === undefined ? undefined : durationMsIn(text)
  if (duration !== undefined) return duration / (unitMs ?? 1)
  return GROUPED.test(text) ? Number(text.replaceAll(/[,_]/g, '')) : undefined
}

/** A percentage says something only of what goes up to 1 or to 100. */
function shareOf(percent: number, schema: ArgumentSchema): number | undefined {
  if (schema.maximum === 100 && schema.minimum === 0) return percent
  return schema.maximum === 1 && !typesOf(schema).has('integer') ? percent / 100 : undefined
}

function durationMsIn(text: string): number | undefined {
  const [, amount, ...units] = DURATION.exec(text) ?? []
  if (amount === undefined) return undefined
  return Number(amount) * (UNITS_MS[units.findIndex((unit) => unit !== undefined)] ?? DAY_MS)
}
