import { z } from 'zod'
import type { AnswerOf } from '../../operations/define.ts'
import { hookRun } from '../../operations/hook/run.ts'
import type { Instance } from '../../operations/instance.ts'
import { runOperation } from '../../operations/run.ts'

const question = z.object({
  client: z.string().optional(),
  event: z.string().optional(),
  payload: z.string(),
  cwd: z.string(),
  project_dir: z.string().optional(),
  fail_closed: z.boolean().default(false),
  client_pid: z.int().optional(),
})

/** What a hook asks a server that runs. */
export type Asked = z.output<typeof question>

/** The answer to a hook's question; `link` names the server's own agent where the question is of its session. */
export async function answerHook(
  app: Instance,
  given: unknown,
  link: ((asked: Asked) => string | undefined) | undefined,
): Promise<AnswerOf<typeof hookRun.output>> {
  const asked = question.parse(given)
  const { client_pid: _pid, payload, ...call } = asked
  const linked_agent = link?.(asked)
  const caller = { agentId: 'hook', workspace: null }
  const input = { ...call, payload: parsed(payload), ...(linked_agent !== undefined && { linked_agent }) }
  return runOperation(app.pipeline, app.context(caller), hookRun, input)
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload)
  } catch {
    return null
  }
}
