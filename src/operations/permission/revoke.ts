import { z } from 'zod'
import { grantSchema } from '../../domain/access/grant.ts'
import { AppError } from '../../domain/errors.ts'
import { idText } from '../../domain/text/text.ts'
import { noGrant } from '../../services/access/permissions.ts'
import { defineOperation, type OperationContext } from '../define.ts'
import { scopeNeed } from '../needs.ts'
import { chainFor, grantee, placeArguments, typesOf } from './schemas.ts'

const input = z.strictObject({
  id: idText.optional().describe('Of the grant, as list shows it'),
  grantee: grantee.optional().describe('Without an id: whose'),
  ...placeArguments,
})

type Input = z.output<typeof input>

export const revoke = defineOperation({
  tool: 'memory_permission',
  action: 'revoke',
  routes: ['DELETE /v1/permissions/{id}', 'POST /v1/permissions/revoke'],
  summary: 'Take a grant back, by its id or by whose it is and where.',
  hints: { readOnly: false, destructive: false, idempotent: false },
  isAdministration: true,
  async needs(ctx, given) {
    if (given.id === undefined)
      return [await scopeNeed(ctx, given, { permission: 'admin', types: typesOf(given.entry_type) })]
    const found = await ctx.permissions.find({ id: given.id })
    const chain = found && (await ctx.places.chainOf(found.scope_id))
    const named = { what: 'grant', id: given.id }
    return [{ permission: 'admin', chain, types: typesOf(found?.entry_type), named }]
  },
  input: () => input,
  output: () => grantSchema.extend({ revoked: z.literal(true) }),
  example: 'ID',
  positional: ['id'],
  async run(ctx, given) {
    const id = given.id ?? (await idOf(ctx, given))
    return { ...(await ctx.permissions.revoke(ctx.caller, id)), revoked: true as const }
  },
})

async function idOf(ctx: OperationContext, { grantee: agent, entry_type, ...where }: Input): Promise<string> {
  if (agent === undefined)
    throw new AppError('MISSING_FIELD', 'id: which grant? Its id, or grantee and the scope.', {
      details: { argument: 'id' },
    })
  const [scope] = await chainFor(ctx, where)
  const found = await ctx.permissions.find({ grantee: agent, scope, entry_type: entry_type ?? null })
  if (!found) throw noGrant()
  return found.id
}
