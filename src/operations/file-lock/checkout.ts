import { z } from 'zod'
import { LEASE_LIMITS, type Lease } from '../../domain/leases/lease.ts'
import { text } from '../../domain/text.ts'
import { defineOperation } from '../define.ts'
import {
  answerFor,
  heldLocks,
  oneOrSeveral,
  oneTtl,
  pathArguments,
  pathsOf,
  showHeld,
  ttlArguments,
  ttlOf,
} from './schemas.ts'

export const checkout = defineOperation({
  tool: 'memory_file_lock',
  mayWait: true,
  action: 'checkout',
  routes: ['POST /v1/locks'],
  summary: 'Lock a file, or several at once, before editing; again to keep it longer.',
  hints: { readOnly: false, destructive: false, idempotent: true },
  input: z
    .strictObject({
      ...pathArguments,
      ...ttlArguments,
      wait_ms: z
        .int()
        .min(0)
        .max(LEASE_LIMITS.maxWaitMs)
        .optional()
        .describe('How long to wait while another agent has it'),
      purpose: text(LEASE_LIMITS.purposeBytes).optional().describe('Shown to agents who want the file'),
      keep_alive: z.boolean().default(false).describe('Renew until checkin, or until this server ends'),
    })
    .superRefine(oneOrSeveral)
    .superRefine(oneTtl),
  output: heldLocks,
  example: 'src/auth/jwt.ts --purpose "rotate the keys"',
  positional: ['file_path'],
  async run(ctx, input) {
    const request = {
      paths: pathsOf(input),
      ttlMs: ttlOf(input),
      waitMs: input.wait_ms,
      mostWaitMs: ctx.mostWaitMs,
      purpose: input.purpose,
      keepAlive: input.keep_alive,
      granted: (fresh: readonly Lease[]) => ctx.unlessDelivered(() => ctx.leases.giveBack(fresh)),
    }
    return answerFor(input, await ctx.leases.checkout(ctx.caller, request, ctx.signal), showHeld)
  },
})
