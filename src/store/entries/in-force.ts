import { type RawBuilder, sql } from 'kysely'
import type { Reader } from '../access.ts'

/** Entries by where they stand and what they are. */
export interface EntrySet {
  readonly scopeIds: readonly string[]
  /** Also those of the sessions directly below these scopes. */
  readonly sessionsOf?: readonly string[]
  readonly types: readonly string[]
}

/** `isInForce` of the domain as a condition on the table of that name. `status` in another form keeps an index out. */
export function inForce(
  table: string,
  at: string,
  status: RawBuilder<string> = sql.ref<string>(`${table}.status`),
): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${table}.${name}`)
  return sql<boolean>`(${status} = 'active'
    and (${column('valid_from')} is null or ${column('valid_from')} <= ${at})
    and (${column('valid_until')} is null or ${column('valid_until')} > ${at}))`
}

/** When a validity window of one of these entries next begins or ends after `at`; null when none will. */
export async function nextBoundary(db: Reader, set: EntrySet, at: string): Promise<string | null> {
  const times = [await firstAfter(db, 'valid_from', set, at), await firstAfter(db, 'valid_until', set, at)]
  return times.filter((time) => time !== null).sort()[0] ?? null
}

async function firstAfter(
  db: Reader,
  column: 'valid_from' | 'valid_until',
  { scopeIds, sessionsOf = [], types }: EntrySet,
  at: string,
): Promise<string | null> {
  const scopes = db
    .selectFrom('scope')
    .select('id')
    .where(({ eb, and, or }) =>
      or([
        eb('id', 'in', scopeIds),
        ...(sessionsOf.length > 0
          ? [and([eb('parent_id', 'in', sessionsOf), eb('type', '=', 'session')])]
          : []),
      ]),
    )
  const row = await db
    .selectFrom('entry')
    .select(sql<string | null>`min(${sql.ref(column)})`.as('at'))
    .where('scope_id', 'in', scopes)
    .where(column, '>', at)
    .where('type', 'in', types)
    .where('status', '=', 'active')
    .executeTakeFirst()
  return row?.at ?? null
}
