import { z } from 'zod'
import { defineOperation } from '../define.ts'
import { nothing } from '../needs.ts'

// Loose: what a part shows depends on its backend, and is `error` when it is down.
const part = z.looseObject({})

export const check = defineOperation({
  tool: 'memory_health',
  action: null,
  routes: ['GET /v1/health'],
  summary: 'Show the state of the server and of each part, and what is wrong.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: nothing,
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      status: z
        .enum(['healthy', 'degraded', 'unhealthy'])
        .describe('unhealthy: nothing works; degraded: a part does not'),
      problems: z.array(z.string()).describe('What is wrong, a sentence a part'),
      version: z.string(),
      instance_id: z.string(),
      uptime_ms: z.int(),
      database: part.describe('type, connected, latency_ms, schema_version, path'),
      redis: part.describe('enabled, connected'),
      cache: part.describe('l1: hits, misses, entries, bytes'),
      locks: part.describe('backend, held'),
      events: part.describe('backend, last_seq, connected'),
      search: part.describe('index, entries, active, embeddings'),
    }),
  example: '',
  isUnlimited: true,
  run: (ctx) => ctx.health.check(),
})
