import { type RawBuilder, sql } from 'kysely'
import { SUPERSEDES } from '../../domain/entries/relation.ts'
import type { Reader } from '../access.ts'
import { isOneOf } from '../one-of.ts'

/** Which entries may take an entry's place for a reader, and at what time. */
export interface Superseding {
  /** The scopes that the reader reaches; an entry of the same scope always may. Null for whatever scope. */
  readonly scopeIds: readonly string[] | null
  /** ISO 8601. */
  readonly at: string
}

/** Links by which an active entry takes the place of one of `table`, an alias of `entry`. Starts from the few links that there are. */
function superseders(table: string, { scopeIds, at }: Superseding): RawBuilder<unknown> {
  const isNear =
    scopeIds === null
      ? sql`1 = 1`
      : scopeIds.length === 0
        ? sql`newer.scope_id = ${sql.ref(`${table}.scope_id`)}`
        : sql`(newer.scope_id = ${sql.ref(`${table}.scope_id`)} or ${isOneOf('newer.scope_id', scopeIds)})`
  return sql`from relation as link cross join entry as newer
    where newer.id = link.from_id and link.to_id = ${sql.ref(`${table}.id`)} and link.type = ${SUPERSEDES}
    and link.created_at <= ${at} and newer.status = 'active'
    and (newer.valid_from is null or newer.valid_from <= ${at}) and ${isNear}`
}

/** True for a row that is read itself, because no other entry takes its place. */
export function notSuperseded(table: string, superseding: Superseding): RawBuilder<boolean> {
  return sql<boolean>`not exists (select 1 ${superseders(table, superseding)})`
}

/** Which of these entries is superseded, and by which one, the latest link first. */
export async function supersededAmong(
  db: Reader,
  ids: readonly string[],
  superseding: Superseding,
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; by: string | null }>`select entry.id as id,
    (select link.from_id ${superseders('entry', superseding)} order by link.id desc limit 1) as by
    from entry where ${isOneOf('entry.id', ids)}`.execute(db)
  return new Map(rows.flatMap(({ id, by }) => (by === null ? [] : [[id, by] as const])))
}

/** Whether `id` takes the place of `of`, itself or through others. */
export async function supersedes(db: Reader, id: string, of: string): Promise<boolean> {
  const { rows } = await sql<{ to_id: string }>`with recursive older(to_id) as (
      select to_id from relation where from_id = ${id} and type = ${SUPERSEDES}
      union select link.to_id from relation as link join older on link.from_id = older.to_id where link.type = ${SUPERSEDES})
    select to_id from older where to_id = ${of} limit 1`.execute(db)
  return rows.length > 0
}
