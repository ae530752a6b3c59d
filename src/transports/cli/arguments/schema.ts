import { z } from 'zod'
import { dashed } from '../command.ts'

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
  /** What help writes for the value. */
  readonly value?: string
  /** One letter that stands for it. */
  readonly short?: string
  /** No error repeats what may be its value. */
  readonly isSecret?: boolean
  /** Help shows its negative too. */
  readonly isOnOff?: boolean
  /** The setting that a global option stands for. */
  readonly variable?: string
}

/** One option of a command. */
export interface Flag {
  /** With dashes, without the two in front. */
  readonly name: string
  /** Where its value goes: the argument, and the property in it for a part of an object. */
  readonly path: readonly string[]
  readonly schema: JsonSchema
  readonly required: boolean
}

const known = new WeakMap<z.ZodObject, readonly Flag[]>()

/** The options that an input is given by; an object with known properties has one for each of them too. */
export function flagsOf(input: z.ZodObject): readonly Flag[] {
  const made = known.get(input) ?? makeFlags(input)
  known.set(input, made)
  return made
}

function makeFlags(input: z.ZodObject): readonly Flag[] {
  const options = { io: 'input', unrepresentable: 'any', reused: 'inline' } as const
  const { properties = {}, required = [] } = z.toJSONSchema(input, options) as JsonSchema
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

/** Whether turning it off says something. */
export function isOnOff(schema: JsonSchema): boolean {
  return schema.isOnOff === true || schema.default === true
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
