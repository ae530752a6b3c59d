import { type Kysely, sql } from 'kysely'
import type { Schema } from '../../schema.ts'
import type { Reach, SearchRequest, Size } from '../../search/index.ts'
import type { KeptRows } from './kept-rows.ts'

/** More scopes cost more than they save. */
const MOST_PLACES = 200
const MOST_PLACES_OF_MANY = 32
/** So many rows, spread over the database, tell which part of it the searched scopes are. */
const SAMPLED_ROWS = 100
const WHOLE: Reach = { isSmall: false, share: 1, place: null }

/**
 * Where the searched scopes are a small part of the database, each search for words begins from what their rows match: then a
 * common word of a large database can be looked for in them all the same. Otherwise the words alone are the better start.
 */
export async function reachOf(
  db: Kysely<Schema>,
  request: SearchRequest,
  { size: { isLarge, total, within }, kept }: { size: Size; kept: KeptRows },
): Promise<Reach> {
  if (isLarge) {
    const share = await shareOf(db, kept, { request, total, within })
    const place = share * 2 > 1 ? null : await placeOf(db, request, MOST_PLACES_OF_MANY)
    return place === null ? WHOLE : { isSmall: false, share: Math.max(share, 1 / SAMPLED_ROWS), place }
  }
  const place = await placeOf(db, request, MOST_PLACES)
  if (place === null) return WHOLE
  const { rows } = await sql<{ n: number }>`select count(*) as n from entry_words
    where entry_words match ${place}`.execute(db)
  return (rows[0]?.n ?? 0) * 2 <= total ? { isSmall: true, share: 1, place } : WHOLE
}

async function shareOf(
  db: Kysely<Schema>,
  kept: KeptRows,
  {
    request,
    total,
    within,
  }: { request: SearchRequest; total: number; within: readonly string[] | undefined },
): Promise<number> {
  const sampled = await kept.known(db, 'sampled', () => sampledScopes(db, total))
  const ids = new Set(
    within ?? [...request.scopeIds, ...(await sessionsAmong(db, sampled, request.sessionsOf))],
  )
  return sampled.filter((id) => ids.has(id)).length / SAMPLED_ROWS
}

async function sampledScopes(db: Kysely<Schema>, total: number): Promise<string[]> {
  const seqs = Array.from({ length: SAMPLED_ROWS }, (_, at) => Math.floor((at * total) / SAMPLED_ROWS))
  const { rows } = await sql<{ id: string | null }>`select
      (select scope_id from entry where seq >= each.value order by seq limit 1) as id
    from json_each(${JSON.stringify(seqs)}) as each`.execute(db)
  return rows.flatMap(({ id }) => id ?? [])
}

/** Which of these scopes are sessions below those. */
async function sessionsAmong(
  db: Kysely<Schema>,
  ids: readonly string[],
  below: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from scope
    where type = 'session' and parent_id in (${sql.join([...below, ''])}) and id in (${sql.join([...ids, ''])})`.execute(
    db,
  )
  return rows.map(({ id }) => id)
}

/** What rows of these scopes match, the sessions below them included; null where these are too many. */
async function placeOf(
  db: Kysely<Schema>,
  { scopeIds, sessionsOf }: Pick<SearchRequest, 'scopeIds' | 'sessionsOf'>,
  most: number,
): Promise<string | null> {
  const { rows: sessions } = await sql<{ id: string }>`select id from scope
    where type = 'session' and parent_id in (${sql.join([...sessionsOf, ''])})
      and exists (select 1 from entry where entry.scope_id = scope.id) limit ${most}`.execute(db)
  const all = [...new Set([...scopeIds, ...sessions.map(({ id }) => id)])]
  return all.length > most ? null : all.map((id) => `place:"x${id.replaceAll('-', '')}x"`).join(' OR ')
}
