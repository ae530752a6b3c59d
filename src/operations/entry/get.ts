import { z } from 'zod'
import type { EntryType, KeptBy } from '../../domain/entries/types/entry-type.ts'
import { defineOperation } from '../define.ts'
import { entryKey, entryOutput } from './schemas.ts'

export const get = (type: EntryType, { tool, resource }: KeptBy) =>
  defineOperation({
    tool,
    action: 'get',
    routes: [`GET ${resource}/{id}`],
    summary: `Get one ${type.name} by id, or by name as it reads from a scope.`,
    hints: { readOnly: true, destructive: false, idempotent: true },
    input: z.strictObject({
      ...entryKey,
      inherit: z.boolean().default(true).describe('Wider scopes too'),
      status: z.enum(['active', 'all']).default('active').describe('all: an expired one of that name too'),
      version: z.int().min(1).optional().describe('An earlier version'),
    }),
    output: entryOutput,
    example: '"No force push"',
    positional: ['name'],
    run: (ctx, input) => ctx.entries.get(ctx.caller, type.name, input),
  })
