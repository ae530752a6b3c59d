import { z } from 'zod'
import { defineOperation } from '../define.ts'
import { cursorArgument, tokenBudget } from '../entry/schemas.ts'
import { nothing } from '../needs.ts'
import { scopeOutput, shownScope } from './schemas.ts'

const count = z.int().min(0)

export const tree = defineOperation({
  tool: 'memory_scope',
  action: 'tree',
  isForPeople: true,
  routes: ['GET /v1/scopes/tree'],
  summary: 'List scopes of every type, newest first, with how much each holds.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: nothing,
  input: () =>
    z.strictObject({
      token_budget: tokenBudget,
      limit: z.int().min(1).max(500).default(100),
      cursor: cursorArgument,
    }),
  output: () =>
    z.strictObject({
      scopes: z.array(
        scopeOutput
          .pick({ id: true, scope_type: true, name: true, parent_id: true, status: true, root_path: true })
          .extend({
            entries: z.record(z.string(), count).describe('Active entries by type, those of its own alone'),
            open_conflicts: count,
          }),
      ),
      next_cursor: z.string().optional(),
    }),
  example: '--limit 5',
  async run(ctx, input) {
    const { scopes, ...next } = await ctx.scopes.tree(ctx.caller, input)
    return {
      scopes: scopes.map(({ scope, entries, openConflicts }) => {
        const { id, scope_type, name, parent_id, status, root_path } = shownScope(scope)
        return { id, scope_type, name, parent_id, status, root_path, entries, open_conflicts: openConflicts }
      }),
      ...next,
    }
  },
})
