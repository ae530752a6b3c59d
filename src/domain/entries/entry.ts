import { z } from 'zod'
import type { DeepReadonly } from '../deep-readonly.ts'
import { instant } from '../instant.ts'
import { scopeTypeSchema } from '../scope.ts'
import { idText, text } from '../text/text.ts'
import { isWithinDepth } from '../voting.ts'
import { distinctTags } from './tag.ts'

export const DEFAULT_PRIORITY = 50
export const LIMITS = {
  nameBytes: 512,
  contentBytes: 262_144,
  tags: 50,
  tagBytes: 128,
  metadataBytes: 65_536,
  metadataDepth: 200,
  bulkEntries: 1000,
} as const

/** In one of Unicode's forms: what looks the same is the same. */
export const entryName = text(LIMITS.nameBytes)
  .trim()
  .normalize('NFC')
  .min(1)
  .refine((name) => Buffer.byteLength(name) <= LIMITS.nameBytes, {
    error: `takes more than ${LIMITS.nameBytes} bytes`,
    params: { error: 'TOO_LARGE' },
  })
  .describe('Short unique name in its scope')

/** Named twice, in whatever case, is named once. */
export const tagSet = z.array(text(LIMITS.tagBytes).min(1)).max(LIMITS.tags).transform(distinctTags)

/** What an agent may write of every entry, beside its name and its type's own fields. */
export const sharedFields = {
  content: text(LIMITS.contentBytes),
  tags: tagSet.optional(),
  priority: z.int().min(0).max(100).optional().describe('0 to 100, default 50'),
  metadata: z
    .record(z.string(), z.unknown())
    .refine((value) => isWithinDepth(value, LIMITS.metadataDepth), {
      error: `is nested more than ${LIMITS.metadataDepth} deep`,
      params: { error: 'TOO_LARGE' },
      abort: true,
    })
    .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= LIMITS.metadataBytes, {
      error: `takes more than ${LIMITS.metadataBytes} bytes`,
      params: { error: 'TOO_LARGE' },
    })
    .optional(),
}

/** What all entry types share, as it is stored and shown; each type's own fields stand beside these (see types/). */
export const entrySchema = z.strictObject({
  id: idText,
  type: z.string(),
  name: entryName,
  ...sharedFields,
  scope_type: scopeTypeSchema,
  scope_id: idText.nullable(),
  tags: z
    .array(text(LIMITS.tagBytes).min(1))
    .max(LIMITS.tags)
    .refine((tags) => new Set(tags).size === tags.length, 'names a tag twice'),
  priority: z.int().min(0).max(100),
  version: z.int().min(1),
  status: z.enum(['active', 'inactive']),
  created_at: instant,
  created_by: idText,
  updated_at: instant,
  updated_by: idText,
  metadata: z.record(z.string(), z.unknown()),
})

export type EntryBase = DeepReadonly<z.output<typeof entrySchema>>
export type EntryStatus = EntryBase['status']

/** One stored memory: the shared fields and its type's own ones, as every interface shows it. */
export type Entry = EntryBase & Readonly<Record<string, unknown>>
