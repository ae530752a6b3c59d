import { z } from 'zod'

// Listed schemas are read by agents at every start and counted in tokens. They say which arguments there are and of
// which kind; limits and patterns stay with the action's own schema, which checks each call and says what it wants.

/** A JSON Schema as it is listed: the few keywords that tell an agent what to send. */
export type SchemaSummary = {
  type?: string
  description?: string
  enum?: (string | number | boolean | null)[]
  default?: string | number | boolean
  items?: SchemaSummary
  properties?: Record<string, SchemaSummary>
}

type JsonSchema = z.core.JSONSchema.BaseSchema

/** The top-level arguments of an action. */
export function summariseInput(input: z.ZodObject): Record<string, SchemaSummary> {
  return summariseProperties(toJsonSchema(input, 'input'), summarise)
}

/** The top-level fields of an action's results, by their types only. */
export function summariseOutput(output: z.ZodType): Record<string, SchemaSummary> {
  const schema = toJsonSchema(output, 'output')
  const variants = (schema.anyOf ?? [schema]).filter(isSchema)
  return variants.map((variant) => summariseProperties(variant, answeredType)).reduce(mergeOutputs, {})
}

type Properties = Readonly<Record<string, SchemaSummary>>

/** The arguments of both side by side. One that they type differently is listed in its simpler form, which all take. */
export function mergeInputs(left: Properties, right: Properties): Record<string, SchemaSummary> {
  return merge(left, right, mergeSchemas)
}

/** The fields of both side by side. One that they type differently is listed without a type: either is answered. */
export function mergeOutputs(left: Properties, right: Properties): Record<string, SchemaSummary> {
  return merge(left, right, (a, b) => (isSame(a, b) ? a : {}))
}

function merge(
  left: Properties,
  right: Properties,
  both: (a: SchemaSummary, b: SchemaSummary) => SchemaSummary,
): Record<string, SchemaSummary> {
  const merged = { ...left }
  for (const [name, schema] of Object.entries(right)) {
    const known = merged[name]
    merged[name] = known ? both(known, schema) : schema
  }
  return merged
}

function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' })
}

function summariseProperties(
  { properties = {} }: JsonSchema,
  summary: (schema: JsonSchema) => SchemaSummary,
): Record<string, SchemaSummary> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, isSchema(schema) ? summary(schema) : {}]),
  )
}

function summarise(schema: JsonSchema): SchemaSummary {
  const { description } = schema
  const fallback = schema.default
  return {
    ...typeOf(schema),
    ...(schema.type === 'object' && schema.properties && { properties: summariseProperties(schema, typeOf) }),
    ...(worthListing(fallback) && { default: fallback }),
    ...(description !== undefined && { description }),
  }
}

/** Clients leave out a tool whose schema offers a choice of types: the first one stands for all. */
function typeOf(schema: JsonSchema): SchemaSummary {
  const [first] = (schema.anyOf ?? []).filter(isSchema)
  if (first) return typeOf(first)
  const { items } = schema
  const values = schema.const === undefined ? schema.enum : [schema.const]
  return {
    // Any JSON may come as its text.
    ...{ type: 'string', ...typeOnly(schema) },
    ...(values && { enum: values }),
    ...(items !== undefined && isSchema(items) && { items: typeOf(items) }),
  }
}

/** Of a field that may be null no type is said: clients hold answers to it. */
function answeredType(schema: JsonSchema): SchemaSummary {
  const isNullable = [schema, ...(schema.anyOf ?? []).filter(isSchema)].some(({ type }) => mayBeNull(type))
  return isNullable ? {} : typeOnly(schema)
}

function mayBeNull(type: JsonSchema['type']): boolean {
  return type === 'null' || (Array.isArray(type) && type.includes('null'))
}

function typeOnly({ type, anyOf = [] }: JsonSchema): SchemaSummary {
  const [only, ...others] = anyOf.filter(isSchema).filter((part) => part.type !== 'null')
  if (only && others.length === 0) return typeOnly(only)
  const single = Array.isArray(type) ? type.find((one) => one !== 'null') : type
  return single === undefined ? {} : { type: single }
}

/** The descriptions of the two are left to the caller, which knows both. */
function mergeSchemas(left: SchemaSummary, right: SchemaSummary): SchemaSummary {
  const a = bare(left)
  const b = bare(right)
  const kept = left.default === right.default && worthListing(left.default) ? { default: left.default } : {}
  if (isSame(a, b)) return { ...a, ...kept }
  if (a.enum && b.enum && a.type === b.type)
    return { ...a, enum: [...new Set([...a.enum, ...b.enum])], ...kept }
  return { ...(simplicity(a) >= simplicity(b) ? a : b), ...kept }
}

function bare({ description: _description, default: _default, ...rest }: SchemaSummary): SchemaSummary {
  return rest
}

/** A listed choice would forbid the other's values; a list is taken where an object is declared (`listMeans`). */
function simplicity({ type, enum: values }: SchemaSummary): number {
  if (values) return 0
  return type === 'object' ? 1 : 2
}

function isSame(left: SchemaSummary, right: SchemaSummary): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}

/** `false`, an empty text or an empty list is what a reader expects of an argument that is left out. */
function worthListing(fallback: unknown): fallback is string | number | true {
  return (
    typeof fallback === 'number' || fallback === true || (typeof fallback === 'string' && fallback !== '')
  )
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null
}
