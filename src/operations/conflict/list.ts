import { z } from 'zod'
import { conflictSchema } from '../../domain/entries/conflict.ts'
import { ENTRY_TYPE_NAMES } from '../../domain/entries/types/index.ts'
import { idText } from '../../domain/text/text.ts'
import { defineOperation } from '../define.ts'
import { pageArguments, scopeArguments } from '../entry/schemas.ts'
import { entryNeed, scopeNeed } from '../needs.ts'

export const list = defineOperation({
  tool: 'memory_conflict',
  action: 'list',
  routes: ['GET /v1/conflicts'],
  summary: 'List conflicts, newest first: of a scope, of an entry, or of the current project.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: async (ctx, input) => {
    const { entry_id, scope_type, scope_id } = input
    if (entry_id === undefined)
      return [await scopeNeed(ctx, input, { permission: 'read', types: ENTRY_TYPE_NAMES })]
    const isScoped = scope_type !== undefined || scope_id !== undefined
    return [
      await entryNeed(ctx, entry_id, 'read'),
      ...(isScoped ? [await scopeNeed(ctx, input, { permission: 'read', types: 'any' })] : []),
    ]
  },
  input: () =>
    z.strictObject({
      ...scopeArguments,
      entry_id: idText.optional(),
      status: z.enum(['open', 'resolved', 'all']).default('open'),
      ...pageArguments,
    }),
  output: () => z.strictObject({ conflicts: z.array(conflictSchema), next_cursor: z.string().optional() }),
  example: '',
  run: (ctx, input) => ctx.conflicts.list(ctx.caller, input),
})
