import { z } from 'zod'
import { defineOperation } from '../define.ts'
import { ofPaths } from '../needs.ts'
import {
  answerFor,
  fencingToken,
  heldLocks,
  oneOrSeveral,
  oneTtl,
  pathArguments,
  pathsOf,
  showHeld,
  tokenForOne,
  ttlArguments,
  ttlOf,
} from './schemas.ts'

export const renew = defineOperation({
  tool: 'memory_file_lock',
  action: 'renew',
  routes: ['POST /v1/locks/renew'],
  summary: 'Keep a file that you locked for as long again, or for ttl_ms from now.',
  hints: { readOnly: false, destructive: false, idempotent: true },
  needs: ofPaths('write'),
  input: () =>
    z
      .strictObject({
        ...pathArguments,
        ...ttlArguments,
        fencing_token: fencingToken
          .optional()
          .describe('Only the lock that has it, not a later one of yours'),
      })
      .superRefine(oneOrSeveral)
      .superRefine(oneTtl)
      .superRefine(tokenForOne),
  output: () => heldLocks,
  example: 'src/auth/jwt.ts --ttl-ms 60000',
  positional: ['file_path'],
  async run(ctx, input) {
    const request = { paths: pathsOf(input), token: input.fencing_token, ttlMs: ttlOf(input) }
    return answerFor(input, await ctx.leases.renew(ctx.caller, request), showHeld)
  },
})
