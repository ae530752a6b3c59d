import { z } from 'zod'
import { grantSchema, PERMISSIONS } from '../../domain/access/grant.ts'
import { scopeTypeSchema } from '../../domain/scope.ts'
import { defineOperation } from '../define.ts'
import { scopeNeed } from '../needs.ts'
import { chainFor, grantee, placeArguments, typesOf } from './schemas.ts'

export const check = defineOperation({
  tool: 'memory_permission',
  action: 'check',
  routes: ['GET /v1/permissions/check'],
  summary: 'Say whether an agent may do something in a scope, and why.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: async (ctx, input) => {
    const isOwn = input.grantee === undefined || input.grantee === ctx.caller.agentId
    // What one may oneself is no secret; that a scope exists is one, as ever.
    if (isOwn && input.scope_id === undefined) return []
    const wanted = {
      permission: isOwn ? 'read' : 'admin',
      types: isOwn ? 'any' : typesOf(input.entry_type),
    } as const
    return [await scopeNeed(ctx, input, wanted)]
  },
  input: () =>
    z.strictObject({
      permission: z.enum(PERMISSIONS),
      grantee: grantee.optional().describe('Whose; default: your own'),
      ...placeArguments,
    }),
  output: () =>
    z.strictObject({
      allowed: z.boolean(),
      because: z.string(),
      grantee: z.string(),
      permission: z.enum(PERMISSIONS),
      scope_type: scopeTypeSchema,
      scope_id: z.string().nullable(),
      entry_type: grantSchema.shape.entry_type,
      grant: grantSchema.optional().describe('What allows it'),
      enforced: z.boolean().describe('Whether your own calls are held to it on this way in'),
    }),
  example: 'write --grantee bob --scope-type global',
  positional: ['permission'],
  async run(ctx, { permission, grantee: agent = ctx.caller.agentId, entry_type = null, ...where }) {
    const chain = await chainFor(ctx, where)
    const [{ type, id }] = chain
    const found = await ctx.permissions.explain(agent, { permission, chain, kind: entry_type })
    return {
      ...found,
      grantee: agent,
      permission,
      scope_type: type,
      scope_id: type === 'global' ? null : id,
      entry_type,
      enforced: ctx.caller.rights !== undefined,
    }
  },
})
