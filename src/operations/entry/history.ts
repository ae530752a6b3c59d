import { z } from 'zod'
import type { EntryType, KeptBy } from '../../domain/entries/types/entry-type.ts'
import { defineOperation } from '../define.ts'
import { ofEntry } from '../needs.ts'
import { entryKey, hitOutput, pageArguments } from './schemas.ts'

export const history = (type: EntryType, { tool, resource }: KeptBy) =>
  defineOperation({
    tool,
    action: 'history',
    routes: [`GET ${resource}/{id}/versions`],
    summary: `Get every version of a ${type.name}, newest first.`,
    hints: { readOnly: true, destructive: false, idempotent: true },
    needs: ofEntry('read', type.name),
    input: () => z.strictObject({ ...entryKey, ...pageArguments }),
    output: () =>
      z.strictObject({
        id: z.string(),
        versions: z.array(hitOutput),
        next_cursor: z.string().optional(),
      }),
    example: '"No force push"',
    positional: ['name'],
    run: (ctx, input) => ctx.entries.history(ctx.caller, type.name, input),
  })
