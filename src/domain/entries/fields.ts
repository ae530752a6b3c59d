import { z } from 'zod'
import { AppError } from '../errors.ts'
import { text } from '../text.ts'
import { isWithinDepth } from '../voting.ts'
import { LIMITS } from './entry.ts'
import { distinctTags } from './tag.ts'
import { entryType } from './types/index.ts'

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
    .optional()
    .describe('Anything as JSON'),
}

/** Some fields of an entry of that type, or INVALID_PARAMETER naming the one that does not fit. */
export function checkFields(
  typeName: string,
  fields: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const schema = z
    .strictObject({ name: entryName, ...sharedFields, ...entryType(typeName).fields.shape })
    .partial()
  // A field that one side had taken out stays null, which the schema does not know.
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
  const parsed = schema.safeParse(given)
  if (parsed.success) return { ...fields, ...parsed.data }
  const [issue] = parsed.error.issues
  throw new AppError('INVALID_PARAMETER', `${issue?.path.join('.')}: ${issue?.message}.`)
}
