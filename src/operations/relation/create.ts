import { z } from 'zod'
import { relationSchema } from '../../domain/entries/relation.ts'
import { idText } from '../../domain/text/text.ts'
import { defineOperation } from '../define.ts'
import { entryNeed } from '../needs.ts'
import { permissionOnTarget, relationType } from './schemas.ts'

export const create = defineOperation({
  tool: 'memory_relation',
  action: 'create',
  routes: ['POST /v1/relations'],
  summary: 'Link two entries, for example depends_on, supersedes, explains.',
  hints: { readOnly: false, destructive: false, idempotent: false },
  needs: async (ctx, { from_id, to_id, relation_type }) => [
    await entryNeed(ctx, from_id, 'write'),
    await entryNeed(ctx, to_id, permissionOnTarget(relation_type)),
  ],
  input: () =>
    z.strictObject({
      from_id: idText,
      to_id: idText,
      relation_type: relationType,
      metadata: z.record(z.string(), z.unknown()).optional(),
    }),
  output: () => relationSchema,
  example: 'ID depends_on ID2',
  positional: ['from_id', 'relation_type', 'to_id'],
  run: (ctx, input) => ctx.relations.create(ctx.caller, input),
})
