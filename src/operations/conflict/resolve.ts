import { z } from 'zod'
import { conflictSchema, RESOLUTIONS } from '../../domain/entries/conflict.ts'
import { sharedFields } from '../../domain/entries/entry.ts'
import { idText } from '../../domain/text/text.ts'
import { defineOperation } from '../define.ts'
import { baseVersion, entryOutput } from '../entry/schemas.ts'
import { placeNeed } from '../needs.ts'

export const resolve = defineOperation({
  tool: 'memory_conflict',
  action: 'resolve',
  routes: ['POST /v1/conflicts/{id}/resolve'],
  summary: 'Settle a conflict: take one side, or give merged values.',
  hints: { readOnly: false, destructive: false, idempotent: false },
  needs: async ({ places }, { id }) => [
    placeNeed(await places.conflict(id), 'write', { what: 'conflict', id }),
  ],
  input: () =>
    z.strictObject({
      id: idText,
      resolution: z.enum(RESOLUTIONS),
      content: sharedFields.content.optional().describe('Merged text, with resolution merged'),
      merged: z.record(z.string(), z.unknown()).default({}).describe('Merged values of other fields'),
      base_version: baseVersion.describe('The version that was seen, where the entry has moved on'),
    }),
  output: () => conflictSchema.extend({ entry: entryOutput }),
  example: 'ID merged --content "Both texts in one."',
  positional: ['id', 'resolution'],
  async run(ctx, { id, resolution, content, merged, base_version }) {
    const values = content === undefined ? merged : { ...merged, content }
    const choice = { resolution, merged: values, base_version }
    const { conflict, entry } = await ctx.conflicts.resolve(ctx.caller, id, choice)
    return { ...conflict, entry }
  },
})
