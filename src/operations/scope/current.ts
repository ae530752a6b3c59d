import { z } from 'zod'
import { scopeTypeSchema } from '../../domain/scope.ts'
import { defineOperation } from '../define.ts'
import { nothing } from '../needs.ts'

export const current = defineOperation({
  tool: 'memory_scope',
  action: 'current',
  routes: ['GET /v1/scopes/current'],
  summary: 'Say which scope a call without one means.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: nothing,
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      id: z.string().nullable(),
      scope_type: scopeTypeSchema,
      name: z.string(),
      root_path: z.string().nullable(),
      exists: z.boolean().describe('False until something is written to it'),
      inherits: z.array(
        z.strictObject({ scope_type: scopeTypeSchema, scope_id: z.string().nullable(), name: z.string() }),
      ),
      hint: z.string().optional().describe('Where memory that is missed here may be'),
    }),
  example: '',
  run: (ctx) => ctx.scopes.current(ctx.caller),
})
