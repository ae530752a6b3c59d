import { z } from 'zod'
import type { EntryType, KeptBy } from '../../domain/entries/types/entry-type.ts'
import { scopeTypeSchema } from '../../domain/scope.ts'
import { defineOperation } from '../define.ts'
import { ofEntry } from '../needs.ts'
import { baseVersion, entryKey } from './schemas.ts'

export const remove = (type: EntryType, { tool, resource }: KeptBy) =>
  defineOperation({
    tool,
    action: 'delete',
    routes: [`DELETE ${resource}/{id}`],
    summary: `Delete a ${type.name} with all its versions for good (deactivate is the everyday way).`,
    hints: { readOnly: false, destructive: true, idempotent: false },
    needs: ofEntry('admin', type.name),
    input: () => z.strictObject({ ...entryKey, base_version: baseVersion }),
    output: () =>
      z.strictObject({
        id: z.string(),
        type: z.string(),
        name: z.string(),
        version: z.number().describe('The last version it had'),
        deleted: z.literal(true),
        scope_type: scopeTypeSchema,
        scope_id: z.string().nullable(),
      }),
    example: '"No force push"',
    positional: ['name'],
    async run(ctx, input) {
      const entry = await ctx.entryWrites.delete(ctx.caller, type.name, input)
      const { id, name, version, scope_type, scope_id } = entry
      return { id, type: entry.type, name, version, deleted: true as const, scope_type, scope_id }
    },
  })
