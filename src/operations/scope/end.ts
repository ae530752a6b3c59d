import { z } from 'zod'
import { AppError } from '../../domain/errors.ts'
import { defineOperation } from '../define.ts'
import { wholeScope } from '../needs.ts'
import { scopeId, scopeOutput, shownScope } from './schemas.ts'

export const end = defineOperation({
  tool: 'memory_scope',
  action: 'end',
  routes: ['POST /v1/sessions/{session_id}/end'],
  summary: 'End a session: it stays readable, and nothing more is written to it.',
  hints: { readOnly: false, destructive: false, idempotent: true },
  needs: async (ctx, { session_id, scope_id }) => [
    await wholeScope(ctx, 'write', session_id ?? scope_id ?? ''),
  ],
  input: () =>
    z.strictObject({
      scope_type: z.literal('session').default('session'),
      session_id: scopeId.optional(),
      scope_id: scopeId.optional().describe('The same as session_id'),
    }),
  output: () => scopeOutput,
  example: 'ID',
  positional: ['session_id'],
  async run(ctx, { session_id, scope_id }) {
    const id = session_id ?? scope_id
    if (id === undefined) throw new AppError('MISSING_FIELD', 'session_id: which session?')
    return shownScope(await ctx.scopeWrites.endSession(ctx.caller, id))
  },
})
