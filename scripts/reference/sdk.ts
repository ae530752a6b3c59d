import { compile, type JSONSchema } from 'json-schema-to-typescript'
import { z } from 'zod'
import type { ListedOperation } from '../../src/operations/define.ts'
import { OPERATIONS } from '../../src/operations/index.ts'
import { routeParts } from '../../src/operations/routes.ts'
import { bounds, type Property } from './operations.ts'

type Schema = z.core.JSONSchema.BaseSchema

const HEAD = `// Made by scripts/generate.ts from the operations: change those.

import type { Arguments, Call, FollowRequest, Resync, Spec, Told } from './calls.ts'
`

/** src/sdk/catalogue.ts: every operation as a method, with the types of what it takes and answers. */
export async function sdkCatalogue(): Promise<string> {
  const types = new Types()
  for (const operation of OPERATIONS) {
    await types.add(`${nameOf(operation)}Input`, inputSchema(operation))
    await types.add(`${nameOf(operation)}Result`, schemaOf(operation.output, 'output'))
  }
  return [HEAD, ...types.texts, operationsClass()].join('\n')
}

/** The kinds of entries share most of their types: the second of two equal ones is the first by another name. */
class Types {
  readonly texts: string[] = []
  readonly #names = new Map<string, string>()

  async add(name: string, schema: Schema): Promise<void> {
    const key = JSON.stringify(schema)
    const known = this.#names.get(key)
    this.#names.set(key, known ?? name)
    this.texts.push(known ? `export type ${name} = ${known}\n` : await typeOf(name, schema))
  }
}

function operationsClass(): string {
  const tools = Map.groupBy(OPERATIONS, ({ tool }) => tool)
  const members = [...tools].map(([tool, operations]) => {
    const [only] = operations
    if (only?.action === null)
      return `  /** ${only.summary} */\n  readonly ${memberOf(tool)} = ${method(only)}\n`
    const methods = operations.map(
      (operation) =>
        `    /** ${operation.summary} */\n    ${memberOf(operation.action ?? '')}: ${method(operation)},\n`,
    )
    return `  readonly ${memberOf(tool)} = {\n${methods.join('')}  }\n`
  })
  return `/** What happened: of which scope, to which entry or lock, through whom. */
export type MemoryEvent = EventListResult['events'][number]

/**
 * What an agent can do, whichever way it is connected: a method for each operation. Each throws AgentMemoryError where the call is
 * refused; docs/reference/errors.md says by which name, and what to do.
 */
export abstract class Memory {
  protected abstract send<T>(spec: Spec, input: Arguments, options: Call): Promise<T>

  /** Events as they happen, until the loop is left or the signal says so. */
  abstract follow(request?: FollowRequest): AsyncGenerator<MemoryEvent | Resync, void>

${members.join('')}}\n`
}

function method(operation: ListedOperation): string {
  const { tool, action, routes, hints } = operation
  const name = nameOf(operation)
  const isNeeded = (inputSchema(operation).required ?? []).length > 0
  const spec = { tool, action, routes, reads: hints.readOnly }
  return `(input: ${name}Input${isNeeded ? '' : ' = {}'}, options: Call = {}): Promise<${name}Result & Told> =>
      this.send(${JSON.stringify(spec)}, { ...input }, options)`
}

/** memory_file_lock force_unlock → FileLockForceUnlock. */
function nameOf({ tool, action }: ListedOperation): string {
  return [tool.replace(/^memory_/, ''), action ?? '']
    .flatMap((text) => text.split('_'))
    .map(capital)
    .join('')
}

function memberOf(name: string): string {
  const [first = '', ...rest] = name.replace(/^memory_/, '').split('_')
  return first + rest.map(capital).join('')
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** What REST must have in its path is asked for by every way in. */
function inputSchema({ input, routes }: ListedOperation): Schema {
  const { properties = {}, required = [], ...rest } = schemaOf(input, 'input')
  const inPath = routes.map((route) => routeParts(route).parameters)
  const always = inPath.reduce((kept, names) => kept.filter((name) => names.includes(name)))
  const agent = { type: 'string', description: 'Who calls, where no key says it' } as const
  return {
    ...rest,
    properties: withLimits({ ...properties, agent_id: properties['agent_id'] ?? agent }),
    required: [...new Set([...required, ...always])],
  }
}

/** The types of TypeScript do not say how long, how much, and what holds where nothing is given. */
function withLimits(properties: NonNullable<Schema['properties']>): NonNullable<Schema['properties']> {
  const described = Object.entries(properties).map(([name, schema]) => {
    const property = schema as Property
    const { description, default: usual, type } = property
    const isText = type === 'string'
    const range = isText ? bounds(property, 'minLength', 'maxLength') : bounds(property, 'minimum', 'maximum')
    // That a text may not be empty goes without saying.
    const allowed = isText ? range.replace(/^ ≥ 1$/, '').replace(/.+/, '$& characters') : range
    const otherwise = usual === undefined ? '' : `default ${JSON.stringify(usual)}`
    const words = [description, allowed.trim(), otherwise].filter(Boolean).join('; ')
    return [name, words ? { ...property, description: words } : property]
  })
  return Object.fromEntries(described) as NonNullable<Schema['properties']>
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return json
}

/** Of what may be anything the library makes an object. */
function withAny(schema: Schema): JSONSchema {
  return JSON.parse(JSON.stringify(schema), (_key, value: unknown) => {
    if (!isSchema(value) || KEYWORDS.some((keyword) => keyword in value)) return value
    return 'description' in value || Object.keys(value).length === 0 ? { ...value, tsType: 'unknown' } : value
  }) as JSONSchema
}

const KEYWORDS = ['type', 'anyOf', 'allOf', 'oneOf', 'enum', 'const', '$ref', 'not', 'properties']

function isSchema(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

async function typeOf(name: string, schema: Schema): Promise<string> {
  const text = await compile(withAny(schema), name, {
    bannerComment: '',
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    style: { semi: false, singleQuote: true, printWidth: 110, trailingComma: 'all' },
  })
  return shortComments(text)
}

/** On one line each; a bound without words says nothing that the call would not. */
function shortComments(text: string): string {
  return text.replace(/^( *)\/\*\*\n([\s\S]*?)^ *\*\/\n/gm, (_, indent: string, lines: string) => {
    const words = lines
      .split('\n')
      .map((line) => line.replace(/^ *\* ?/, '').trim())
      .filter((line) => line !== '' && !/^@(min|max)Items/.test(line))
    return words.length === 0 ? '' : `${indent}/** ${words.join(' ')} */\n`
  })
}
