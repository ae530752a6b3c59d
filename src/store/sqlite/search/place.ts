import { type Kysely, sql } from 'kysely'
import type { Schema } from '../../schema.ts'
import type { SearchRequest } from '../../search/index.ts'

/** More scopes or rows cost more than they save. */
const MOST_PLACES = 32
const MOST_ROWS = 3_000

/**
 * What all rows of the searched scopes match, if they are a small part of the database: a common word of a large database can
 * be looked for in them all the same. Null where the words alone are the better start.
 */
export async function placeOf(db: Kysely<Schema>, request: SearchRequest): Promise<string | null> {
  const scopeIds = await placesOf(db, request)
  if (scopeIds === null) return null
  const place = scopeIds.map((id) => `place:"x${id.replaceAll('-', '')}x"`).join(' OR ')
  const { rows } = await sql<{ rows: number; last: number | null }>`select
    (select count(*) from (select 1 from entry_words where entry_words match ${place} limit ${MOST_ROWS})) as rows,
    (select max(seq) from entry) as last`.execute(db)
  const [size] = rows
  const isSmall = size !== undefined && size.rows < MOST_ROWS && size.rows * 2 <= (size.last ?? 0)
  return isSmall ? place : null
}

async function placesOf(
  db: Kysely<Schema>,
  { scopeIds, sessionsOf }: Pick<SearchRequest, 'scopeIds' | 'sessionsOf'>,
): Promise<readonly string[] | null> {
  if (sessionsOf.length === 0) return scopeIds
  const sessions = await db
    .selectFrom('scope')
    .select('id')
    .where('parent_id', 'in', sessionsOf)
    .where('type', '=', 'session')
    .limit(MOST_PLACES)
    .execute()
  const all = [...new Set([...scopeIds, ...sessions.map(({ id }) => id)])]
  return all.length > MOST_PLACES ? null : all
}
