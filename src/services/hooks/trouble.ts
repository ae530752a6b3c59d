import { AppError } from '../../domain/errors.ts'
import type { HookDecision, HookEvent } from '../../domain/hooks/event.ts'
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
  const isWrite = event.kind === 'tool-before' && toolWrites(event).paths.length > 0
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

/** What the hooks of the event's session know of each other. */
export function memoryOf(folder: string, { client, sessionId }: HookEvent): SessionMemory {
  return SessionMemory.of(folder, `${client.id} ${sessionId}`)
}
