import { z } from 'zod'
import type { EntryType, KeptBy } from '../../domain/entries/types/entry-type.ts'
import { MOST_ANSWER_TOKENS } from '../../domain/text/tokens.ts'
import { defineOperation } from '../define.ts'
import { ofEntry } from '../needs.ts'
import { entryKey, entryOutput } from './schemas.ts'

export const get = (type: EntryType, { tool, resource }: KeptBy) =>
  defineOperation({
    tool,
    action: 'get',
    routes: [`GET ${resource}/{id}`],
    summary: `Get one ${type.name} by id, or by name as it reads from a scope.`,
    hints: { readOnly: true, destructive: false, idempotent: true },
    isRepeatable: true,
    needs: ofEntry('read', type.name),
    input: () =>
      z.strictObject({
        ...entryKey,
        inherit: z.boolean().default(true).describe('Wider scopes too'),
        status: z.enum(['active', 'all']).default('active').describe('all: an expired one too'),
        version: z.int().min(1).optional().describe('An earlier version'),
        offset: z.int().min(0).default(0).describe('From next_offset'),
        max_tokens: z.int().min(1).max(MOST_ANSWER_TOKENS).optional().describe('Of the content: bytes / 4'),
      }),
    output: () =>
      entryOutput.extend({
        shortened: z.literal(true).optional().describe('Not all of it is here'),
        content_length: z.int().optional().describe('Characters of the whole content'),
        next_offset: z.int().optional().describe('Pass it as offset for the next part'),
      }),
    example: '"No force push"',
    positional: ['name'],
    run: (ctx, input) => ctx.entries.get(ctx.caller, type.name, input),
  })
