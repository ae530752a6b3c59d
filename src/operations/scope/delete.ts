import { z } from 'zod'
import { scopeTypeSchema } from '../../domain/scope.ts'
import { defineOperation } from '../define.ts'
import { wholeScope } from '../needs.ts'
import { scopeId } from './schemas.ts'

export const remove = defineOperation({
  tool: 'memory_scope',
  action: 'delete',
  routes: ['DELETE /v1/scopes/{scope_id}'],
  summary: 'Delete an empty scope; with cascade also everything in it, for good.',
  hints: { readOnly: false, destructive: true, idempotent: false },
  needs: async (ctx, { scope_id }) => [await wholeScope(ctx, 'admin', scope_id)],
  input: () =>
    z.strictObject({
      scope_type: scopeTypeSchema.optional(),
      scope_id: scopeId,
      cascade: z.boolean().default(false).describe('Its entries and sessions too'),
    }),
  output: () =>
    z.strictObject({
      id: z.string(),
      scope_type: scopeTypeSchema,
      name: z.string(),
      deleted: z.literal(true),
      deleted_entries: z.number(),
      deleted_scopes: z.number(),
    }),
  example: 'ID',
  positional: ['scope_id'],
  async run(ctx, { scope_type, scope_id, cascade }) {
    const key = { type: scope_type, id: scope_id, cascade }
    const { scope, entries, scopes } = await ctx.scopeWrites.delete(ctx.caller, key)
    const counts = { deleted_entries: entries, deleted_scopes: scopes }
    return { id: scope.id, scope_type: scope.type, name: scope.name, deleted: true as const, ...counts }
  },
})
