import type { z } from 'zod'
import { AppError, type ErrorName } from '../../domain/errors.ts'
import { nearest } from '../../domain/text/nearest.ts'
import { type ArgumentSchema, choicesOf, isTime, typesOf } from './schema.ts'
import { EXAMPLE_TIME } from './times.ts'
import { meantArgument, snakeCase } from './words.ts'

type Given = Readonly<Record<string, unknown>>

/** The problems named in one message; a reader would not read more. */
const MOST_PROBLEMS = 5

/** What does not fit, all of it in one message, each with an example of what would. */
export function inputError(error: z.ZodError, schema: ArgumentSchema, given: Given): AppError {
  const [first] = error.issues
  if (!first) return new AppError('INVALID_PARAMETER', 'The arguments do not fit.')
  const problems = error.issues.slice(0, MOST_PROBLEMS).map((issue) => describe(issue, schema, given))
  const more = error.issues.length - problems.length
  const message = [...problems, ...(more > 0 ? [`And ${more} more.`] : [])].join(' ')
  return new AppError(errorNameOf(first, given), message, { details: { argument: pathOf(first), problems } })
}

function errorNameOf(issue: z.core.$ZodIssue, given: Given): ErrorName {
  if (issue.code === 'custom' && typeof issue.params?.['error'] === 'string')
    return issue.params['error'] as ErrorName
  if (isMissing(issue, given)) return 'MISSING_FIELD'
  if (issue.code === 'unrecognized_keys') return 'UNKNOWN_PARAMETER'
  const field = issue.path[0]
  if (field === 'scope_type') return 'INVALID_SCOPE'
  if (issue.code === 'too_big' && (issue.origin === 'string' || issue.origin === 'array')) return 'TOO_LARGE'
  if (field === 'file_path' || field === 'file_paths') return 'INVALID_FILE_PATH'
  return 'INVALID_PARAMETER'
}

function isMissing(issue: z.core.$ZodIssue, given: Given): boolean {
  if (issue.code !== 'invalid_type' && issue.code !== 'invalid_value' && issue.code !== 'invalid_union')
    return false
  let value: unknown = given
  for (const key of issue.path) {
    if (typeof value !== 'object' || value === null) return false
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value === undefined
}

function describe(issue: z.core.$ZodIssue, schema: ArgumentSchema, given: Given): string {
  const path = pathOf(issue)
  const example = exampleOf(schemaAt(schema, issue.path), String(issue.path.at(-1) ?? ''))
  if (isMissing(issue, given)) {
    const kind = issue.code === 'invalid_type' ? ` It takes a value of type ${issue.expected},` : ' It takes'
    return `The argument ${path} is missing.${example ? `${kind} e.g. ${example}.` : ''}`
  }
  if (issue.code === 'unrecognized_keys') return strangeKeys(issue, schemaAt(schema, issue.path))
  const kind = issue.code === 'invalid_type' ? numberKind(schemaAt(schema, issue.path)) : undefined
  if (kind !== undefined) return `${path}: expected ${kind}, e.g. ${example}.`
  const isEmpty =
    issue.code === 'too_small' && issue.minimum === 1 && ['string', 'array'].includes(issue.origin)
  const message = isEmpty ? 'must not be empty' : issue.message.replace(/^Invalid (?:input|option): /, '')
  const shown = example && showsExample(issue) ? `, e.g. ${example}` : ''
  return path ? `${path}: ${message}${shown}.` : `${message}.`
}

/** Names inside of an object that it has no room for, each with what it may mean. */
function strangeKeys({ keys, path }: z.core.$ZodIssueUnrecognizedKeys, schema: ArgumentSchema): string {
  const known = Object.keys(schema.properties ?? {})
  const named = keys.slice(0, MOST_PROBLEMS).map((key) => {
    const meant = meantArgument(key, known) ?? nearest(snakeCase(key).slice(0, LONGEST_SHOWN), known)
    return `Unknown key '${shortened(key)}'.${meant === undefined ? '' : ` Did you mean '${meant}'?`}`
  })
  const more = keys.length > named.length ? [`And ${keys.length - named.length} more.`] : []
  return `${path.map(String).join('.')}: ${[...named, ...more].join(' ')}`
}

const LONGEST_SHOWN = 64

function shortened(key: string): string {
  return key.length > LONGEST_SHOWN ? `${key.slice(0, LONGEST_SHOWN)}…` : key
}

/** `an integer from 0 to 100`; undefined for what is no number. */
function numberKind(schema: ArgumentSchema): string | undefined {
  const [type, ...others] = typesOf(schema)
  if (others.length > 0 || (type !== 'integer' && type !== 'number')) return undefined
  const { minimum, maximum } = schema
  const kind = type === 'integer' ? 'an integer' : 'a number'
  const [isFrom, isTo] = [minimum, maximum].map(
    (end) => end !== undefined && Math.abs(end) < Number.MAX_SAFE_INTEGER,
  )
  if (isFrom) return isTo ? `${kind} from ${minimum} to ${maximum}` : `${kind} from ${minimum} on`
  return isTo ? `${kind} up to ${maximum}` : kind
}

/** A limit says all by itself. */
function showsExample({ code }: z.core.$ZodIssue): boolean {
  return code !== 'too_big' && code !== 'custom'
}

function pathOf({ path }: z.core.$ZodIssue): string {
  return path.map(String).join('.')
}

function schemaAt(schema: ArgumentSchema, path: readonly PropertyKey[]): ArgumentSchema {
  const [key, ...rest] = path
  if (key === undefined) return schema
  const below = typeof key === 'number' ? schema.items : schema.properties?.[String(key)]
  return below ? schemaAt(below, rest) : {}
}

/** A value that would fit, as JSON. */
function exampleOf(schema: ArgumentSchema, name: string): string | undefined {
  const types = typesOf(schema)
  const [choice] = choicesOf(schema)
  if (choice !== undefined) return JSON.stringify(choice)
  if (isTime(schema)) return JSON.stringify(EXAMPLE_TIME)
  if (schema.listMeans !== undefined) return `{"${schema.listMeans}": ["money"]}`
  if (types.has('array')) return `[${exampleOf(schema.items ?? {}, name) ?? ''}]`
  if (types.has('object')) return objectExample(schema)
  if (types.has('boolean')) return 'true'
  if (types.has('integer')) return String(schema.default ?? Math.max(schema.minimum ?? 10, 1))
  if (types.has('number')) return '0.5'
  return types.has('string') ? textExample(name) : undefined
}

function objectExample({
  properties = {},
  required = Object.keys(properties).slice(0, 1),
}: ArgumentSchema): string {
  const parts = required.map((name) => `"${name}": ${exampleOf(properties[name] ?? {}, name) ?? 'null'}`)
  return parts.length > 0 ? `{${parts.join(', ')}}` : '{"key": "value"}'
}

function textExample(name: string): string {
  if (name === 'file_path' || name === 'file_paths') return '"src/cart.ts"'
  if (name === 'root_path') return '"/home/ann/app"'
  return name === 'tags' || name === 'include' || name === 'exclude' ? '"money"' : '"text"'
}
