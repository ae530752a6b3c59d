import { z } from 'zod'
import { defineOperation } from '../define.ts'
import { everything } from '../needs.ts'

export const verify = defineOperation({
  tool: 'memory_audit',
  action: 'verify',
  routes: ['GET /v1/audit/verify'],
  summary: 'Read the whole audit and name every row that was altered, removed or moved.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: everything('admin'),
  input: () =>
    z.strictObject({
      head: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'is no hash: 64 hexadecimal digits, as verify answers them')
        .optional()
        .describe('A head that was noted before: must still be part of it'),
    }),
  output: () =>
    z.strictObject({
      intact: z.boolean(),
      rows: z.int(),
      head: z.string().describe('Hash of the last row: keep it elsewhere'),
      problems: z.array(
        z.strictObject({
          seq: z.int(),
          kind: z.enum(['altered', 'removed', 'moved', 'inserted', 'cut_off', 'log_altered', 'unknown_head']),
          event_id: z.string().nullable(),
          message: z.string(),
        }),
      ),
    }),
  example: '',
  isBad: ({ intact }) => intact === false,
  async run(ctx, { head }) {
    const { problems, ...verdict } = await ctx.audit.verify(head)
    return { intact: problems.length === 0, ...verdict, problems: [...problems] }
  },
})
