import { z } from 'zod'
import { defineOperation } from '../define.ts'
import { pageArguments } from '../entry/schemas.ts'
import { nothing } from '../needs.ts'
import { scopeId, scopeOutput, shownScope } from './schemas.ts'

export const list = defineOperation({
  tool: 'memory_scope',
  action: 'list',
  routes: ['GET /v1/scopes'],
  summary: 'List orgs, projects or sessions, newest first.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: nothing,
  input: () =>
    z.strictObject({
      scope_type: z.enum(['org', 'project', 'session']).default('project'),
      org_id: scopeId.optional().describe('Only projects of this org'),
      project_id: scopeId.optional().describe('Only sessions of this project'),
      status: z.enum(['active', 'ended', 'all']).default('all'),
      ...pageArguments,
    }),
  output: () => z.strictObject({ scopes: z.array(scopeOutput), next_cursor: z.string().optional() }),
  example: 'project',
  positional: ['scope_type'],
  async run(ctx, input) {
    const { scopes, ...next } = await ctx.scopes.list(ctx.caller, input)
    return { scopes: scopes.map(shownScope), ...next }
  },
})
