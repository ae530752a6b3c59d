import { z } from 'zod'
import { ENTRY_TYPE_NAMES } from '../../domain/entries/types/index.ts'
import { defineOperation } from '../define.ts'
import { scopeNeed } from '../needs.ts'

export const reindex = defineOperation({
  tool: 'memory_query',
  action: 'reindex',
  isForPeople: true,
  routes: ['POST /v1/reindex'],
  summary:
    'Show how far the vectors of entries are; with restart make all of them anew, beside those in use.',
  hints: { readOnly: false, destructive: false, idempotent: true },
  needs: async (ctx, { restart }) => [
    await scopeNeed(
      ctx,
      { scope_type: 'global' },
      { permission: restart ? 'admin' : 'read', types: ENTRY_TYPE_NAMES },
    ),
  ],
  input: () =>
    z.strictObject({
      restart: z.boolean().default(false).describe('Make them all anew'),
    }),
  output: () =>
    z.strictObject({
      kind: z.enum(['off', 'words', 'openai', 'local']).describe('AGENT_MEMORY_EMBEDDINGS'),
      state: z.enum(['off', 'ready', 'building', 'failing']),
      model: z.string().optional(),
      embedded: z.int().optional().describe('Entries that have their vector'),
      entries: z.int().optional().describe('Of so many'),
      dimensions: z.int().optional(),
      searched: z
        .string()
        .optional()
        .describe('The model in use while the vectors of the other one are made'),
      error: z.string().optional().describe('Why there is no progress'),
    }),
  example: '',
  async run(ctx, { restart }) {
    if (restart) await ctx.embeddings.beginAnew()
    return ctx.embeddings.state()
  },
})
