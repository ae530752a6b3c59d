import { z } from 'zod'
import { LEASE_LIMITS } from '../../domain/leases/lease.ts'
import { text } from '../../domain/text/text.ts'
import { defineOperation } from '../define.ts'
import { ofPaths } from '../needs.ts'
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
  needs: ofPaths('write'),
  input: () =>
    z
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
  output: () => heldLocks,
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
      granted: ctx.granted,
    }
    return answerFor(input, await ctx.leases.checkout(ctx.caller, request, ctx.signal), showHeld)
  },
})
