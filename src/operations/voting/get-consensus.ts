import { z } from 'zod'
import { voteSchema } from '../../domain/voting.ts'
import { defineOperation } from '../define.ts'
import { onTask, placeOutput, tallyOutput, taskId, voteScope } from './schemas.ts'

const MOST_VOTES = 1_000_000

export const getConsensus = defineOperation({
  tool: 'memory_voting',
  action: 'get_consensus',
  routes: ['GET /v1/votes/consensus'],
  summary: 'See whether one value is ahead of every other by k votes.',
  // The first answer is kept: by it the matter is decided.
  hints: { readOnly: false, destructive: false, idempotent: true },
  needs: onTask('read'),
  input: () =>
    z.strictObject({
      task_id: taskId,
      ...voteScope,
      k: z.int().min(1).max(MOST_VOTES).default(1).describe('Lead over every other value'),
      quorum: z.int().min(1).max(MOST_VOTES).default(1).describe('Fewest votes in all'),
    }),
  output: () =>
    z.strictObject({
      task_id: z.string(),
      ...placeOutput,
      has_consensus: z.boolean(),
      winning_value: z.unknown().optional().describe('There when has_consensus is true; may be null'),
      votes: z.int().describe('How many agents have voted'),
      margin: z.int().describe('Lead of the first value over the next, as the votes stand now'),
      decided_at: z
        .string()
        .optional()
        .describe('Votes since then are recorded, and flip nothing; missing where it could not be kept'),
      dissent: z
        .array(voteSchema.pick({ agent_id: true, vote_value: true, reasoning: true }))
        .optional()
        .describe('Who is for another value, and why; at most 100 are shown'),
      ...tallyOutput,
    }),
  example: 'use-postgres --k 2',
  positional: ['task_id'],
  run: (ctx, { k, quorum, ...task }) => ctx.votes.consensus(ctx.caller, task, { k, quorum }),
})
