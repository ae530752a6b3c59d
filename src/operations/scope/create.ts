import { z } from 'zod'
import { defineOperation } from '../define.ts'
import { folderNeed, wholeScope } from '../needs.ts'
import { scopeFields, scopeId, scopeName, scopeOutput, shownScope } from './schemas.ts'

export const create = defineOperation({
  tool: 'memory_scope',
  action: 'create',
  routes: ['POST /v1/scopes'],
  summary: 'Create an org or a project.',
  hints: { readOnly: false, destructive: false, idempotent: false },
  needs: async (ctx, { org_id, root_path }) => [
    await wholeScope(ctx, 'write', org_id),
    ...(await folderNeed(ctx, root_path)),
  ],
  input: () =>
    z.strictObject({
      scope_type: z.enum(['org', 'project']),
      name: scopeName,
      org_id: scopeId.optional().describe('Org of the project'),
      ...scopeFields,
    }),
  output: () => scopeOutput,
  example: 'org Acme',
  positional: ['scope_type', 'name'],
  async run(ctx, { scope_type, ...given }) {
    const made = scope_type === 'org' ? ctx.scopeWrites.createOrg : ctx.scopeWrites.createProject
    return shownScope(await made.call(ctx.scopeWrites, ctx.caller, given))
  },
})
