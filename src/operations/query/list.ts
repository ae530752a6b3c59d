import { z } from 'zod'
import { ENTRY_TYPE_NAMES } from '../../domain/entries/types/index.ts'
import { scopeTypeSchema } from '../../domain/scope.ts'
import { defineOperation } from '../define.ts'
import { hitOutput, pageArguments, scopeArguments, tagFilter } from '../entry/schemas.ts'
import { inScopeOrEverywhere } from '../needs.ts'
import { everywhere } from './schemas.ts'

export const list = defineOperation({
  tool: 'memory_query',
  action: 'list',
  isForPeople: true,
  routes: ['GET /v1/entries'],
  summary: 'List entries of several types together, newest first.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: inScopeOrEverywhere,
  input: () =>
    z.strictObject({
      ...scopeArguments,
      everywhere,
      types: z.array(z.enum(ENTRY_TYPE_NAMES)).min(1).optional().describe('Default: all'),
      inherit: z.boolean().default(true).describe('Wider scopes too'),
      status: z.enum(['active', 'inactive', 'all']).default('active'),
      tags: tagFilter,
      review_due: z.boolean().optional(),
      min_priority: z.int().min(0).max(100).optional(),
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
  run: (ctx, { types = ENTRY_TYPE_NAMES, ...input }) => ctx.entries.list(ctx.caller, types, input),
})
