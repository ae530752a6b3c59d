import { z } from 'zod'
import { ENTRY_TYPE_NAMES } from '../../domain/entries/types/index.ts'
import { instant } from '../../domain/instant.ts'
import { scopeTypeSchema } from '../../domain/scope.ts'
import { PLACES, WHY_WAYS } from '../../domain/words/ranking/why.ts'
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

const whyOutput = z.strictObject({
  words: z.array(
    z.strictObject({
      word: z.string().describe('Of the question'),
      found: z.string().describe('Of the entry'),
      by: z.enum(WHY_WAYS),
      in: z.partialRecord(z.enum(PLACES), z.number()).describe('How often, weighed by part and length'),
      adds: z.number(),
    }),
  ),
  missing: z.array(z.string()).describe('Words of the question that it does not hold'),
  vectors: z
    .strictObject({ of: z.enum(['words', 'model']), likeness: z.number(), adds: z.number() })
    .optional(),
  factors: z.strictObject({
    coverage: z.number().describe('How much of the question it holds'),
    scope: z.number().describe('How near its scope is'),
    turn: z.number().optional().describe('Of a session: who said it, and whether it asks'),
  }),
  around: z.number().optional().describe('Added by turns around it that answer too'),
  newer_than: z.array(z.string()).optional().describe('Older ones on the same matter that it stands above'),
  rank: z.number().describe('(what words add × coverage + what vectors add) × scope × turn + around'),
})

export const search = defineOperation({
  tool: 'memory_query',
  action: 'search',
  routes: ['GET /v1/search', 'POST /v1/search'],
  summary: 'Find memories by words, identifiers or paths, best first.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  isRepeatable: true,
  needs: inScopeOrEverywhere,
  input: () =>
    z.strictObject({
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
      explain: z.boolean().default(false).describe('Why each is there'),
      turns_around: z.int().min(0).max(5).default(0).describe('Session turns around each hit'),
      include_superseded: z.boolean().optional(),
      min_priority: z.int().min(0).max(100).optional(),
      updated_after: instant.optional().describe('ISO 8601'),
      as_of: instant.optional().describe('As stored and valid then'),
      consistency: z.enum(['eventual', 'strong']).default('eventual'),
    }),
  output: () =>
    z.strictObject({
      results: z.array(
        hitOutput.extend({
          score: z.number(),
          snippet: z.string(),
          around: z.array(turnAround).optional(),
          why: whyOutput.optional(),
        }),
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
