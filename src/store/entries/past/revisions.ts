import { openTypes } from '../../../domain/access/rights.ts'
import type { Entry } from '../../../domain/entries/entry.ts'
import { GLOBAL_SCOPE_ID } from '../../../domain/scope.ts'
import type { Reader } from '../../access.ts'
import type { SearchRequest } from '../../search/index.ts'

type PastRequest = Pick<SearchRequest, 'scopeIds' | 'sessionsOf' | 'types' | 'withheld'>

const MOST_PAST_ENTRIES = 5_000

/** One earlier version, or undefined. */
export async function findRevision(db: Reader, id: string, version: number): Promise<Entry | undefined> {
  const row = await db
    .selectFrom('revision')
    .select('snapshot')
    .where('entry_id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  return row && (JSON.parse(row.snapshot) as Entry)
}

/** Earlier versions, newest first, below `beforeVersion`. */
export async function listRevisions(
  db: Reader,
  id: string,
  page: { beforeVersion: number | null; limit: number },
): Promise<Entry[]> {
  let query = db.selectFrom('revision').select('snapshot').where('entry_id', '=', id)
  if (page.beforeVersion !== null) query = query.where('version', '<', page.beforeVersion)
  const rows = await query.orderBy('version', 'desc').limit(page.limit).execute()
  return rows.map((row) => JSON.parse(row.snapshot) as Entry)
}

/** Entries as they read at an instant, of those that have changed since and still exist. The latest changed first, up to 5,000. */
export async function entriesChangedSince(
  db: Reader,
  { scopeIds, sessionsOf, types, withheld = {} }: PastRequest,
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
  const past = rows.map((row) => JSON.parse(row.snapshot) as Entry)
  if (Object.keys(withheld).length === 0) return past
  // Of the session's own scope the snapshot says nothing: where anything is withheld, only entries of the scopes themselves.
  return past.filter(({ scope_id, type }) => {
    const id = scope_id ?? GLOBAL_SCOPE_ID
    return scopeIds.includes(id) && openTypes(withheld, id, [type]).length > 0
  })
}
