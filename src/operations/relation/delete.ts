import { z } from 'zod'
import { relationSchema } from '../../domain/entries/relation.ts'
import { idText } from '../../domain/text/text.ts'
import { defineOperation } from '../define.ts'
import { placeNeed } from '../needs.ts'
import { permissionOnTarget } from './schemas.ts'

export const remove = defineOperation({
  tool: 'memory_relation',
  action: 'delete',
  routes: ['DELETE /v1/relations/{id}'],
  summary: 'Take a link away; the entries stay.',
  hints: { readOnly: false, destructive: true, idempotent: false },
  needs: async ({ places }, { id }) => {
    const relation = await places.relation(id)
    const named = { what: 'relation', id }
    return [
      placeNeed(relation?.from, 'write', named),
      placeNeed(relation?.to, permissionOnTarget(relation?.type ?? ''), named),
    ]
  },
  input: () => z.strictObject({ id: idText.describe('Id of the relation') }),
  output: () => relationSchema.extend({ deleted: z.literal(true) }),
  example: 'ID',
  positional: ['id'],
  run: async (ctx, { id }) => ({ ...(await ctx.relations.delete(ctx.caller, id)), deleted: true as const }),
})
