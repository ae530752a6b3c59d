import { z } from 'zod'
import { defineOperation } from '../define.ts'
import { scopeNeed } from '../needs.ts'
import { scopeFields, scopeId, scopeName, scopeOutput, shownScope } from './schemas.ts'

const WRITE = { permission: 'write', types: null } as const

export const start = defineOperation({
  tool: 'memory_scope',
  action: 'start',
  routes: ['POST /v1/sessions'],
  summary: 'Start a session in a project.',
  hints: { readOnly: false, destructive: false, idempotent: false },
  needs: async (ctx, { project_id }) => [
    await scopeNeed(ctx, { ...(project_id !== undefined && { scope_id: project_id }) }, WRITE),
  ],
  input: () =>
    z.strictObject({
      scope_type: z.literal('session').default('session'),
      project_id: scopeId.optional().describe('Default: the current project'),
      name: scopeName,
      purpose: scopeFields.purpose,
      metadata: scopeFields.metadata,
    }),
  output: () => scopeOutput,
  example: '"Fix the login"',
  positional: ['name'],
  run: async (ctx, { scope_type: _session, ...given }) =>
    shownScope(await ctx.scopeWrites.startSession(ctx.caller, given)),
})
