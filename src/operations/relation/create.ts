import { z } from 'zod'
import { relationSchema } from '../../domain/entries/relation.ts'
import { idText } from '../../domain/text.ts'
import { defineOperation } from '../define.ts'
import { relationType } from './schemas.ts'

export const create = defineOperation({
  tool: 'memory_relation',
  action: 'create',
  routes: ['POST /v1/relations'],
  summary: 'Link two entries, for example depends_on, supersedes, explains.',
  hints: { readOnly: false, destructive: false, idempotent: false },
  input: z.strictObject({
    from_id: idText,
    to_id: idText,
    relation_type: relationType,
    metadata: z.record(z.string(), z.unknown()).optional(),
  }),
  output: relationSchema,
  example: 'ID depends_on ID2',
  positional: ['from_id', 'relation_type', 'to_id'],
  run: (ctx, input) => ctx.relations.create(ctx.caller, input),
})
