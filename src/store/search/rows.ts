import { type Kysely, sql } from 'kysely'
import { DOCUMENT_MARK, TERMS_FROM } from '../../domain/words/document.ts'
import type { Schema } from '../schema.ts'
import { isFound } from './filter.ts'
import type { FoundRow, SearchRequest } from './index.ts'

/** The columns of `FoundRow`. */
export const FOUND = sql.raw(
  'entry.id, entry.name, entry.type, entry.scope_id as "scopeId", entry.updated_at as "updatedAt", entry.search_text as terms',
)
/** True for a row whose terms this version wrote. */
export const isNewRow = (table: string) =>
  sql.raw(`substr(${table}.search_text, 1, ${DOCUMENT_MARK.length}) = '${DOCUMENT_MARK}'`)
/** The terms of such a row, as an index takes them. */
export const termsColumn = (table: string) => sql.raw(`substr(${table}.search_text, ${TERMS_FROM + 1})`)

export interface HeadRow {
  readonly id: string
  /** The line that holds the vector. */
  readonly head: string
}

/** The vectors of all entries in reach. */
export async function vectorsInReach(db: Kysely<Schema>, request: SearchRequest): Promise<HeadRow[]> {
  const { rows } =
    await sql<HeadRow>`select entry.id, substr(entry.search_text, 1, ${sql.lit(TERMS_FROM)}) as head
    from entry where ${isFound(request)}`.execute(db)
  return rows
}

/** Whether the scopes that are searched hold more entries than this, whatever the filters leave of them. */
export async function isLarger(
  db: Kysely<Schema>,
  { scopeIds, sessionsOf }: SearchRequest,
  most: number,
): Promise<boolean> {
  const sessions =
    sessionsOf.length === 0
      ? sql``
      : sql`or scope_id in
    (select id from scope where type = 'session' and parent_id in (${sql.join(sessionsOf)}))`
  const { rows } = await sql<{ n: number }>`select count(*) as n from
    (select 1 from entry where scope_id in (${sql.join(scopeIds)}) ${sessions} limit ${sql.lit(most + 1)}) as counted`.execute(
    db,
  )
  return Number(rows[0]?.n ?? 0) > most
}

export async function rowsOf(db: Kysely<Schema>, ids: readonly string[]): Promise<FoundRow[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<FoundRow>`select ${FOUND} from entry where id in (${sql.join(ids)})`.execute(db)
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
  const { rows } = await sql<FoundRow>`select ${FOUND} from entry
    where scope_id in (${sql.join(sessionIds)}) and ${isFound(request)} order by scope_id, id limit ${sql.lit(limit)}`.execute(
    db,
  )
  return rows
}

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
