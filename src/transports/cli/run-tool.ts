import type { Config } from '../../config.ts'
import type { Operation } from '../../operations/define.ts'
import { runOperation } from '../../operations/run.ts'
import type { Caller } from '../../services/running/caller.ts'
import { findWorkspace } from '../../services/running/workspace.ts'
import { callLogger, createLog } from '../log.ts'
import { shellAgentId } from './arguments/agent.ts'
import type { Given } from './command.ts'
import type { CommandIo } from './io.ts'
import { interruptible } from './transfer/interrupt.ts'
import { render } from './view/render.ts'

/** Runs one action of a tool and shows its result. */
export function runTool(operation: Operation, input: Given, io: CommandIo): Promise<number> {
  return interruptible(io, async (signal) => {
    const config = io.config()
    const app = await io.openApp(config)
    try {
      const log = createLog(config.logLevel, (line) => io.stderr.write(line))
      const pipeline = { ...app.pipeline, record: callLogger(log) }
      const ctx = app.context(callerOf(config, io), { signal })
      const result = await runOperation(pipeline, ctx, operation, input)
      io.answer(result, () => `${render(operation, result, io.terminal)}\n`)
      return 0
    } finally {
      await app.close()
    }
  })
}

function callerOf({ agentId, project, root }: Config, { cwd }: CommandIo): Caller {
  return { agentId: agentId ?? shellAgentId(), workspace: findWorkspace(root ?? cwd, project) }
}
