import { z } from 'zod'
import { defineOperation } from '../define.ts'
import { onTask, placeOutput, tallyOutput, taskId, voteScope } from './schemas.ts'

export const getStats = defineOperation({
  tool: 'memory_voting',
  action: 'get_stats',
  routes: ['GET /v1/votes/stats'],
  summary: 'Count votes, agents and tasks: of one task with its tally, of a scope, or of all.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: onTask('read'),
  input: () => z.strictObject({ task_id: taskId.optional(), ...voteScope }),
  output: () =>
    z.strictObject({
      task_id: z.string().optional().describe('The task asked for; left out when all are counted'),
      scope_type: placeOutput.scope_type.optional(),
      scope_id: placeOutput.scope_id.optional(),
      tasks: z.int().describe('Tasks with a vote'),
      votes: z.int().describe('Votes that stand; a replaced one is not counted'),
      agents: z.int().describe('Different agents who voted'),
      average_confidence: z.number().nullable().describe('Over the votes that gave one; null when none did'),
      first_vote_at: z.string().nullable(),
      last_vote_at: z.string().nullable(),
      tally: tallyOutput.tally
        .optional()
        .describe('Only for one task: values and their votes, most first; at most 100'),
      values: tallyOutput.values
        .optional()
        .describe('Only for one task: how many different values there are'),
    }),
  example: 'use-postgres',
  positional: ['task_id'],
  run: (ctx, input) => ctx.votes.stats(ctx.caller, input),
})
