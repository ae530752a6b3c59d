import { z } from 'zod'
import { conflictSchema } from '../../domain/entries/conflict.ts'
import { idText } from '../../domain/text.ts'
import { defineOperation } from '../define.ts'
import { pageArguments, scopeArguments } from '../entry/schemas.ts'

export const list = defineOperation({
  tool: 'memory_conflict',
  action: 'list',
  routes: ['GET /v1/conflicts'],
  summary: 'List conflicts, newest first: of a scope, of an entry, or of the current project.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  input: z.strictObject({
    ...scopeArguments,
    entry_id: idText.optional(),
    status: z.enum(['open', 'resolved', 'all']).default('open'),
    ...pageArguments,
  }),
  output: z.strictObject({ conflicts: z.array(conflictSchema), next_cursor: z.string().optional() }),
  example: '',
  run: (ctx, input) => ctx.conflicts.list(ctx.caller, input),
})
