import { type Kysely, type RawBuilder, sql } from 'kysely'
import { DOCUMENT_MARK, isDocumentText, TERMS_FROM, vectorOf } from '../../domain/words/document.ts'
import { isOneOf } from '../one-of.ts'
import type { Schema } from '../schema.ts'
import { isFound, isInReach } from './filter.ts'
import type { FoundRow, SearchRequest, StoredVector } from './index.ts'

/** The columns of `FoundRow`. */
export const FOUND = sql.raw(
  'entry.id, entry.name, entry.type, entry.scope_id as "scopeId", entry.updated_at as "updatedAt", entry.search_text as terms',
)
/** What it takes to see whether a turn asks. */
const SAID = sql.raw(
  'case when length(entry.content) <= 2000 then entry.content else substr(entry.content, 1, 1000) || substr(entry.content, length(entry.content) - 1000) end as said',
)
/** True for a row whose terms this version wrote. */
export const isNewRow = (table: string) =>
  sql.raw(`substr(${table}.search_text, 1, ${DOCUMENT_MARK.length}) = '${DOCUMENT_MARK}'`)
/** The terms of such a row, as an index takes them. */
export const termsColumn = (table: string) => sql.raw(`substr(${table}.search_text, ${TERMS_FROM + 1})`)

/** The line that holds the vector. */
export const HEAD = sql.raw(`substr(entry.search_text, 1, ${TERMS_FROM}) as head`)

/** The vectors of all entries in reach. */
export async function vectorsInReach(db: Kysely<Schema>, request: SearchRequest): Promise<StoredVector[]> {
  const { rows } = await sql<{ id: string; head: string }>`select entry.id, ${HEAD}
    from entry where ${isFound(request)}`.execute(db)
  return rows.map(({ id, head }) => ({ id, vector: isDocumentText(head) ? vectorOf(head) : undefined }))
}

/** Whether the scopes that are searched hold more entries than this, whatever the filters leave of them. */
export async function isLarger(db: Kysely<Schema>, request: SearchRequest, most: number): Promise<boolean> {
  const { rows } =
    await sql`select 1 from entry where ${isInReach(request)} limit 1 offset ${sql.lit(most)}`.execute(db)
  return rows.length > 0
}

/** More sessions are looked for where entries are. */
const MOST_SESSIONS = 1_000

/**
 * The request with its sessions by their ids: a database that looks for entries of a few known scopes begins with those, and
 * PostgreSQL reads every entry that there is when it is asked for "these scopes, or sessions of those".
 */
export async function withSessions(db: Kysely<Schema>, request: SearchRequest): Promise<SearchRequest> {
  const { scopeIds, sessionsOf } = request
  if (sessionsOf.length === 0) return request
  const sessions = await db
    .selectFrom('scope')
    .select('id')
    .where('parent_id', 'in', sessionsOf)
    .where('type', '=', 'session')
    .limit(MOST_SESSIONS + 1)
    .execute()
  if (sessions.length > MOST_SESSIONS) return request
  return { ...request, within: [...new Set([...scopeIds, ...sessions.map(({ id }) => id)])] }
}

export async function rowsOf(db: Kysely<Schema>, ids: readonly string[]): Promise<FoundRow[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<FoundRow>`select ${FOUND} from entry where ${isOneOf('id', ids)}`.execute(db)
  return rows
}

/** How many entries there are or have been. */
export async function sizeOf(db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ n: number | null }>`select max(seq) as n from entry`.execute(db)
  return Number(rows[0]?.n ?? 0)
}

/** What these sessions hold, in order. */
export async function turnsOf(
  db: Kysely<Schema>,
  request: SearchRequest,
  { sessionIds, limit }: { sessionIds: readonly string[]; limit: number },
): Promise<FoundRow[]> {
  const { rows } = await sql<FoundRow>`select ${FOUND}, ${SAID} from entry
    where ${isOneOf('scope_id', sessionIds)} and ${isFound(request)} order by scope_id, id limit ${sql.lit(limit)}`.execute(
    db,
  )
  return rows
}

/** The first of these turns of sessions, up to so many, and those up to so many steps away, in order. */
export async function turnsNear(
  db: Kysely<Schema>,
  request: SearchRequest,
  { hits, most, steps }: { hits: readonly FoundRow[]; most: number; steps: number },
): Promise<FoundRow[]> {
  if (hits.length === 0) return []
  const ids = hits.slice(0, most).map(({ id }) => id)
  // The limit takes nothing away: without it PostgreSQL takes them for a ninth of each session, and reads all entries.
  const { rows } = await sql<FoundRow>`with near as materialized (select scope_id,
      coalesce(${stepFrom('<', steps)}, '') as low, coalesce(${stepFrom('>', steps)}, ${LAST_OF_SCOPE}) as high
      from entry as hit where ${isOneOf('id', ids)}),
    turn as materialized (select distinct entry.id from near cross join entry
      where entry.scope_id = near.scope_id and entry.id between near.low and near.high
      limit ${sql.lit(most * (2 * steps + 1))})
    select ${FOUND}, ${SAID} from turn cross join entry where entry.id = turn.id and ${isFound(request)}
    order by entry.scope_id, entry.id`.execute(db)
  return rows
}

/** The id that stands so many steps before or after `hit` in its scope; null where the scope ends sooner. */
function stepFrom(side: '<' | '>', steps: number): RawBuilder<string | null> {
  const order = sql.raw(side === '<' ? 'desc' : 'asc')
  return sql`(select id from entry as step where step.scope_id = hit.scope_id and step.id ${sql.raw(side)} hit.id
    order by step.id ${order} limit 1 offset ${sql.lit(steps - 1)})`
}

const LAST_OF_SCOPE = sql`(select max(id) from entry as step where step.scope_id = hit.scope_id)`

/** Which of these scopes are sessions. */
export async function sessionsAmong(db: Kysely<Schema>, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('scope')
    .select('id')
    .where('id', 'in', ids)
    .where('type', '=', 'session')
    .execute()
  return rows.map(({ id }) => id)
}
