import { z } from 'zod'
import { lockOf, lockSchema } from '../../domain/leases/lease.ts'
import { idText } from '../../domain/text/text.ts'
import { defineOperation } from '../define.ts'
import { pageArguments } from '../entry/schemas.ts'
import { nothing } from '../needs.ts'

export const list = defineOperation({
  tool: 'memory_file_lock',
  action: 'list',
  routes: ['GET /v1/locks'],
  summary: 'List the locks that stand, by path.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: nothing,
  input: () =>
    z.strictObject({
      prefix: z
        .string()
        .min(1)
        .optional()
        .describe('Beginning of the path; relative to the project root unless absolute'),
      agent_id: idText.optional().describe('Only the locks of this agent'),
      queues: z.boolean().default(false).describe('Also who waits for each'),
      ...pageArguments,
    }),
  output: () =>
    z.strictObject({
      locks: z.array(
        z.strictObject({
          locked: z.literal(true),
          ...lockSchema.shape,
          queue: z.array(z.string()).optional().describe('With queues: agents that wait, the next one first'),
        }),
      ),
      next_cursor: z.string().optional(),
    }),
  example: 'src/',
  positional: ['prefix'],
  async run(ctx, input) {
    const { page, next } = await ctx.leases.list(ctx.caller, input)
    const queues = input.queues ? await ctx.leases.queues() : undefined
    const locks = page.map((lease) => ({
      locked: true as const,
      ...lockOf(lease),
      ...(queues && { queue: [...(queues.get(lease.path) ?? [])] }),
    }))
    return { locks, ...next }
  },
})
