import { z } from 'zod'
import { idText } from '../../domain/text/text.ts'
import { MOST_ANSWER_TOKENS } from '../../domain/text/tokens.ts'
import { defineOperation } from '../define.ts'
import { entryOutput } from '../entry/schemas.ts'
import { entryNeed } from '../needs.ts'

export const get = defineOperation({
  tool: 'memory_query',
  action: 'get',
  isForPeople: true,
  isRepeatable: true,
  routes: ['GET /v1/entries/{id}'],
  summary: 'Get one entry by id, whatever its type.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: async (ctx, { id }) => [await entryNeed(ctx, id, 'read')],
  input: () =>
    z.strictObject({
      id: idText,
      offset: z.int().min(0).default(0).describe('Where in a long content to go on: next_offset'),
      max_tokens: z.int().min(1).max(MOST_ANSWER_TOKENS).optional().describe('Of the content: bytes / 4'),
    }),
  output: () =>
    entryOutput.extend({
      shortened: z.literal(true).optional().describe('Not all of it is here'),
      content_length: z.int().optional().describe('Characters of the whole content'),
      next_offset: z.int().optional().describe('Pass it as offset for the next part'),
    }),
  example: 'ID',
  positional: ['id'],
  run: (ctx, { id }) => ctx.entries.ofAnyType(ctx.caller, id),
})
