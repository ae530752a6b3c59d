import { z } from 'zod'
import { voteSchema } from '../../domain/voting.ts'
import { defineOperation } from '../define.ts'
import { pageArguments } from '../entry/schemas.ts'
import { onTask, placeOutput, taskId, voteScope } from './schemas.ts'

export const listVotes = defineOperation({
  tool: 'memory_voting',
  action: 'list_votes',
  routes: ['GET /v1/votes'],
  summary: "List the agents' votes on a task.",
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: onTask('read'),
  input: () => z.strictObject({ task_id: taskId, ...voteScope, ...pageArguments }),
  output: () =>
    z.strictObject({
      task_id: z.string(),
      ...placeOutput,
      votes: z.array(voteSchema),
      next_cursor: z.string().optional(),
    }),
  example: 'use-postgres',
  positional: ['task_id'],
  run: (ctx, input) => ctx.votes.list(ctx.caller, input),
})
