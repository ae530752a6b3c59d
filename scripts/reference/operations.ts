import { z } from 'zod'
import { TOOLS } from '../../src/domain/toolsets.ts'
import type { Operation } from '../../src/operations/define.ts'
import { OPERATIONS } from '../../src/operations/index.ts'
import { page, table } from './markdown.ts'

/** One argument or field, as JSON Schema has it. */
export interface Property {
  readonly description?: string
  readonly default?: unknown
  readonly [keyword: string]: unknown
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, Property>>
  readonly required?: readonly string[]
}

export function operationsPage(): string {
  const parts = Object.entries(TOOLS).flatMap(([tool, info]) => {
    const operations = OPERATIONS.filter((operation) => operation.tool === tool)
    if (operations.length === 0) return []
    return [
      `## ${tool}`,
      `${info.description} Toolset: \`${info.toolset}\`.`,
      ...operations.flatMap(operationPart),
    ]
  })
  return page(
    'Operations',
    'Every action of every tool: what it takes and what it answers. Over MCP an action is the argument `action` of its tool; ' +
      'on the command line `memory_guideline add` is `agent-memory guideline add`. Every action also takes `agent_id`. ' +
      'camelCase spellings of the arguments mean the same.',
    ...parts,
  )
}

function operationPart(operation: Operation): string[] {
  const title = operation.action === null ? operation.tool : `${operation.tool} ${operation.action}`
  const input = schemaOf(operation.input, 'input')
  const output = schemaOf(operation.output, 'output')
  return [
    `### ${title}`,
    operation.summary,
    propertyTable('argument', input) || 'It takes no arguments.',
    propertyTable('result', output),
  ].filter(Boolean)
}

const BOUNDS = ['minLength', 'maxLength', 'minimum', 'maximum'] as const

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): ObjectSchema {
  // A reader of the reference does not need to know how long a result's text may be.
  const override = ({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }) => {
    if (io === 'output') for (const bound of BOUNDS) delete jsonSchema[bound]
  }
  return z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline', override }) as ObjectSchema
}

function propertyTable(kind: string, { properties = {}, required = [] }: ObjectSchema): string {
  const rows = Object.entries(properties).map(([name, property]) => [
    `\`${name}\``,
    typeText(property),
    required.includes(name) && property.default === undefined ? 'always' : defaultText(property),
    property.description ?? '',
  ])
  const third = kind === 'argument' ? 'needed, or default' : 'present'
  return rows.length === 0 ? '' : table([kind, 'type', third, 'meaning'], rows)
}

function defaultText(property: Property): string {
  return property.default === undefined ? '' : `\`${JSON.stringify(property.default)}\``
}

function typeText(property: Property): string {
  const { enum: options, const: constant, anyOf, type, items } = property
  if (constant !== undefined) return `\`${JSON.stringify(constant)}\``
  if (Array.isArray(options)) return options.map((option) => `\`${String(option)}\``).join(' or ')
  if (Array.isArray(anyOf)) return anyOf.map((part) => typeText(part as Property)).join(' or ')
  if (Array.isArray(type)) return type.map((part: string) => typeText({ type: part })).join(' or ')
  if (type === 'null') return '`null`'
  if (type === 'array') return `list of ${typeText((items ?? {}) as Property)}`
  if (type === 'object') return objectText(property)
  if (type === 'string') return `text${bounds(property, 'minLength', 'maxLength')}`
  if (type === 'integer') return `whole number${bounds(property, 'minimum', 'maximum')}`
  return typeof type === 'string' ? `${type}${bounds(property, 'minimum', 'maximum')}` : 'any JSON'
}

function objectText(property: Property): string {
  const names = Object.keys((property as ObjectSchema).properties ?? {})
  return names.length === 0 ? 'object' : `object {${names.join(', ')}}`
}

/** `1–100`, `≥ 1`, `≤ 512` after a blank, or nothing. */
export function bounds(property: Property, low: string, high: string): string {
  const [min, max] = [property[low], property[high]]
  const isOpen = max === undefined || Math.abs(Number(max)) >= Number.MAX_SAFE_INTEGER
  if (isOpen) return min === undefined || Math.abs(Number(min)) >= Number.MAX_SAFE_INTEGER ? '' : ` ≥ ${min}`
  return min === undefined ? ` ≤ ${max}` : ` ${min}–${max}`
}
