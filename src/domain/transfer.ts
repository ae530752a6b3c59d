import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'
import { conflictSchema } from './entries/conflict.ts'
import { type Entry, entrySchema } from './entries/entry.ts'
import { relationSchema } from './entries/relation.ts'
import { tombstoneSchema } from './entries/tombstone.ts'
import { ENTRY_TYPE_NAMES, entryType } from './entries/types/index.ts'
import { instant } from './instant.ts'
import { scopeSchema } from './scope.ts'
import { scopedVoteSchema } from './voting.ts'

// The file that `export` writes and `import` reads: JSON lines. First the header, then every record after those that it refers to.

export const TRANSFER_FORMAT = 'agent-memory-export'
/** Moves when an older program could not read the file. */
export const TRANSFER_VERSION = 3
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

const anyEntry = entrySchema.extend({ type: z.enum(ENTRY_TYPE_NAMES) })
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

const anyJson: z.ZodType<unknown> = z.json()

/** One line of the file after the header. `sequence`: the number of the last turn in a session's log. */
export const recordSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('scope'), scope: scopeSchema, sequence: whole.optional() }),
  z.strictObject({ kind: z.literal('tombstone'), tombstone: tombstoneSchema }),
  z.strictObject({ kind: z.literal('entry'), entry }),
  z.strictObject({ kind: z.literal('version'), entry, superseded_at: instant }),
  z.strictObject({ kind: z.literal('relation'), relation: relationSchema }),
  z.strictObject({ kind: z.literal('conflict'), conflict: conflictSchema }),
  z.strictObject({ kind: z.literal('vote'), vote: scopedVoteSchema.extend({ vote_value: anyJson }) }),
])

export type TransferRecord = DeepReadonly<z.output<typeof recordSchema>>
export type RecordOf<K extends RecordKind> = Extract<TransferRecord, { kind: K }>
