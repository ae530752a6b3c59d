import { z } from 'zod'
import { scopeTypeSchema } from '../../domain/scope.ts'
import { defineOperation } from '../define.ts'
import { scopeNeed } from '../needs.ts'
import { scopeId, scopeName, scopeOutput, shownScope } from './schemas.ts'

export const get = defineOperation({
  tool: 'memory_scope',
  action: 'get',
  routes: ['GET /v1/scopes/{scope_id}'],
  summary: 'Get one scope by id, or an org or project by name.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: async (ctx, input) =>
    // What has that name and may be seen is found out by the read itself.
    input.name === undefined ? [await scopeNeed(ctx, input, { permission: 'read', types: 'any' })] : [],
  input: () =>
    z.strictObject({
      scope_type: scopeTypeSchema.optional(),
      scope_id: scopeId.optional(),
      name: scopeName.optional(),
      version: z.int().min(1).optional().describe('An earlier version'),
    }),
  output: () => scopeOutput,
  example: 'org Acme',
  positional: ['scope_type', 'name'],
  run: async (ctx, input) => shownScope(await ctx.scopes.get(ctx.caller, input)),
})
