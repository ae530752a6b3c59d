import { z } from 'zod'
import { relationSchema } from '../../domain/entries/relation.ts'
import { idText } from '../../domain/text/text.ts'
import { defineOperation } from '../define.ts'
import { pageArguments } from '../entry/schemas.ts'
import { entryNeed } from '../needs.ts'
import { relationType } from './schemas.ts'

export const list = defineOperation({
  tool: 'memory_relation',
  action: 'list',
  routes: ['GET /v1/relations'],
  summary: 'List the links of an entry, newest first.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: async (ctx, { entry_id }) => [await entryNeed(ctx, entry_id, 'read')],
  input: () =>
    z.strictObject({
      entry_id: idText,
      direction: z.enum(['from', 'to', 'both']).default('both').describe('Which end the entry is'),
      relation_type: relationType.optional(),
      ...pageArguments,
    }),
  output: () => z.strictObject({ relations: z.array(relationSchema), next_cursor: z.string().optional() }),
  example: 'ID',
  positional: ['entry_id'],
  run: (ctx, input) => ctx.relations.list(ctx.caller, input),
})
