import { z } from 'zod'
import { type Conflict, RESOLUTIONS } from './entries/conflict.ts'
import type { Entry } from './entries/entry.ts'
import { entryName, sharedFields } from './entries/fields.ts'
import type { Relation } from './entries/relation.ts'
import type { Tombstone } from './entries/tombstone.ts'
import { ENTRY_TYPE_NAMES, entryType } from './entries/types/index.ts'
import { instant } from './instant.ts'
import { SCOPE_TYPES, type Scope } from './scope.ts'
import { idText, text } from './text.ts'
import type { Vote } from './voting.ts'

// The file that `export` writes and `import` reads: JSON lines. First the header, then every record after those that it refers to.

export const TRANSFER_FORMAT = 'agent-memory-export'
/** Moves when an older program could not read the file. */
export const TRANSFER_VERSION = 2
/** Kinds of records, in the order of the file. A `version` is an earlier version of the entry before it. */
export const RECORD_KINDS = [
  'scope',
  'tombstone',
  'entry',
  'version',
  'relation',
  'conflict',
  'vote',
] as const
export type RecordKind = (typeof RECORD_KINDS)[number]
export type RecordCounts = Readonly<Record<RecordKind, number>>

const whole = z.int().min(1)
const object = z.record(z.string(), z.unknown())
const count = z.int().min(0)

export interface TransferHeader {
  readonly kind: 'header'
  readonly format: typeof TRANSFER_FORMAT
  readonly format_version: number
  readonly counts: RecordCounts
}

export const headerSchema: z.ZodType<TransferHeader> = z.strictObject({
  kind: z.literal('header'),
  format: z.literal(TRANSFER_FORMAT),
  format_version: z.int(),
  counts: z.strictObject({
    scope: count,
    // Files of version 1 have none.
    tombstone: count.default(0),
    entry: count,
    version: count,
    relation: count,
    conflict: count,
    vote: count,
  } satisfies Record<RecordKind, z.ZodType>),
})

const scope = z.strictObject({
  id: idText,
  type: z.enum(SCOPE_TYPES),
  parent_id: idText.nullable(),
  name: text(4_096).min(1),
  root_path: text(16_384).nullable(),
  purpose: text(262_144).nullable(),
  status: z.enum(['active', 'ended']),
  metadata: object,
  version: whole,
  created_at: instant,
  created_by: idText,
  updated_at: instant,
  updated_by: idText,
  ended_at: instant.nullable(),
})

const entryShape = {
  id: idText,
  type: z.enum(ENTRY_TYPE_NAMES),
  name: entryName,
  scope_type: z.enum(SCOPE_TYPES),
  scope_id: idText.nullable(),
  ...sharedFields,
  tags: z
    .array(text(128).min(1))
    .max(50)
    .refine((tags) => new Set(tags).size === tags.length, 'names a tag twice'),
  priority: z.int().min(0).max(100),
  metadata: object,
  version: whole,
  status: z.enum(['active', 'inactive']),
  created_at: instant,
  created_by: idText,
  updated_at: instant,
  updated_by: idText,
}

const anyEntry = z.strictObject(entryShape)
const entrySchemas = new Map<unknown, z.ZodObject>(
  ENTRY_TYPE_NAMES.map((name) => [name, anyEntry.extend(entryType(name).fields.shape)]),
)

/** An entry with its type's own fields. They stay in the order of the file: a version is stored as it stands there. */
const entry = z.unknown().transform((given, context): Entry => {
  const schema = entrySchemas.get(isObject(given) ? given['type'] : undefined) ?? anyEntry
  const parsed = schema.safeParse(given)
  if (parsed.success && isObject(given)) {
    const values: Readonly<Record<string, unknown>> = parsed.data
    return Object.fromEntries(Object.keys(given).map((key) => [key, values[key]])) as Entry
  }
  for (const { message, path } of parsed.error?.issues ?? [])
    context.issues.push({ code: 'custom', message, path: [...path], input: undefined })
  return z.NEVER
})

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

const tombstone = z.strictObject({
  id: idText,
  type: z.enum(ENTRY_TYPE_NAMES),
  version: whole,
  deleted_at: instant,
  deleted_by: idText,
})

const relation = z.strictObject({
  id: idText,
  from_id: idText,
  to_id: idText,
  relation_type: text(4_096).min(1),
  metadata: object,
  created_at: instant,
  created_by: idText,
})

const conflict = z.strictObject({
  id: idText,
  entry_id: idText,
  entry_type: z.enum(ENTRY_TYPE_NAMES),
  scope_id: idText.nullable(),
  status: z.enum(['open', 'resolved']),
  kind: z.enum(['refused', 'overwritten']),
  base_version: whole.nullable(),
  current_version: whole,
  fields: z.array(text(256)),
  current_values: object,
  incoming_values: object,
  current_agent: idText,
  incoming_agent: idText,
  created_at: instant,
  resolution: z.enum(RESOLUTIONS).nullable(),
  resolved_at: instant.nullable(),
  resolved_by: idText.nullable(),
})

const vote = z.strictObject({
  task_id: text(512).min(1),
  agent_id: idText,
  vote_value: z.json(),
  confidence: z.number().min(0).max(1).nullable(),
  reasoning: text(16_384).nullable(),
  created_at: instant,
  updated_at: instant,
})

/** One line of the file after the header. */
export type TransferRecord =
  /** `sequence`: the number of the last turn in a session's log. */
  | { readonly kind: 'scope'; readonly scope: Scope; readonly sequence?: number | undefined }
  | { readonly kind: 'tombstone'; readonly tombstone: Tombstone }
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'version'; readonly entry: Entry; readonly superseded_at: string }
  | { readonly kind: 'relation'; readonly relation: Relation }
  | { readonly kind: 'conflict'; readonly conflict: Conflict }
  | { readonly kind: 'vote'; readonly vote: Vote }
export type RecordOf<K extends RecordKind> = Extract<TransferRecord, { kind: K }>

export const recordSchema: z.ZodType<TransferRecord> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('scope'), scope, sequence: whole.optional() }),
  z.strictObject({ kind: z.literal('tombstone'), tombstone }),
  z.strictObject({ kind: z.literal('entry'), entry }),
  z.strictObject({ kind: z.literal('version'), entry, superseded_at: instant }),
  z.strictObject({ kind: z.literal('relation'), relation }),
  z.strictObject({ kind: z.literal('conflict'), conflict }),
  z.strictObject({ kind: z.literal('vote'), vote }),
])
