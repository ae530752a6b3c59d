import { z } from 'zod'
import { scopeTypeSchema } from '../../domain/scope.ts'
import { defineOperation } from '../define.ts'
import { baseVersion } from '../entry/schemas.ts'
import { scopeFields, scopeId, scopeName, scopeOutput, shownScope } from './schemas.ts'

export const update = defineOperation({
  tool: 'memory_scope',
  action: 'update',
  routes: ['PATCH /v1/scopes/{scope_id}'],
  summary: 'Change a scope; with org_id, move a project into that org.',
  hints: { readOnly: false, destructive: false, idempotent: true },
  input: z.strictObject({
    scope_type: scopeTypeSchema.optional(),
    scope_id: scopeId,
    name: scopeName.optional(),
    org_id: scopeId.optional(),
    ...scopeFields,
    base_version: baseVersion,
  }),
  output: scopeOutput,
  example: 'ID --name "New name"',
  positional: ['scope_id'],
  async run(ctx, { scope_type, scope_id, base_version, org_id, ...patch }) {
    const key = { type: scope_type, id: scope_id, base_version }
    return shownScope(await ctx.scopeWrites.update(ctx.caller, key, { ...patch, parent_id: org_id }))
  },
})
