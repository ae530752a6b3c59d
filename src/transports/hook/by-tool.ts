import { hookRun } from '../../operations/hook/run.ts'
import type { Instance } from '../../operations/instance.ts'
import { runOperation } from '../../operations/run.ts'

interface ToolCaller {
  /** That this connection's calls are made as. */
  readonly agentId: string
  /** The folder that the client was started in, where the client passes it to its server. */
  readonly projectDir: string | undefined
}

/** Answers a hook for which its client calls a tool of this server: the JSON of a hook's answer, whatever it was given. */
export async function answerHookTool(
  app: Instance,
  given: Readonly<Record<string, unknown>>,
  { agentId, projectDir }: ToolCaller,
): Promise<string> {
  const { fail_closed, ...payload } = given
  const input = {
    client: 'claude-code',
    payload: payloadOf(payload),
    cwd: typeof payload['cwd'] === 'string' ? payload['cwd'] : '/',
    project_dir: projectDir,
    linked_agent: agentId,
    as_json: true,
    ...(fail_closed === true && { fail_closed }),
  }
  const caller = { agentId: 'hook', workspace: null }
  const { stdout, stderr } = await runOperation(app.pipeline, app.context(caller), hookRun, input)
  return stdout || JSON.stringify(stderr ? { systemMessage: stderr.trim() } : {})
}

/** Every value comes as text; a tool's input as that of its JSON. */
function payloadOf(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { tool_input, ...texts } = given
  const set = Object.entries(texts).filter(([, value]) => value !== '')
  return { ...Object.fromEntries(set), tool_input: parsed(tool_input) }
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}
