import type { Entry } from '../domain/entry.ts'
import type { Reader } from './access.ts'
import type { SearchRequest } from './search-index.ts'

const MOST_PAST_ENTRIES = 5_000

/** Entries as they read at an instant, of those that have changed since and still exist. The latest changed first, up to 5,000. */
export async function entriesChangedSince(
  db: Reader,
  { scopeIds, sessionsOf, types }: Pick<SearchRequest, 'scopeIds' | 'sessionsOf' | 'types'>,
  at: string,
): Promise<Entry[]> {
  const sessions = db
    .selectFrom('scope')
    .select('id')
    .where('type', '=', 'session')
    .where('parent_id', 'in', [...sessionsOf, ''])
  const rows = await db
    .selectFrom('revision')
    .select('snapshot')
    .where((eb) => eb.or([eb('scope_id', 'in', scopeIds), eb('scope_id', 'in', sessions)]))
    .where('type', 'in', types)
    .where('written_at', '<=', at)
    .where('superseded_at', '>', at)
    .orderBy('superseded_at', 'desc')
    .limit(MOST_PAST_ENTRIES)
    .execute()
  return rows.map((row) => JSON.parse(row.snapshot) as Entry)
}
