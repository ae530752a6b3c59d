import { z } from 'zod'
import { lockSchema } from '../../domain/leases/lease.ts'
import { outsideScopeId, scopeTypeSchema } from '../../domain/scope.ts'
import type { AgentAtWork } from '../../services/agents/presence.ts'
import { defineOperation } from '../define.ts'
import { scopeArguments, tokenBudget } from '../entry/schemas.ts'
import { scopeNeed } from '../needs.ts'

/** Of one agent; `lock list` has them all. */
const MOST_LOCKS = 10

const agentOutput = z.strictObject({
  agent_id: z.string(),
  state: z.enum(['waiting', 'editing', 'active', 'idle']),
  working_on: z.string().nullable().describe('What its session or its last lock is for'),
  since: z.string(),
  last_seen_at: z.string().nullable(),
  session: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
  locks: z.array(lockSchema.pick({ file_path: true, purpose: true, acquired_at: true, expires_at: true })),
  more_locks: z.int().optional(),
  waits_for: z.array(z.strictObject({ file_path: z.string(), held_by: z.string().nullable() })),
})

export const presence = defineOperation({
  tool: 'memory_scope',
  action: 'presence',
  routes: ['GET /v1/presence'],
  summary: 'Say who is at work here: on what, holding and waiting for which files.',
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: async (ctx, input) => [await scopeNeed(ctx, input, { permission: 'read', types: null })],
  input: () =>
    z.strictObject({
      ...scopeArguments,
      token_budget: tokenBudget,
      limit: z.int().min(1).max(100).default(50),
    }),
  output: () =>
    z.strictObject({
      scope_type: scopeTypeSchema,
      scope_id: z.string().nullable(),
      agents: z.array(agentOutput),
      more_agents: z.int().optional(),
      locks_known: z.literal(false).optional().describe('The place of the locks cannot be reached now'),
    }),
  example: '',
  async run(ctx, { limit, scope_type, scope_id }) {
    const { project, agents, locksKnown } = await ctx.presence.look(ctx.caller, { scope_type, scope_id })
    const more = agents.length - limit
    return {
      scope_type: project ? ('project' as const) : ('global' as const),
      scope_id: project && outsideScopeId(project.id),
      agents: agents.slice(0, limit).map(shownAgent),
      ...(more > 0 && { more_agents: more }),
      ...(!locksKnown && { locks_known: false as const }),
    }
  },
})

function shownAgent({ agentId, state, since, lastSeenAt, session, locks, waitsFor }: AgentAtWork) {
  const newest = locks.toSorted((a, b) => b.acquiredAt.localeCompare(a.acquiredAt))
  const more = locks.length - MOST_LOCKS
  return {
    agent_id: agentId,
    state,
    working_on: session?.purpose ?? session?.name ?? newest.find(({ purpose }) => purpose)?.purpose ?? null,
    since,
    last_seen_at: lastSeenAt,
    session: session ? { id: session.id, name: session.name } : null,
    locks: newest.slice(0, MOST_LOCKS).map((lease) => ({
      file_path: lease.path,
      purpose: lease.purpose,
      acquired_at: lease.acquiredAt,
      expires_at: lease.expiresAt,
    })),
    ...(more > 0 && { more_locks: more }),
    waits_for: waitsFor.map(({ path, heldBy }) => ({ file_path: path, held_by: heldBy })),
  }
}
