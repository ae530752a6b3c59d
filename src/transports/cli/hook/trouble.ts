import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answerFor, type HookAnswer, LET_GO_ON } from '../../../domain/hooks/answer.ts'
import type { HookEvent } from '../../../domain/hooks/event.ts'
import type { HookCall } from '../../../domain/hooks/read.ts'
import { notUnderstood } from '../../../operations/hook/run.ts'
import { isFirstMisread, memoryOf, onTrouble } from '../../../services/hooks/trouble.ts'
import type { CommandIo } from '../io.ts'

interface Trouble {
  readonly error: unknown
  readonly io: Pick<CommandIo, 'readConfig'>
  readonly overrides: Readonly<Record<string, string>>
}

/** What the client hears where the memory cannot even be opened. */
export function troubleAnswer(event: HookEvent, { error, io, overrides }: Trouble): HookAnswer {
  const settings = settingsOf(io, overrides)
  return answerFor(event, onTrouble(event, { ...settings, error, memory: memoryOf(settings.folder, event) }))
}

/** A payload that is not understood is named once in a session. */
export function misreadAnswer(
  call: HookCall,
  why: string,
  { io, overrides }: Omit<Trouble, 'error'>,
): HookAnswer {
  const { folder } = settingsOf(io, overrides)
  return { ...LET_GO_ON, stderr: isFirstMisread(folder, call, why) ? notUnderstood(why) : '' }
}

/** A setting may be what is wrong: then the flag on the command line is what is known of them. */
function settingsOf(
  io: Pick<CommandIo, 'readConfig'>,
  overrides: Readonly<Record<string, string>>,
): { readonly folder: string; readonly failClosed: boolean } {
  try {
    const { dataDir, hooks } = io.readConfig(overrides)
    return { folder: join(dataDir, 'hooks'), failClosed: hooks.failClosed }
  } catch {
    const failClosed = overrides['AGENT_MEMORY_HOOK_FAIL_CLOSED'] === 'true'
    return { folder: join(tmpdir(), 'agent-memory-hooks'), failClosed }
  }
}
