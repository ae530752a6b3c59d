import { z } from 'zod'
import { voteSchema } from '../../domain/voting.ts'
import { defineOperation } from '../define.ts'
import { pageArguments } from '../entry/schemas.ts'
import { taskId } from './schemas.ts'

export const listVotes = defineOperation({
  tool: 'memory_voting',
  action: 'list_votes',
  routes: ['GET /v1/votes'],
  summary: "List the agents' votes on a task.",
  hints: { readOnly: true, destructive: false, idempotent: true },
  input: z.strictObject({ task_id: taskId, ...pageArguments }),
  output: z.strictObject({
    task_id: z.string(),
    votes: z.array(voteSchema),
    next_cursor: z.string().optional(),
  }),
  example: 'use-postgres',
  positional: ['task_id'],
  run: (ctx, { task_id, ...page }) => ctx.votes.list(task_id, page),
})
