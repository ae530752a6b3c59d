import { z } from 'zod'
import { text } from '../../domain/text.ts'
import { VOTE_LIMITS, voteSchema } from '../../domain/voting.ts'
import { defineOperation } from '../define.ts'
import { taskId, voteValue } from './schemas.ts'

export const recordVote = defineOperation({
  tool: 'memory_voting',
  action: 'record_vote',
  routes: ['POST /v1/votes'],
  summary: 'Give your vote on a task; voting again replaces it.',
  hints: { readOnly: false, destructive: false, idempotent: true },
  input: z.strictObject({
    task_id: taskId,
    vote_value: voteValue,
    confidence: z.number().min(0).max(1).optional().describe('0 to 1; kept, not counted'),
    reasoning: text(VOTE_LIMITS.reasoningBytes).optional().describe('Why'),
  }),
  output: voteSchema.extend({ replaced: z.boolean().describe('True when you had voted before') }),
  example: 'use-postgres yes --confidence 0.8',
  positional: ['task_id', 'vote_value'],
  run: (ctx, input) => ctx.votes.record(ctx.caller, input),
})
