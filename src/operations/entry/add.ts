import { z } from 'zod'
import { entryName, sharedFields } from '../../domain/entries/entry.ts'
import type { EntryType, KeptBy } from '../../domain/entries/types/entry-type.ts'
import { scopeTypeSchema } from '../../domain/scope.ts'
import { defineOperation } from '../define.ts'
import { inScope } from '../needs.ts'
import { entryOutput, scopeArguments } from './schemas.ts'

const similarEntry = z.strictObject({
  id: z.string(),
  name: z.string(),
  scope_type: scopeTypeSchema,
  scope_id: z.string().nullable(),
  similarity: z.number().describe('0 to 1'),
})

export const add = (type: EntryType, { tool, resource }: KeptBy) =>
  defineOperation({
    tool,
    action: 'add',
    routes: [`POST ${resource}`],
    summary: `Add a ${type.name}.`,
    hints: { readOnly: false, destructive: false, idempotent: false },
    needs: inScope('write', type.name),
    input: () =>
      z.strictObject({
        ...scopeArguments,
        name: entryName,
        ...sharedFields,
        ...type.fields.shape,
        upsert: z.boolean().default(false).describe('Update the entry if the name is taken'),
      }),
    output: () =>
      entryOutput.extend({
        conflict_id: z.string().optional(),
        similar: z
          .array(similarEntry)
          .optional()
          .describe('Near-duplicates in reach: update one of them instead?'),
      }),
    example: '"No force push" "Never force-push to main." --tags git',
    positional: ['name', 'content'],
    run: (ctx, { scope_type, scope_id, upsert, ...entry }) =>
      ctx.entryWrites.addOne(ctx.caller, type.name, { scope_type, scope_id, upsert, entry }),
  })
