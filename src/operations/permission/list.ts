import { z } from 'zod'
import { grantSchema } from '../../domain/access/grant.ts'
import { defineOperation } from '../define.ts'
import { pageArguments, scopeArguments } from '../entry/schemas.ts'
import { scopeNeed } from '../needs.ts'
import { chainFor, grantee } from './schemas.ts'

export const list = defineOperation({
  tool: 'memory_permission',
  action: 'list',
  routes: ['GET /v1/permissions'],
  summary: 'List what was granted, newest first: to you, and to all in the scopes that you administer.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: async (ctx, input) =>
    input.scope_id === undefined ? [] : [await scopeNeed(ctx, input, { permission: 'read', types: 'any' })],
  input: () =>
    z.strictObject({
      grantee: grantee.optional().describe('Only of this agent'),
      ...scopeArguments,
      scope_type: scopeArguments.scope_type.describe('Only in this scope'),
      ...pageArguments,
    }),
  output: () => z.strictObject({ grants: z.array(grantSchema), next_cursor: z.string().optional() }),
  example: '--limit 5',
  async run(ctx, { grantee: agent, scope_type, scope_id, limit, cursor }) {
    const isScoped = scope_type !== undefined || scope_id !== undefined
    const scopeId = isScoped ? (await chainFor(ctx, { scope_type, scope_id }))[0].id : undefined
    return ctx.permissions.list(ctx.caller, { grantee: agent, scopeId, limit, cursor }, async (id) => {
      const chain = await ctx.places.chainOf(id)
      return chain !== undefined && (ctx.caller.rights?.allowsAny('admin', chain) ?? true)
    })
  },
})
