import { z } from 'zod'
import { defineOperation } from '../define.ts'
import { pageArguments } from '../entry/schemas.ts'
import { nothing } from '../needs.ts'
import { eventArguments, eventsOutput, since } from './schemas.ts'

export const list = defineOperation({
  tool: 'memory_event',
  action: 'list',
  routes: ['GET /v1/events'],
  summary: 'List what happened, oldest first.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: nothing,
  input: () =>
    z.strictObject({
      since: since.describe('Events after this number; default: from the beginning (list), from now (wait)'),
      ...eventArguments,
      ...pageArguments,
    }),
  output: () => z.strictObject({ ...eventsOutput, next_cursor: z.string().optional() }),
  example: '--since 0 --limit 5',
  run: (ctx, input) => ctx.events.list(ctx.caller, input),
})
