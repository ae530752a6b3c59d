import { type ArgumentSchema, choicesOf, schemaOf } from '../../src/operations/arguments/schema.ts'
import type { Operation } from '../../src/operations/define.ts'

export type Arguments = Record<string, unknown>

/** Arguments that no type tells of. */
export const SAMPLES: Readonly<Record<string, unknown>> = {
  turns_around: 3,
  file_path: 'src/cart.ts',
  file_paths: ['src/cart.ts'],
  root_path: '/srv/app',
  vote_value: { pick: 'A' },
  types: undefined,
  tags: undefined,
  head: 'a'.repeat(64),
}

function sample(schema: ArgumentSchema, name: string): unknown {
  if (SAMPLES[name] !== undefined) return SAMPLES[name]
  if (choicesOf(schema)[0] !== undefined) return choicesOf(schema)[0]
  if (schema.anyOf?.[0]) return sample(schema.anyOf[0], name)
  if (schema.format === 'date-time') return '2026-05-01T00:00:00Z'
  if (schema.type === 'integer') return Math.max(schema.minimum ?? 0, 7)
  if (schema.type === 'number') return 0.5
  if (schema.type === 'boolean') return schema.default !== true
  if (schema.type === 'array') return [sample(schema.items ?? {}, name)]
  if (name === 'types') return 'entry.created'
  if (schema.type !== 'object') return '17'
  const { properties, required = [] } = schema
  if (!properties) return { key: 'value' }
  const wanted = required.length > 0 ? required : Object.keys(properties).slice(0, 1)
  return Object.fromEntries(wanted.map((key) => [key, sample(properties[key] ?? {}, key)]))
}

/** One of these must be there, which no schema says. */
export const FILES = ['file_path', 'file_paths']

/** What the action cannot do without, and this argument. */
export function plainArguments(operation: Operation, name: string): Arguments {
  const { properties = {}, required = [] } = schemaOf(operation)
  const wanted = new Set([...required, ...FILES.filter((file) => file in properties).slice(0, 1), name])
  if (name === 'file_paths') wanted.delete('file_path')
  return Object.fromEntries([...wanted].map((key) => [key, sample(properties[key] ?? {}, key)]))
}
