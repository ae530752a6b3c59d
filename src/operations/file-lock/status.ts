import { z } from 'zod'
import { lockOf, lockSchema } from '../../domain/leases/lease.ts'
import { defineOperation } from '../define.ts'
import { ofPaths } from '../needs.ts'
import { filePath } from './schemas.ts'

export const status = defineOperation({
  tool: 'memory_file_lock',
  action: 'status',
  routes: ['GET /v1/locks/status'],
  summary: 'See who has a file, until when, what for, and how many wait for it.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: ofPaths('read'),
  input: () => z.strictObject({ file_path: filePath }),
  output: () =>
    z.strictObject({
      locked: z.boolean(),
      ...lockSchema.partial().required({ file_path: true }).shape,
      agent_id: lockSchema.shape.agent_id.optional().describe('The holder'),
      purpose: z.string().optional(),
      waiting: z.int().describe('Agents in the queue'),
    }),
  example: 'src/auth/jwt.ts',
  positional: ['file_path'],
  async run(ctx, { file_path }) {
    const { path, lease, waiting } = await ctx.leases.status(ctx.caller, file_path)
    if (!lease) return { locked: false, file_path: path, waiting }
    const { purpose, ...lock } = lockOf(lease)
    return { locked: true, ...lock, ...(purpose !== null && { purpose }), waiting }
  },
})
