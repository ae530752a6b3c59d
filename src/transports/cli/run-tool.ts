import type { Config } from '../../config.ts'
import type { Operation } from '../../operations/define.ts'
import { runOperation } from '../../operations/run.ts'
import type { Caller } from '../../services/running/caller.ts'
import { findWorkspace } from '../../services/workspace/workspace.ts'
import { callLogger, createLog } from '../log.ts'
import { shellAgentId } from './arguments/agent.ts'
import type { Given } from './command.ts'
import type { CommandIo } from './io.ts'
import { interruptible } from './transfer/interrupt.ts'
import { render } from './view/render.ts'
import { printable } from './view/terminal.ts'

/** Runs one action of a tool and shows its result. */
export function runTool(operation: Operation, input: Given, io: CommandIo): Promise<number> {
  return interruptible(io, async (signal) => {
    const config = io.config()
    const app = await io.openApp(config)
    try {
      const log = createLog(config.logLevel, (line) => io.stderr.write(line))
      const pipeline = { ...app.pipeline, record: callLogger(log) }
      // An agent that names itself gets its notices; a person has `agent-memory status`.
      const ctx = app.context(callerOf(config, io), { signal, isTold: config.agentId !== undefined })
      const answer = await runOperation(pipeline, ctx, operation, input)
      const { notices, ...result } = answer
      // JSON has them as every transport; a text is left as scripts know it.
      if (!io.isJson) for (const notice of textsIn(notices)) io.stderr.write(`Notice: ${printable(notice)}\n`)
      io.answer(answer, () => `${render(operation, result, io.terminal)}\n`)
      return operation.isBad?.(result) ? 1 : 0
    } finally {
      await app.close()
    }
  })
}

/** The caller of this shell. */
export function callerOf({ agentId, project, root }: Config, { cwd }: CommandIo): Caller {
  return { agentId: agentId ?? shellAgentId(), workspace: findWorkspace(root ?? cwd, project) }
}

function textsIn(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : []
}
