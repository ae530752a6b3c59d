import { z } from 'zod'
import { defineOperation } from '../define.ts'
import { nothing } from '../needs.ts'
import { eventArguments, eventsOutput, since } from './schemas.ts'

export const wait = defineOperation({
  tool: 'memory_event',
  mayWait: true,
  action: 'wait',
  routes: ['GET /v1/events/wait'],
  summary: 'Wait until something happens.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: nothing,
  input: () =>
    z.strictObject({
      since: since.describe('Events after this number; default: from the beginning (list), from now (wait)'),
      ...eventArguments,
      timeout_ms: z.int().min(0).max(60_000).default(25_000).describe('Then the answer has no events'),
    }),
  output: () => z.strictObject(eventsOutput),
  example: '--since 0 --timeout-ms 1000',
  run(ctx, input) {
    const timeout_ms = Math.min(input.timeout_ms, ctx.mostWaitMs)
    return ctx.events.wait(ctx.caller, { ...input, timeout_ms }, ctx.signal)
  },
})
