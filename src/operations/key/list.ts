import { z } from 'zod'
import { defineOperation } from '../define.ts'
import { everything } from '../needs.ts'
import { keyOutput } from './schemas.ts'

export const list = defineOperation({
  tool: 'memory_key',
  action: 'list',
  isForPeople: true,
  isAdministration: true,
  routes: ['GET /v1/keys'],
  summary: 'List the keys for HTTP, without the keys themselves.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: everything('admin'),
  input: () => z.strictObject({}),
  output: () => z.strictObject({ keys: z.array(keyOutput) }),
  example: '',
  run: async (ctx) => ({ keys: await ctx.apiKeys.list() }),
})
