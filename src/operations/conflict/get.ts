import { z } from 'zod'
import { conflictSchema } from '../../domain/entries/conflict.ts'
import { idText } from '../../domain/text/text.ts'
import { defineOperation } from '../define.ts'
import { placeNeed } from '../needs.ts'

export const get = defineOperation({
  tool: 'memory_conflict',
  action: 'get',
  routes: ['GET /v1/conflicts/{id}'],
  summary: 'Get one conflict with both sides.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: async ({ places }, { id }) => [
    placeNeed(await places.conflict(id), 'read', { what: 'conflict', id }),
  ],
  input: () => z.strictObject({ id: idText }),
  output: () => conflictSchema,
  example: 'ID',
  positional: ['id'],
  run: (ctx, { id }) => ctx.conflicts.get(ctx.caller, id),
})
