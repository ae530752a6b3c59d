import { z } from 'zod'
import { scopeTypeSchema } from '../../domain/scope.ts'
import { text } from '../../domain/text/text.ts'
import { defineOperation } from '../define.ts'
import { pageArguments, scopeArguments } from '../entry/schemas.ts'
import { inScope } from '../needs.ts'

export const list = defineOperation({
  tool: 'memory_tag',
  action: 'list',
  routes: ['GET /v1/tags'],
  summary: 'List the tags in use and how often.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: inScope('read'),
  input: () =>
    z.strictObject({
      ...scopeArguments,
      inherit: z.boolean().default(true).describe('Wider scopes too'),
      prefix: text(128).default('').describe('Tags that begin so'),
      ...pageArguments,
    }),
  output: () =>
    z.strictObject({
      tags: z.array(z.strictObject({ tag: z.string(), count: z.number() })),
      next_cursor: z.string().optional(),
      scope_type: scopeTypeSchema,
      scope_id: z.string().nullable(),
    }),
  example: '',
  run: (ctx, input) => ctx.tags.list(ctx.caller, input),
})
