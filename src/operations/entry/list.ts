import { z } from 'zod'
import type { EntryType, KeptBy } from '../../domain/entries/types/entry-type.ts'
import { instant } from '../../domain/instant.ts'
import { scopeTypeSchema } from '../../domain/scope.ts'
import { defineOperation } from '../define.ts'
import { inScope } from '../needs.ts'
import { hitOutput, pageArguments, scopeArguments, tagFilter } from './schemas.ts'

export const list = (type: EntryType, { tool, resource }: KeptBy) =>
  defineOperation({
    tool,
    action: 'list',
    routes: [`GET ${resource}`],
    summary: `List entries of type ${type.name}, newest first.`,
    hints: { readOnly: true, destructive: false, idempotent: true },
    needs: inScope('read', type.name),
    input: () =>
      z.strictObject({
        ...scopeArguments,
        inherit: z.boolean().default(true).describe('Wider scopes too'),
        status: z.enum(['active', 'inactive', 'all']).default('active'),
        tags: tagFilter,
        review_due: z.boolean().optional(),
        min_priority: z.int().min(0).max(100).optional(),
        updated_after: instant.optional().describe('ISO 8601'),
        ...pageArguments,
      }),
    output: () =>
      z.strictObject({
        entries: z.array(hitOutput),
        next_cursor: z.string().optional(),
        scope_type: scopeTypeSchema,
        scope_id: z.string().nullable(),
      }),
    example: '--limit 5',
    run: (ctx, input) => ctx.entries.list(ctx.caller, [type.name], input),
  })
