import { z } from 'zod'
import { defineOperation } from '../define.ts'
import { pageArguments } from '../entry/schemas.ts'
import { everything } from '../needs.ts'

export const list = defineOperation({
  tool: 'memory_audit',
  action: 'list',
  routes: ['GET /v1/audit'],
  summary: 'List what the audit holds, the latest first: writes, refusals, forced unlocks, permissions.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: everything('admin'),
  input: () => z.strictObject(pageArguments),
  output: () =>
    z.strictObject({
      records: z.array(
        z.strictObject({
          seq: z.int(),
          event_id: z.string(),
          event: z.record(z.string(), z.unknown()).describe('As memory_event shows it'),
          prev_hash: z.string(),
          hash: z.string(),
        }),
      ),
      next_cursor: z.string().optional(),
    }),
  example: '--limit 5',
  run: (ctx, input) => ctx.audit.list(input),
})
