import { z } from 'zod'
import { grantSchema, PERMISSIONS } from '../../domain/access/grant.ts'
import { defineOperation } from '../define.ts'
import { scopeNeed } from '../needs.ts'
import { chainFor, grantee, placeArguments, typesOf } from './schemas.ts'

export const grant = defineOperation({
  tool: 'memory_permission',
  action: 'grant',
  routes: ['POST /v1/permissions'],
  summary: 'Grant an agent read, write or admin in a scope and all below it.',
  hints: { readOnly: false, destructive: false, idempotent: true },
  isAdministration: true,
  needs: async (ctx, input) => [
    await scopeNeed(ctx, input, { permission: 'admin', types: typesOf(input.entry_type) }),
  ],
  input: () =>
    z.strictObject({
      grantee,
      permission: z.enum(PERMISSIONS).describe('write can read too, admin all'),
      ...placeArguments,
    }),
  output: () =>
    grantSchema.extend({
      replaced: z.enum(PERMISSIONS).nullable().describe('What it was granted there before'),
    }),
  example: 'bob write --scope-type global --entry-type knowledge',
  positional: ['grantee', 'permission'],
  async run(ctx, { grantee: agent, permission, entry_type = null, ...where }) {
    const [scope] = await chainFor(ctx, where)
    return ctx.permissions.grant(ctx.caller, { grantee: agent, scope, entry_type }, permission)
  },
})
