import { z } from 'zod'
import { entryName, LIMITS, sharedFields } from '../../domain/entries/entry.ts'
import type { EntryType, KeptBy } from '../../domain/entries/types/entry-type.ts'
import { scopeTypeSchema } from '../../domain/scope.ts'
import { defineOperation } from '../define.ts'
import { inScope } from '../needs.ts'
import { scopeArguments } from './schemas.ts'

export const bulkAdd = (type: EntryType, { tool, resource }: KeptBy) =>
  defineOperation({
    tool,
    action: 'bulk_add',
    routes: [`POST ${resource}/bulk`],
    summary: `Add up to ${LIMITS.bulkEntries} entries of type ${type.name} in one transaction, all or none.`,
    hints: { readOnly: false, destructive: false, idempotent: false },
    needs: inScope('write', type.name),
    input: () =>
      z.strictObject({
        ...scopeArguments,
        entries: z
          .array(z.strictObject({ name: entryName, ...sharedFields, ...type.fields.shape }))
          .min(1)
          .max(LIMITS.bulkEntries)
          .describe('Each as for add'),
        upsert: z.boolean().default(false).describe('Update the entry if the name is taken'),
      }),
    output: () =>
      z.strictObject({
        entries: z.array(
          z.strictObject({
            id: z.string(),
            name: z.string(),
            version: z.number(),
            scope_type: scopeTypeSchema,
            scope_id: z.string().nullable(),
          }),
        ),
      }),
    example: `--entries '[{"name": "One", "content": "First."}, {"name": "Two", "content": "Second."}]'`,
    async run(ctx, request) {
      const added = await ctx.entryWrites.add(ctx.caller, type.name, request)
      return {
        entries: added.map(({ id, name, version, scope_type, scope_id }) => ({
          id,
          name,
          version,
          scope_type,
          scope_id,
        })),
      }
    },
  })
