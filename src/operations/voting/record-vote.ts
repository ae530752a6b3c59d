import { z } from 'zod'
import { text } from '../../domain/text/text.ts'
import { VOTE_LIMITS, voteSchema } from '../../domain/voting.ts'
import { defineOperation } from '../define.ts'
import { onTask, placeOutput, taskId, voteScope, voteValue } from './schemas.ts'

export const recordVote = defineOperation({
  tool: 'memory_voting',
  action: 'record_vote',
  routes: ['POST /v1/votes'],
  summary: 'Give your vote on a task; voting again replaces it.',
  hints: { readOnly: false, destructive: false, idempotent: true },
  needs: onTask('write'),
  input: () =>
    z.strictObject({
      task_id: taskId,
      ...voteScope,
      vote_value: voteValue,
      confidence: z.number().min(0).max(1).optional().describe('0 to 1; kept, not counted'),
      reasoning: text(VOTE_LIMITS.reasoningBytes).optional().describe('Why'),
    }),
  output: () =>
    voteSchema.extend({
      ...placeOutput,
      replaced: z.boolean().describe('True when you had voted before'),
    }),
  example: 'use-postgres yes --confidence 0.8',
  positional: ['task_id', 'vote_value'],
  run: (ctx, { scope_type, scope_id, ...ballot }) =>
    ctx.votes.record(ctx.caller, { scope_type, scope_id }, ballot),
})
