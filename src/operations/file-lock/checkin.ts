import { z } from 'zod'
import { type Lease, lockSchema } from '../../domain/leases/lease.ts'
import { defineOperation } from '../define.ts'
import { ofPaths } from '../needs.ts'
import { answerFor, fencingToken, oneOrSeveral, pathArguments, pathsOf, tokenForOne } from './schemas.ts'

const released = z.strictObject({
  released: z.literal(true),
  ...lockSchema.pick({ file_path: true, agent_id: true }).shape,
  fencing_token: lockSchema.shape.fencing_token.describe('Of the lock that has ended'),
})

export const checkin = defineOperation({
  tool: 'memory_file_lock',
  action: 'checkin',
  routes: ['DELETE /v1/locks'],
  summary: 'Give back a file that you locked; whoever waits for it is told at once.',
  hints: { readOnly: false, destructive: false, idempotent: false },
  needs: ofPaths('write'),
  input: () =>
    z
      .strictObject({
        ...pathArguments,
        fencing_token: fencingToken
          .optional()
          .describe('Only the lock that has it, not a later one of yours'),
      })
      .superRefine(oneOrSeveral)
      .superRefine(tokenForOne),
  output: () => z.union([released, z.strictObject({ locks: z.array(released) })]),
  example: 'src/auth/jwt.ts',
  positional: ['file_path'],
  async run(ctx, input) {
    const request = { paths: pathsOf(input), token: input.fencing_token }
    return answerFor(input, await ctx.hooks.checkin(ctx.caller, request), showReleased)
  },
})

function showReleased({ path, agentId, token }: Lease): z.output<typeof released> {
  return { released: true, file_path: path, agent_id: agentId, fencing_token: token }
}
