import { z } from 'zod'
import { idText } from '../../domain/text.ts'
import { defineOperation } from '../define.ts'
import { pageArguments } from '../entry/schemas.ts'
import { heldLock, showHeld } from './schemas.ts'

export const list = defineOperation({
  tool: 'memory_file_lock',
  action: 'list',
  routes: ['GET /v1/locks'],
  summary: 'List the locks that stand, by path.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  input: z.strictObject({
    prefix: z
      .string()
      .min(1)
      .optional()
      .describe('Beginning of the path; relative to the project root unless absolute'),
    agent_id: idText.optional().describe('Only the locks of this agent'),
    ...pageArguments,
  }),
  output: z.strictObject({
    locks: z.array(heldLock.extend({ acquired_at: z.string(), purpose: z.string().nullable() })),
    next_cursor: z.string().optional(),
  }),
  example: 'src/',
  positional: ['prefix'],
  async run(ctx, input) {
    const { page, next } = await ctx.leases.list(ctx.caller, input)
    const locks = page.map((lease) => ({
      ...showHeld(lease),
      acquired_at: lease.acquiredAt,
      purpose: lease.purpose,
    }))
    return { locks, ...next }
  },
})
