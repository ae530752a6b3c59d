import type { Selectable } from 'kysely'
import type { Conflict, Resolution } from '../../domain/entries/conflict.ts'
import { outsideScopeId } from '../../domain/scope.ts'
import type { Reader, Writer } from '../access.ts'
import type { ConflictRow } from '../schema.ts'

export function toConflict(row: Selectable<ConflictRow>): Conflict {
  return {
    ...row,
    scope_id: outsideScopeId(row.scope_id),
    fields: JSON.parse(row.fields) as string[],
    current_values: JSON.parse(row.current_values) as Record<string, unknown>,
    incoming_values: JSON.parse(row.incoming_values) as Record<string, unknown>,
  }
}

export async function insertConflict(db: Writer, conflict: Conflict, scopeId: string): Promise<void> {
  await db
    .insertInto('conflict')
    .values({
      ...conflict,
      scope_id: scopeId,
      fields: JSON.stringify(conflict.fields),
      current_values: JSON.stringify(conflict.current_values),
      incoming_values: JSON.stringify(conflict.incoming_values),
    })
    .execute()
}

export async function findConflict(db: Reader, id: string): Promise<Conflict | undefined> {
  const row = await db.selectFrom('conflict').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toConflict(row)
}

/** The first whose id begins with these hexadecimal digits and hyphens, as `entriesFromId`. */
export function conflictsFromId(
  db: Reader,
  start: string,
  limit: number,
): Promise<{ id: string; entry_id: string }[]> {
  const fits = db.selectFrom('conflict').where('id', '>=', start).where('id', '<', `${start}g`)
  return fits.select(['id', 'entry_id']).orderBy('id').limit(limit).execute()
}

/** Newest first. */
export async function listConflicts(
  db: Reader,
  filter: {
    status: Conflict['status'] | null
    entryId: string | null
    scopeIds: readonly string[] | null
    /** Also those in the sessions directly below these scopes. */
    sessionsOf: readonly string[]
    beforeId: string | null
    limit: number
  },
): Promise<Conflict[]> {
  let query = db.selectFrom('conflict').selectAll()
  if (filter.status) query = query.where('status', '=', filter.status)
  if (filter.entryId) query = query.where('entry_id', '=', filter.entryId)
  const { scopeIds, sessionsOf } = filter
  if (scopeIds) {
    const sessions = db
      .selectFrom('scope')
      .select('id')
      .where('type', '=', 'session')
      .where('parent_id', 'in', [...sessionsOf, ''])
    query = query.where((eb) => eb.or([eb('scope_id', 'in', scopeIds), eb('scope_id', 'in', sessions)]))
  }
  if (filter.beforeId) query = query.where('id', '<', filter.beforeId)
  return (await query.orderBy('id', 'desc').limit(filter.limit).execute()).map(toConflict)
}

export async function markResolved(
  db: Writer,
  id: string,
  by: { resolution: Resolution; at: string; agentId: string },
): Promise<void> {
  await db
    .updateTable('conflict')
    .set({ status: 'resolved', resolution: by.resolution, resolved_at: by.at, resolved_by: by.agentId })
    .where('id', '=', id)
    .execute()
}

/** The number of open conflicts in each of these scopes. */
export async function countOpenConflicts(
  db: Reader,
  scopeIds: readonly string[],
): Promise<Map<string, number>> {
  if (scopeIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('conflict')
    .select((eb) => ['scope_id', eb.fn.countAll<number>().as('n')])
    .where('status', '=', 'open')
    .where('scope_id', 'in', scopeIds)
    .groupBy('scope_id')
    .execute()
  return new Map(rows.map(({ scope_id, n }) => [scope_id, Number(n)]))
}
