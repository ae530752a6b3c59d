import { z } from 'zod'
import { entryName, LIMITS, sharedFields } from '../../domain/entries/entry.ts'
import { turnFields } from '../../domain/entries/types/observation.ts'
import { defineOperation } from '../define.ts'
import { scopeNeed } from '../needs.ts'
import { scopeId } from './schemas.ts'

export const log = defineOperation({
  tool: 'memory_scope',
  action: 'log',
  routes: ['POST /v1/sessions/{session_id}/turns'],
  summary: 'Append what happened to a session, in order.',
  hints: { readOnly: false, destructive: false, idempotent: false },
  needs: async (ctx, { session_id }) => [
    await scopeNeed(ctx, { scope_id: session_id }, { permission: 'write', types: ['observation'] }),
  ],
  input: () =>
    z.strictObject({
      session_id: scopeId,
      turns: z
        .array(z.strictObject({ content: sharedFields.content, ...turnFields, name: entryName.optional() }))
        .min(1)
        .max(LIMITS.bulkEntries)
        .describe('{content, speaker?, role?, at?, name?}'),
    }),
  output: () =>
    z.strictObject({
      session_id: z.string(),
      entries: z.array(z.strictObject({ id: z.string(), name: z.string(), sequence: z.number() })),
    }),
  example: `ID --turns '[{"speaker": "user", "content": "Please fix the login."}]'`,
  positional: ['session_id'],
  async run(ctx, { session_id, turns }) {
    const logged = await ctx.sessions.log(ctx.caller, session_id, turns)
    const entries = logged.map((entry) => ({
      id: entry.id,
      name: entry.name,
      sequence: Number(entry['sequence']),
    }))
    return { session_id, entries }
  },
})
