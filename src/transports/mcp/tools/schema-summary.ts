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
  anyOf?: SchemaSummary[]
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
  return variants.map((variant) => summariseProperties(variant, typeOnly)).reduce(mergeProperties, {})
}

/** The properties of both side by side; one that they type differently takes either. */
export function mergeProperties(
  left: Readonly<Record<string, SchemaSummary>>,
  right: Readonly<Record<string, SchemaSummary>>,
): Record<string, SchemaSummary> {
  const merged = { ...left }
  for (const [name, schema] of Object.entries(right)) {
    const known = merged[name]
    merged[name] = known ? mergeSchemas(known, schema) : schema
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

function typeOf(schema: JsonSchema): SchemaSummary {
  if (schema.anyOf) return { anyOf: schema.anyOf.filter(isSchema).map(typeOf) }
  const { items } = schema
  const values = schema.const === undefined ? schema.enum : [schema.const]
  return {
    ...typeOnly(schema),
    ...(values && { enum: values }),
    ...(items !== undefined && isSchema(items) && { items: typeOf(items) }),
  }
}

/** Some clients read only a single type. */
function typeOnly({ type }: JsonSchema): SchemaSummary {
  if (Array.isArray(type)) return { anyOf: type.map((one) => ({ type: one })) }
  return type === undefined ? {} : { type }
}

/** What they say of themselves is left to whoever knows both. */
function mergeSchemas(left: SchemaSummary, right: SchemaSummary): SchemaSummary {
  const a = bare(left)
  const b = bare(right)
  const kept = left.default === right.default && worthListing(left.default) ? { default: left.default } : {}
  if (isSame(a, b)) return { ...a, ...kept }
  if (a.enum && b.enum && a.type === b.type)
    return { ...a, enum: [...new Set([...a.enum, ...b.enum])], ...kept }
  return { anyOf: [...variantsOf(a), ...variantsOf(b)].filter(isFirstOfItsKind), ...kept }
}

function bare({ description: _description, default: _default, ...rest }: SchemaSummary): SchemaSummary {
  return rest
}

function variantsOf(schema: SchemaSummary): readonly SchemaSummary[] {
  return schema.anyOf ?? [schema]
}

function isFirstOfItsKind(schema: SchemaSummary, index: number, all: readonly SchemaSummary[]): boolean {
  return all.findIndex((other) => isSame(schema, other)) === index
}

function isSame(left: SchemaSummary, right: SchemaSummary): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}

/** `false`, an empty text or an empty list is what anybody expects of an argument that is left out. */
function worthListing(fallback: unknown): fallback is string | number | true {
  return (
    typeof fallback === 'number' || fallback === true || (typeof fallback === 'string' && fallback !== '')
  )
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null
}
