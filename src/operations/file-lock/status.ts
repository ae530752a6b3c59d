import { z } from 'zod'
import { defineOperation } from '../define.ts'
import { filePath } from './schemas.ts'

export const status = defineOperation({
  tool: 'memory_file_lock',
  action: 'status',
  routes: ['GET /v1/locks/status'],
  summary: 'See who has a file, until when, what for, and how many wait for it.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  input: z.strictObject({ file_path: filePath }),
  output: z.strictObject({
    locked: z.boolean(),
    file_path: z.string(),
    agent_id: z.string().optional().describe('The holder'),
    fencing_token: z.int().optional(),
    acquired_at: z.string().optional(),
    expires_at: z.string().optional(),
    ttl_ms: z.int().optional(),
    purpose: z.string().optional(),
    waiting: z.int().describe('Agents in the queue'),
  }),
  example: 'src/auth/jwt.ts',
  positional: ['file_path'],
  async run(ctx, { file_path }) {
    const { path, lease, waiting } = await ctx.leases.status(ctx.caller, file_path)
    if (!lease) return { locked: false, file_path: path, waiting }
    return {
      locked: true,
      file_path: path,
      agent_id: lease.agentId,
      fencing_token: lease.token,
      acquired_at: lease.acquiredAt,
      expires_at: lease.expiresAt,
      ttl_ms: lease.ttlMs,
      ...(lease.purpose !== null && { purpose: lease.purpose }),
      waiting,
    }
  },
})
