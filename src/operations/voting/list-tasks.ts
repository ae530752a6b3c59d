import { z } from 'zod'
import { defineOperation } from '../define.ts'
import { pageArguments } from '../entry/schemas.ts'
import { nothing } from '../needs.ts'
import { onTask, placeOutput, tallyOutput, voteScope } from './schemas.ts'

export const listTasks = defineOperation({
  tool: 'memory_voting',
  action: 'list_tasks',
  isForPeople: true,
  routes: ['GET /v1/votes/tasks'],
  summary: 'List what is voted on, the latest vote first, with the tally of each.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  // Without a scope it is narrowed to those that the caller may read.
  needs: (ctx, input) =>
    input.scope_type === undefined && input.scope_id === undefined ? nothing() : onTask('read')(ctx, input),
  input: () =>
    z.strictObject({
      ...voteScope,
      scope_type: voteScope.scope_type.describe('Only in this scope'),
      ...pageArguments,
    }),
  output: () =>
    z.strictObject({
      tasks: z.array(
        z.strictObject({
          task_id: z.string(),
          ...placeOutput,
          scope_name: z.string(),
          votes: z.int().describe('How many agents have voted'),
          first_vote_at: z.string(),
          last_vote_at: z.string(),
          ...tallyOutput,
        }),
      ),
      next_cursor: z.string().optional(),
    }),
  example: '--limit 5',
  run: (ctx, input) => ctx.votes.tasks(ctx.caller, input),
})
