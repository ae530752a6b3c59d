import type { Entry } from '../../domain/entries/entry.ts'
import type { Reader } from '../access.ts'
import { findEntries } from '../entries/entries.ts'

/** Up to so many turns of a session before this one and after it, in the order in which they were logged; without itself. */
export async function turnsAround(
  db: Reader,
  { id, scopeId, until }: { id: string; scopeId: string; until: string | null },
  steps: number,
): Promise<Entry[]> {
  const turns = () => {
    const query = db
      .selectFrom('entry')
      .select('id')
      .where('scope_id', '=', scopeId)
      .where('type', '=', 'observation')
      .where('status', '=', 'active')
      .limit(steps)
    return until === null ? query : query.where('created_at', '<=', until)
  }
  const before = await turns().where('id', '<', id).orderBy('id', 'desc').execute()
  const after = await turns().where('id', '>', id).orderBy('id').execute()
  return findEntries(
    db,
    [...before.reverse(), ...after].map((turn) => turn.id),
  )
}
