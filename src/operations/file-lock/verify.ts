import { z } from 'zod'
import { lockSchema } from '../../domain/leases/lease.ts'
import { defineOperation } from '../define.ts'
import { ofPaths } from '../needs.ts'
import { fencingToken, filePath } from './schemas.ts'

export const verify = defineOperation({
  tool: 'memory_file_lock',
  action: 'verify',
  routes: ['POST /v1/locks/verify'],
  summary: 'Ask, right before writing, whether your lock still stands.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: ofPaths('read'),
  input: () => z.strictObject({ file_path: filePath, fencing_token: fencingToken.describe('From checkout') }),
  output: () =>
    z.strictObject({
      valid: z.boolean(),
      ...lockSchema.pick({ file_path: true, agent_id: true, fencing_token: true }).shape,
      reason: z
        .enum(['not_found', 'expired', 'superseded', 'other_holder'])
        .optional()
        .describe('Why it is not valid; superseded: you hold the file by a later lock'),
      held_by: z.string().optional().describe('Who has the file instead'),
      expires_at: lockSchema.shape.expires_at.optional().describe('Of your lock'),
    }),
  example: 'src/auth/jwt.ts --fencing-token 1',
  positional: ['file_path', 'fencing_token'],
  async run(ctx, { file_path, fencing_token }) {
    const { path, standing, state } = await ctx.leases.verify(ctx.caller, {
      path: file_path,
      token: fencing_token,
    })
    const claim = { file_path: path, agent_id: ctx.caller.agentId, fencing_token }
    if (standing === 'holder') return { valid: true, ...claim, ...expiry(state.lease?.expiresAt) }
    const holder = standing === 'other_holder' && state.lease ? { held_by: state.lease.agentId } : {}
    const ended = standing === 'expired' ? expiry(state.former?.expiresAt) : {}
    return { valid: false, ...claim, reason: standing, ...holder, ...ended }
  },
})

function expiry(expiresAt: string | undefined): { expires_at?: string } {
  return expiresAt === undefined ? {} : { expires_at: expiresAt }
}
