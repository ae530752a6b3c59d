import { z } from 'zod'
import { tagSet } from '../../domain/entries/entry.ts'
import { idText } from '../../domain/text/text.ts'
import { defineOperation } from '../define.ts'
import { entryOutput } from '../entry/schemas.ts'
import { entryNeed } from '../needs.ts'

const input = z.strictObject({
  entry_id: idText,
  tags: tagSet.refine((tags) => tags.length > 0, 'expected at least one'),
})

export const attach = defineOperation({
  tool: 'memory_tag',
  action: 'attach',
  routes: ['POST /v1/entries/{entry_id}/tags'],
  summary: 'Attach tags to an entry of any type.',
  hints: { readOnly: false, destructive: false, idempotent: true },
  needs: async (ctx, { entry_id }) => [await entryNeed(ctx, entry_id, 'write')],
  input: () => input,
  output: () => entryOutput,
  example: 'ID security backend',
  positional: ['entry_id', 'tags'],
  run: (ctx, { entry_id, tags }) =>
    ctx.entryWrites.changeTags(ctx.caller, entry_id, { attach: tags, detach: [] }),
})

export const detach = defineOperation({
  tool: 'memory_tag',
  action: 'detach',
  routes: ['DELETE /v1/entries/{entry_id}/tags'],
  summary: 'Take tags off an entry.',
  hints: { readOnly: false, destructive: false, idempotent: true },
  needs: async (ctx, { entry_id }) => [await entryNeed(ctx, entry_id, 'write')],
  input: () => input,
  output: () => entryOutput,
  example: 'ID backend',
  positional: ['entry_id', 'tags'],
  run: (ctx, { entry_id, tags }) =>
    ctx.entryWrites.changeTags(ctx.caller, entry_id, { attach: [], detach: tags }),
})
