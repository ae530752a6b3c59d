import { z } from 'zod'
import { defineOperation } from '../define.ts'
import { tallyOutput, taskId } from './schemas.ts'

const MOST_VOTES = 1_000_000

export const getConsensus = defineOperation({
  tool: 'memory_voting',
  action: 'get_consensus',
  routes: ['GET /v1/votes/consensus'],
  summary: 'See whether one value is ahead of every other by k votes.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  input: z.strictObject({
    task_id: taskId,
    k: z.int().min(1).max(MOST_VOTES).default(1).describe('Lead over every other value, default 1'),
    quorum: z.int().min(1).max(MOST_VOTES).default(1).describe('Votes that there must be at least'),
  }),
  output: z.strictObject({
    task_id: z.string(),
    has_consensus: z.boolean(),
    winning_value: z.unknown().optional().describe('There when has_consensus is true; may be null'),
    votes: z.int().describe('How many agents have voted'),
    margin: z.int().describe('Lead of the first value over the next'),
    ...tallyOutput,
  }),
  example: 'use-postgres --k 2',
  positional: ['task_id'],
  run: (ctx, { task_id, k, quorum }) => ctx.votes.consensus(task_id, { k, quorum }),
})
