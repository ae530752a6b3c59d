import type { HookAnswer } from '../../../domain/hooks/answer.ts'
import { readHookEvent } from '../../../domain/hooks/read.ts'
import { hookRun } from '../../../operations/hook/run.ts'
import { runOperation } from '../../../operations/run.ts'
import { readText } from '../arguments/stdin.ts'
import type { CommandIo } from '../io.ts'
import { misreadAnswer, troubleAnswer } from './trouble.ts'

interface HookInput {
  readonly event?: string | undefined
  readonly client?: string | undefined
  readonly fail_closed: boolean
}

/** What it needs of the world. */
type HookIo = Pick<CommandIo, 'stdin' | 'stdout' | 'stderr' | 'cwd' | 'overrides' | 'readConfig' | 'openApp'>

/** Runs a hook in this process. The exit code is the client's: nothing that goes wrong here may be one that blocks. */
export async function runHook({ event, client, fail_closed }: HookInput, io: HookIo): Promise<number> {
  const { code, stdout, stderr } = await answerOf({ event, client, fail_closed }, io)
  io.stdout.write(stdout)
  io.stderr.write(stderr)
  return code
}

async function answerOf({ event, client, fail_closed }: HookInput, io: HookIo): Promise<HookAnswer> {
  const overrides = { ...io.overrides, ...(fail_closed && { AGENT_MEMORY_HOOK_FAIL_CLOSED: 'true' }) }
  const payload = await payloadIn(io)
  const call = { client, event, payload, cwd: io.cwd }
  const read = payload === undefined ? 'its payload is no JSON' : readHookEvent(call)
  if (typeof read === 'string') return misreadAnswer(call, read, { io, overrides })
  try {
    const config = io.readConfig(overrides)
    const app = await io.openApp({ ...config, logLevel: 'silent' })
    try {
      const caller = { agentId: 'hook', workspace: null }
      return await runOperation(app.pipeline, app.context(caller), hookRun, call)
    } finally {
      await app.close()
    }
  } catch (error) {
    return troubleAnswer(read, { error, io, overrides })
  }
}

/** Undefined for one that is no JSON, or cannot be read. */
async function payloadIn({ stdin }: HookIo): Promise<unknown> {
  try {
    return JSON.parse(await readText(stdin))
  } catch {
    return undefined
  }
}
