import { z } from 'zod'
import { ENTRY_TYPE_NAMES } from '../../domain/entries/types/index.ts'
import { AppError } from '../../domain/errors.ts'
import { scopeTypeSchema } from '../../domain/scope.ts'
import { idText } from '../../domain/text/text.ts'
import { defineOperation } from '../define.ts'
import { cursorArgument, entryOutput, scopeArguments } from '../entry/schemas.ts'
import { entryNeed, scopeNeed } from '../needs.ts'

const outline = z.strictObject({ id: z.string(), type: z.string(), name: z.string(), updated_at: z.string() })

export const consolidate = defineOperation({
  tool: 'memory_relation',
  action: 'consolidate',
  isForPeople: true,
  routes: ['POST /v1/consolidate'],
  summary: 'Show near-duplicates; with dry_run false merge those that you name: keep supersedes merge.',
  hints: { readOnly: false, destructive: false, idempotent: true },
  needs: async (ctx, { dry_run, keep, merge = [], ...where }) => {
    const types = where.types ?? ENTRY_TYPE_NAMES
    if (dry_run) return [await scopeNeed(ctx, where, { permission: 'read', types })]
    const ids = keep === undefined ? merge : [keep, ...merge]
    return Promise.all(ids.map((id) => entryNeed(ctx, id, 'write')))
  },
  input: () =>
    z.strictObject({
      ...scopeArguments,
      types: z.array(z.enum(ENTRY_TYPE_NAMES)).min(1).optional(),
      dry_run: z.boolean().default(true).describe('false merges, and needs keep and merge'),
      keep: idText.optional().describe('Id of the entry that stays'),
      merge: z.array(idText).min(1).max(20).optional().describe('Ids of those that it supersedes'),
      limit: z.int().min(1).max(500).default(200).describe('Entries to compare'),
      cursor: cursorArgument,
    }),
  output: () =>
    z.strictObject({
      dry_run: z.boolean(),
      groups: z
        .array(
          z.strictObject({
            keep: outline,
            duplicates: z.array(outline.extend({ similarity: z.number().describe('0 to 1') })),
          }),
        )
        .optional(),
      next_cursor: z.string().optional(),
      scope_type: scopeTypeSchema.optional(),
      scope_id: z.string().nullable().optional(),
      kept: entryOutput.optional(),
      merged: z.array(z.string()).optional(),
    }),
  example: '--limit 100',
  async run(ctx, { dry_run, keep, merge, ...request }) {
    if (dry_run) return { dry_run, ...(await ctx.consolidation.offer(ctx.caller, request)) }
    if (keep === undefined || merge === undefined) {
      throw new AppError('MISSING_FIELD', 'Nothing is merged by itself: give keep and merge.', {
        suggestion: 'A dry run shows which entries are alike.',
      })
    }
    return { dry_run, ...(await ctx.consolidation.merge(ctx.caller, { keep, merge })) }
  },
})
