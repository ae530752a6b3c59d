import { z } from 'zod'
import type { Operation } from '../define.ts'

/** What an action declares of an argument, as JSON Schema: the part of it that reading goes by. */
export interface ArgumentSchema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly format?: string
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly minLength?: number
  readonly items?: ArgumentSchema
  readonly properties?: Readonly<Record<string, ArgumentSchema>>
  readonly required?: readonly string[]
  readonly anyOf?: readonly ArgumentSchema[]
  /** Set by `meta`: any JSON is a value of it, also as text. */
  readonly anyJson?: boolean
  /** Set by `meta`: a list in place of the object is the value of this property. */
  readonly listMeans?: string
}

const known = new WeakMap<Operation, ArgumentSchema>()

/** The arguments of an operation; made at its first call. */
export function schemaOf(operation: Operation): ArgumentSchema {
  const made = known.get(operation)
  if (made) return made
  const json: unknown = z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' })
  const schema = isSchema(json) ? json : {}
  known.set(operation, schema)
  return schema
}

function isSchema(value: unknown): value is ArgumentSchema {
  return typeof value === 'object' && value !== null
}

/** The types that a value may have; none says that any will do. */
export function typesOf({ type, anyOf, enum: values }: ArgumentSchema): ReadonlySet<string> {
  if (anyOf) return new Set(anyOf.flatMap((schema) => [...typesOf(schema)]))
  if (type !== undefined) return new Set(typeof type === 'string' ? [type] : type)
  return new Set(values?.map((value) => typeof value))
}

/** The values that are listed for it, as texts. */
export function choicesOf(schema: ArgumentSchema): readonly string[] {
  const values = schema.enum ?? (schema.const === undefined ? [] : [schema.const])
  return values.filter((value) => typeof value === 'string')
}

export function isTime({ format }: ArgumentSchema): boolean {
  return format === 'date-time'
}
