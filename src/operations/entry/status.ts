import { z } from 'zod'
import type { EntryType, KeptBy } from '../../domain/entries/types/entry-type.ts'
import { defineOperation } from '../define.ts'
import { ofEntry } from '../needs.ts'
import { entryKey, entryOutput } from './schemas.ts'

export const deactivate = (type: EntryType, { tool, resource }: KeptBy) =>
  defineOperation({
    tool,
    action: 'deactivate',
    routes: [`POST ${resource}/{id}/deactivate`],
    summary: `Take a ${type.name} out of use; it stays in the history and can come back.`,
    hints: { readOnly: false, destructive: false, idempotent: true },
    needs: ofEntry('write', type.name),
    input: () => z.strictObject(entryKey),
    output: () => entryOutput,
    example: '"No force push"',
    positional: ['name'],
    run: (ctx, input) => ctx.entryWrites.setStatus(ctx.caller, type.name, input, 'inactive'),
  })

export const reactivate = (type: EntryType, { tool, resource }: KeptBy) =>
  defineOperation({
    tool,
    action: 'reactivate',
    routes: [`POST ${resource}/{id}/reactivate`],
    summary: `Put a deactivated ${type.name} back into use.`,
    hints: { readOnly: false, destructive: false, idempotent: true },
    needs: ofEntry('write', type.name),
    input: () => z.strictObject(entryKey),
    output: () => entryOutput,
    example: '"No force push"',
    positional: ['name'],
    run: (ctx, input) => ctx.entryWrites.setStatus(ctx.caller, type.name, input, 'active'),
  })
