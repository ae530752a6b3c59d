import { AppError } from '../../domain/errors.ts'
import type { HookDecision, HookEvent } from '../../domain/hooks/event.ts'
import { type HookCall, isRecord } from '../../domain/hooks/read.ts'
import { toolWrites } from '../../domain/hooks/writes.ts'
import { SessionMemory } from './session-memory.ts'

interface Trouble {
  readonly memory: SessionMemory
  readonly error: unknown
  readonly failClosed: boolean
}

/**
 * A memory that does not answer must neither stop the work nor repeat its warning with every edit; unless the
 * project allows no edits without it.
 */
export function onTrouble(event: HookEvent, { memory, error, failClosed }: Trouble): HookDecision {
  const name = error instanceof AppError ? error.errorName : 'INTERNAL_ERROR'
  const why = error instanceof AppError ? `${error.code} ${name}: ${error.message}` : name
  const { paths, into = [] } = toolWrites(event)
  const isWrite = event.kind === 'tool-before' && paths.length + into.length > 0
  // A name that is no path of a file can never be locked.
  if (failClosed && isWrite && name !== 'INVALID_FILE_PATH')
    return {
      block: `Not written: whether another agent edits the file cannot be told (${why}), and here no edit goes on then (fail_closed). Tell the user to run agent-memory doctor.`,
    }
  if (!memory.isFirst(name)) return {}
  return {
    notice: `agent-memory: this hook cannot do its work (${why}). Edits go on without locks. Said once in a session; agent-memory doctor names the cause.`,
  }
}

/** Whether a payload of this session was not understood for the first time, for that reason. */
export function isFirstMisread(folder: string, { client, payload, cwd }: HookCall, why: string): boolean {
  const given = isRecord(payload) ? payload : {}
  const session = [given['session_id'], given['sessionId'], given['taskId']].find(
    (id) => typeof id === 'string' && id !== '',
  )
  return SessionMemory.of(folder, `${client} ${session ?? cwd}`).isFirst(why)
}

/** What the hooks of the event's session know of each other. */
export function memoryOf(folder: string, { client, sessionId }: HookEvent): SessionMemory {
  return SessionMemory.of(folder, `${client.id} ${sessionId}`)
}
