import { z } from 'zod'
import { entryName, entrySchema, LIMITS } from '../../domain/entries/entry.ts'
import { scopeTypeSchema } from '../../domain/scope.ts'
import { idText, text } from '../../domain/text/text.ts'
import { MOST_ANSWER_TOKENS } from '../../domain/text/tokens.ts'

export const scopeArguments = {
  scope_type: scopeTypeSchema.optional().describe('Default: the current project'),
  scope_id: idText.optional(),
}

/** The ways to name one entry. */
export const entryKey = {
  id: idText.optional(),
  name: entryName.optional(),
  ...scopeArguments,
}

export const baseVersion = z.int().min(1).optional().describe('Version the change was made on')

/** The longest holds the path of a file lock, in JSON and base64. */
export const cursorArgument = z.string().max(16_384).optional().describe('From next_cursor')

/** Of a whole answer. The smallest holds one thing in outline. */
export const tokenBudget = z
  .int()
  .min(250)
  .max(MOST_ANSWER_TOKENS)
  .optional()
  .describe('Bytes / 4, default 4000')

export const pageArguments = {
  token_budget: tokenBudget,
  limit: z.int().min(1).max(100).default(20),
  cursor: cursorArgument,
}

/** A list in its place is what must be there. */
export const tagFilter = z
  .strictObject({
    include: z.array(text(LIMITS.tagBytes)).max(LIMITS.tags).default([]),
    exclude: z.array(text(LIMITS.tagBytes)).max(LIMITS.tags).default([]),
  })
  .meta({ listMeans: 'include' })
  .prefault({})
  .describe('Any of include, none of exclude')

const scopeOutput = z.strictObject({
  type: scopeTypeSchema,
  id: z.string().nullable(),
  name: z.string().optional(),
})

/** Loose on purpose: the shape that all entries share; own fields stand beside it. */
export const entryOutput = z.looseObject({
  ...entrySchema.shape,
  overrides: z
    .array(z.strictObject({ id: z.string(), scope_type: scopeTypeSchema, scope_id: z.string().nullable() }))
    .optional()
    .describe('Entries of that name in wider scopes, hidden by this one'),
  expired: z.literal(true).optional().describe('Its valid_until is past: only asked for is it found'),
  superseded_by: z.string().optional().describe('Id of the entry that stands in its place'),
  review_due: z.literal(true).optional().describe('Its review_by has come'),
  changed_files: z.array(z.string()).optional().describe('Anchors that have changed: is it still true?'),
  not_yet_valid: z.literal(true).optional().describe('Its valid_from is to come'),
})

/** An entry in a list. Only in the whole of it, of which there is as much as the answer's budget allows, is there its content. */
export const hitOutput = entryOutput
  .partial()
  .required({ id: true, type: true, name: true, version: true, updated_at: true })
  .extend({
    scope: scopeOutput.optional(),
    snippet: z.string().optional().describe('Of a content that is not here, or what was found in it'),
    shortened: z.literal(true).optional().describe('get brings the whole'),
  })
