import type { Config } from '../../config.ts'
import type { Operation } from '../../operations/define.ts'
import { runOperation } from '../../operations/run.ts'
import type { Caller } from '../../services/running/caller.ts'
import { findWorkspace } from '../../services/running/workspace.ts'
import { callLogger, createLog } from '../log.ts'
import { shellAgentId } from './arguments/agent.ts'
import { parseFlags } from './arguments/flags.ts'
import { readText } from './arguments/stdin.ts'
import type { CommandIo } from './io.ts'
import { render } from './view/render.ts'
import { printableJson, terminalOf } from './view/terminal.ts'

/** The exit code of a program that was ended by Ctrl+C, by custom. */
const INTERRUPTED = 130

/** Runs one action of a tool and shows its result. */
export async function runTool(
  operation: Operation,
  { argv, isJson }: { argv: readonly string[]; isJson: boolean },
  io: CommandIo,
): Promise<number> {
  const { input, overrides } = await parseFlags(operation, argv, () => readText(io.stdin))
  const config = io.readConfig({ ...io.overrides, ...overrides })
  const ended = new AbortController()
  const stopListening = io.onInterrupt(() => ended.abort())
  const app = await io.openApp(config)
  try {
    const pipeline = {
      ...app.pipeline,
      record: callLogger(createLog(config.logLevel, (line) => io.stderr.write(line))),
    }
    const ctx = app.context(callerOf(config, io), { signal: ended.signal })
    const result = await runOperation(pipeline, ctx, operation, input)
    io.stdout.write(`${isJson ? printableJson(result) : render(operation, result, terminalOf(io))}\n`)
    return 0
  } catch (error) {
    if (ended.signal.aborted) return INTERRUPTED
    throw error
  } finally {
    stopListening()
    await app.close()
  }
}

function callerOf({ agentId, project }: Config, { cwd }: CommandIo): Caller {
  return { agentId: agentId ?? shellAgentId(), workspace: findWorkspace(cwd, project) }
}
