import type { Conflict } from '../entries/conflict.ts'
import type { Entry } from '../entries/entry.ts'
import { textField } from '../entries/types/entry-type.ts'
import type { Lease } from '../leases/lease.ts'
import type { Scope } from '../scope.ts'
import { visibleText } from '../text/visible-text.ts'

/** What goes on beside what is stored: a lock in the way, a conflict that is open, how the last session ended. */
export interface SituationLine {
  readonly kind: 'lock' | 'conflict' | 'session'
  /** The locked path, the id of the conflict, that of the turn. */
  readonly id: string
  readonly text: string
}

const MOST_CHARACTERS = 240

/** Without its times: the same lock reads the same. `file` is the path as the project says it. */
export function lockLine({ path, agentId, purpose }: Lease, file: string): SituationLine {
  const why = purpose ? ` for ${inQuotes(purpose)}` : ''
  return { kind: 'lock', id: path, text: `Locked: ${inQuotes(file)} by ${inQuotes(agentId)}${why}` }
}

export function conflictLine({ id, entry_type, fields }: Conflict, name: string): SituationLine {
  return {
    kind: 'conflict',
    id,
    text: `Open conflict [${id}]: ${entry_type} ${inQuotes(name)}, ${inQuotes(fields.join(', '))}`,
  }
}

export function turnLine(session: Scope, turn: Entry): SituationLine {
  const speaker = textField(turn, 'speaker')
  const who = speaker ? ` ${inQuotes(speaker)}:` : ''
  const text = `End of the session ${inQuotes(session.name)} [${turn.id}]:${who} ${inQuotes(turn.content)}`
  return { kind: 'session', id: turn.id, text }
}

/** Stored text on one line, in quotes that it cannot leave. */
export function inQuotes(text: string): string {
  const line = visibleText(text.replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim())
  const characters = [...line]
  const cut = characters.length > MOST_CHARACTERS
  return JSON.stringify(cut ? `${characters.slice(0, MOST_CHARACTERS).join('')} …` : line)
}
