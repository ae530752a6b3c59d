import { z } from 'zod'
import { LEASE_LIMITS, lockSchema } from '../../domain/leases/lease.ts'
import { text } from '../../domain/text/text.ts'
import { defineOperation } from '../define.ts'
import { ofPaths } from '../needs.ts'
import { filePath } from './schemas.ts'

export const forceUnlock = defineOperation({
  tool: 'memory_file_lock',
  action: 'force_unlock',
  routes: ['POST /v1/locks/force-unlock'],
  summary: "End another agent's lock; kept as an event with who did it and why.",
  hints: { readOnly: false, destructive: true, idempotent: false },
  needs: ofPaths('admin'),
  input: () =>
    z.strictObject({
      file_path: filePath,
      reason: text(LEASE_LIMITS.reasonBytes).trim().min(1).describe('Why; everybody can read it'),
    }),
  output: () =>
    z.strictObject({
      unlocked: z.literal(true),
      file_path: lockSchema.shape.file_path,
      held_by: z.string().describe('Who had it'),
      fencing_token: lockSchema.shape.fencing_token.describe('Of the lock that was ended'),
    }),
  example: 'src/auth/jwt.ts --reason "the agent crashed"',
  positional: ['file_path'],
  async run(ctx, { file_path, reason }) {
    const { path, agentId, token } = await ctx.leases.forceUnlock(ctx.caller, { path: file_path, reason })
    return { unlocked: true as const, file_path: path, held_by: agentId, fencing_token: token }
  },
})
