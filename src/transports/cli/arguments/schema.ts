import { z } from 'zod'
import type { Operation } from '../../../operations/define.ts'
import { dashed } from '../tools.ts'

/** The part of JSON Schema that says how a text becomes a value. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly default?: unknown
  readonly description?: string
  readonly minimum?: number
  readonly maximum?: number
  /** See operations/arguments/schema.ts. */
  readonly anyJson?: boolean
  readonly listMeans?: string
}

/** One option of an action. */
export interface Flag {
  /** With dashes, without the two in front. */
  readonly name: string
  /** Where its value goes: the argument, and the property in it for a part of an object. */
  readonly path: readonly string[]
  readonly schema: JsonSchema
  readonly required: boolean
}

/** The options of an action; an object with known properties has one for each of them too. */
export function flagsOf(operation: Operation): readonly Flag[] {
  const options = { io: 'input', unrepresentable: 'any', reused: 'inline' } as const
  const { properties = {}, required = [] } = z.toJSONSchema(operation.input, options) as JsonSchema
  return Object.entries(properties).flatMap(([argument, schema]) => {
    const needed = required.includes(argument)
    const parts = Object.entries(schema.properties ?? {})
    return [
      flag([argument], schema, needed),
      ...parts.map(([part, own]) => flag([argument, part], own, false)),
    ]
  })
}

/** The types that a value may have; none means any. */
export function typesOf({ type, enum: options, const: constant, anyOf }: JsonSchema): ReadonlySet<string> {
  if (typeof type === 'string') return new Set([type])
  if (type) return new Set(type)
  if (anyOf) {
    const parts = anyOf.map(typesOf)
    return parts.some(({ size }) => size === 0) ? new Set() : new Set(parts.flatMap((part) => [...part]))
  }
  return new Set((options ?? (constant === undefined ? [] : [constant])).map((value) => typeof value))
}

/** The words that a value, or each value of a list, must be one of. */
export function choicesOf({ enum: options, const: constant, items }: JsonSchema): readonly string[] {
  if (items) return choicesOf(items)
  return (options ?? (constant === undefined ? [] : [constant])).map(String)
}

export function isBoolean(schema: JsonSchema): boolean {
  return isOnly(schema, 'boolean')
}

export function isList(schema: JsonSchema): boolean {
  return isOnly(schema, 'array')
}

function isOnly(schema: JsonSchema, type: string): boolean {
  const types = typesOf(schema)
  return types.size === 1 && types.has(type)
}

function flag(path: readonly string[], schema: JsonSchema, required: boolean): Flag {
  return { name: path.map(dashed).join('-'), path, schema, required }
}
