import { z } from 'zod'
import { ENTRY_TYPE_NAMES } from '../../domain/entries/types/index.ts'
import { instant } from '../../domain/instant.ts'
import { scopeTypeSchema } from '../../domain/scope.ts'
import { defineOperation } from '../define.ts'
import { cursorArgument, hitOutput, scopeArguments, tagFilter, tokenBudget } from '../entry/schemas.ts'
import { inScopeOrEverywhere } from '../needs.ts'
import { everywhere } from './schemas.ts'

const turnAround = z.strictObject({
  id: z.string(),
  name: z.string(),
  content: z.string(),
  speaker: z.string().optional(),
  at: z.string().optional(),
})

export const search = defineOperation({
  tool: 'memory_query',
  action: 'search',
  routes: ['GET /v1/search', 'POST /v1/search'],
  summary: 'Find memories by words, identifiers or paths, best first.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  isRepeatable: true,
  needs: inScopeOrEverywhere,
  input: z.strictObject({
    query: z
      .string()
      .max(20_000)
      .refine((text) => text.trim() !== '', 'must hold at least one word')
      .describe('What to look for'),
    ...scopeArguments,
    everywhere,
    types: z.array(z.enum(ENTRY_TYPE_NAMES)).min(1).optional().describe('Default: all'),
    tags: tagFilter,
    limit: z.int().min(1).max(100).default(10),
    cursor: cursorArgument,
    token_budget: tokenBudget,
    mode: z.enum(['auto', 'lexical', 'semantic', 'hybrid']).default('auto'),
    inherit: z.boolean().default(true).describe('Wider scopes too'),
    include_sessions: z.boolean().default(true).describe('Sessions of the scope too'),
    turns_around: z.int().min(0).max(5).default(0).describe('Session turns around each hit'),
    include_superseded: z.boolean().optional(),
    min_priority: z.int().min(0).max(100).optional(),
    updated_after: instant.optional().describe('ISO 8601'),
    as_of: instant.optional().describe('As stored and valid then'),
    consistency: z.enum(['eventual', 'strong']).default('eventual'),
  }),
  output: z.strictObject({
    results: z.array(
      hitOutput.extend({ score: z.number(), snippet: z.string(), around: z.array(turnAround).optional() }),
    ),
    answered: z.literal('unlikely').optional(),
    note: z.string().optional(),
    next_cursor: z.string().optional(),
    served_from: z.enum(['l1', 'l2', 'database']),
    scope_type: scopeTypeSchema,
    scope_id: z.string().nullable(),
  }),
  positional: ['query'],
  example: '"force push"',
  run: (ctx, { token_budget: _budget, ...input }) => ctx.search.search(ctx.caller, input),
})
