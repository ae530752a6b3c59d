import { z } from 'zod'
import { answerFor, jsonAnswer, LET_GO_ON } from '../../domain/hooks/answer.ts'
import { readHookEvent } from '../../domain/hooks/read.ts'
import { defineOperation } from '../define.ts'
import { nothing } from '../needs.ts'

/**
 * Answers a client's hook. Not in the catalogue: no model calls it; the command line and our own socket do,
 * and a client whose hooks can call a tool of a server.
 */
export const hookRun = defineOperation({
  tool: 'memory_hook',
  action: null,
  routes: ['POST /v1/hook'],
  summary: "Answer a client's hook.",
  // It stores nothing of what it is given: what an edit holds is not to be looked through for secrets.
  hints: { readOnly: true, destructive: false, idempotent: true },
  needs: nothing,
  isUnlimited: true,
  input: () =>
    z.strictObject({
      client: z.string().max(64).optional(),
      event: z.string().max(64).optional(),
      payload: z.unknown().meta({ anyJson: true }),
      cwd: z.string(),
      project_dir: z.string().optional(),
      fail_closed: z.boolean().optional(),
      linked_agent: z.string().optional(),
      as_json: z.boolean().default(false),
    }),
  output: () => z.object({ code: z.int(), stdout: z.string(), stderr: z.string() }),
  example: '',
  async run(ctx, { project_dir, fail_closed, linked_agent, as_json, ...call }) {
    const event = readHookEvent(call)
    if (typeof event === 'string') {
      const stderr = ctx.hooks.isFirstMisread(call, event) ? notUnderstood(event) : ''
      return { ...LET_GO_ON, stderr }
    }
    const place = { projectDir: project_dir, failClosed: fail_closed, linkedAgent: linked_agent }
    const decision = await ctx.hooks.run(event, place)
    return as_json ? { ...LET_GO_ON, stdout: jsonAnswer(event, decision) } : answerFor(event, decision)
  },
})

/** The work goes on: a hook that does not understand its client must not stop it. */
export function notUnderstood(why: string): string {
  return `agent-memory: this hook did nothing, for ${why}.\n`
}
