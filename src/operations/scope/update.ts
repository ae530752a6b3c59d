import { z } from 'zod'
import { scopeTypeSchema } from '../../domain/scope.ts'
import { defineOperation } from '../define.ts'
import { baseVersion } from '../entry/schemas.ts'
import { folderNeed, wholeScope } from '../needs.ts'
import { scopeFields, scopeId, scopeName, scopeOutput, shownScope } from './schemas.ts'

export const update = defineOperation({
  tool: 'memory_scope',
  action: 'update',
  routes: ['PATCH /v1/scopes/{scope_id}'],
  summary: 'Change a scope; with org_id, move a project into that org.',
  hints: { readOnly: false, destructive: false, idempotent: true },
  needs: async (ctx, { scope_id, org_id, root_path }) => [
    await wholeScope(ctx, 'write', scope_id),
    // The rights to a project follow from its org: a move to another org changes who may read and write.
    ...(org_id === undefined
      ? []
      : [await wholeScope(ctx, 'admin', scope_id), await wholeScope(ctx, 'write', org_id)]),
    ...(await folderNeed(ctx, root_path)),
  ],
  input: () =>
    z.strictObject({
      scope_type: scopeTypeSchema.optional(),
      scope_id: scopeId,
      name: scopeName.optional(),
      org_id: scopeId.optional(),
      ...scopeFields,
      base_version: baseVersion,
    }),
  output: () => scopeOutput,
  example: 'ID --name "New name"',
  positional: ['scope_id'],
  async run(ctx, { scope_type, scope_id, base_version, org_id, ...patch }) {
    const key = { type: scope_type, id: scope_id, base_version }
    return shownScope(await ctx.scopeWrites.update(ctx.caller, key, { ...patch, parent_id: org_id }))
  },
})
