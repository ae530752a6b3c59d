import { choicesOf, type Flag, isBoolean, isList, type JsonSchema, typesOf } from './schema.ts'
import { givenTwice, UsageError } from './usage.ts'

const YES = new Set(['true', 'yes', '1'])
const NO = new Set(['false', 'no', '0'])
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** The value that an option's texts mean. What does not fit stays a text: the operation says what is wrong. */
export function toValue(flag: Flag, texts: readonly string[]): unknown {
  const { name, path, schema } = flag
  if (isList(schema)) {
    const items = schema.items ?? {}
    const splits = path[0] === 'tags' || choicesOf(items).length > 0
    return texts.flatMap((text) => toItems(name, text, { items, splits }))
  }
  const values = isBoolean(schema) ? new Set(texts.map((text) => toBoolean(name, text))) : texts
  const [value, ...more] = values
  if (more.length > 0) throw givenTwice(flag)
  return typeof value === 'string' ? toOne(name, value, schema) : value
}

interface ListRules {
  readonly items: JsonSchema
  /** Only short words are split at commas: a pattern or a sentence may hold one. */
  readonly splits: boolean
}

function toItems(name: string, text: string, { items, splits }: ListRules): readonly unknown[] {
  if (text.trimStart().startsWith('[')) {
    const list = tryJson(text)
    if (Array.isArray(list)) return list
    if (!typesOf(items).has('string')) throw noJson(name, '[{"name": "value"}]')
  }
  if (!splits) return [toOne(name, text, items)]
  return text.split(',').flatMap((part) => (part.trim() === '' ? [] : [toOne(name, part.trim(), items)]))
}

function toOne(name: string, text: string, schema: JsonSchema): unknown {
  if (isBoolean(schema)) return toBoolean(name, text)
  const types = typesOf(schema)
  // Which JSON a text is for any value is read as everywhere.
  if (schema.anyJson) return text
  if (types.size === 0) return jsonOrText(text)
  if (schema.listMeans !== undefined && !/^\s*[{[]/.test(text))
    return text.split(',').map((part) => part.trim())
  if (types.has('null') && text === 'null') return null
  if ((types.has('integer') || types.has('number')) && NUMBER.test(text)) return Number(text)
  return types.has('object') ? toObject(name, text, types.has('string')) : text
}

/** For any value: JSON where it is JSON, otherwise the text itself. */
function jsonOrText(text: string): unknown {
  const value = tryJson(text)
  return value === undefined ? text : value
}

function toObject(name: string, text: string, mayBeText: boolean): unknown {
  const value = /^\s*\{/.test(text) ? tryJson(text) : undefined
  if (value !== undefined) return value
  if (mayBeText) return text
  throw noJson(name, '{"name": "value"}')
}

function toBoolean(name: string, text: string): boolean {
  const word = text.toLowerCase()
  if (YES.has(word)) return true
  if (NO.has(word)) return false
  throw new UsageError('INVALID_PARAMETER', `--${name} is true or false.`, `Use --${name} or --no-${name}.`)
}

function noJson(name: string, example: string): UsageError {
  return new UsageError(
    'INVALID_PARAMETER',
    `--${name} takes JSON, and this is none.`,
    `For example: --${name} '${example}'`,
  )
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
