import type { Selectable } from 'kysely'
import { EVERYBODY, entryTypeName, type Grant } from '../../domain/access/grant.ts'
import { GLOBAL_SCOPE_ID, outsideScopeId, type ScopeType } from '../../domain/scope.ts'
import type { Reader, Writer } from '../access.ts'
import { prepared } from '../prepared.ts'
import type { PermissionRow } from '../schema.ts'

type Row = Selectable<PermissionRow> & { readonly scope_type: ScopeType }

const ALL_TYPES = ''

function toGrant({ scope_id, entry_type, ...row }: Row): Grant {
  return {
    ...row,
    scope_id: outsideScopeId(scope_id),
    entry_type: entry_type === ALL_TYPES ? null : entryTypeName.parse(entry_type),
  }
}

const SHOWN = [
  'permission.id',
  'permission.grantee',
  'permission.permission',
  'permission.scope_id',
  'permission.entry_type',
  'permission.created_at',
  'permission.created_by',
  'scope.type as scope_type',
] as const

const grantsOf = prepared(['grantee', 'everybody'], (db, values: { grantee: string; everybody: string }) =>
  db
    .selectFrom('permission')
    .innerJoin('scope', 'scope.id', 'permission.scope_id')
    .select(SHOWN)
    .where('permission.grantee', 'in', [values.grantee, values.everybody]),
)

/** What was granted to this agent, or to all. */
export async function findGrantsFor(db: Reader, grantee: string): Promise<Grant[]> {
  return (await grantsOf(db, { grantee, everybody: EVERYBODY })).map(toGrant)
}

/** One place that a permission may be granted for: there is one grant of it at most. */
export interface GrantPlace {
  readonly grantee: string
  readonly scopeId: string
  readonly entryType: string | null
}

export async function findGrantAt(
  db: Reader,
  { grantee, scopeId, entryType }: GrantPlace,
): Promise<Grant | undefined> {
  const row = await selected(db)
    .where('permission.grantee', '=', grantee)
    .where('permission.scope_id', '=', scopeId)
    .where('permission.entry_type', '=', entryType ?? ALL_TYPES)
    .executeTakeFirst()
  return row && toGrant(row)
}

export async function findGrant(db: Reader, id: string): Promise<Grant | undefined> {
  const row = await selected(db).where('permission.id', '=', id).executeTakeFirst()
  return row && toGrant(row)
}

/** Newest first. */
export async function listGrants(
  db: Reader,
  filter: {
    grantee?: string | undefined
    scopeIds?: readonly string[] | undefined
    beforeId: string | null
    limit: number
  },
): Promise<Grant[]> {
  let query = selected(db)
  if (filter.grantee !== undefined) query = query.where('permission.grantee', '=', filter.grantee)
  if (filter.scopeIds) query = query.where('permission.scope_id', 'in', [...filter.scopeIds, ''])
  if (filter.beforeId !== null) query = query.where('permission.id', '<', filter.beforeId)
  return (await query.orderBy('permission.id', 'desc').limit(filter.limit).execute()).map(toGrant)
}

/** In the place of the one that was there. */
export async function putGrant(db: Writer, { scope_type: _type, ...grant }: Grant): Promise<void> {
  const { scope_id, entry_type, ...rest } = grant
  await db
    .insertInto('permission')
    .values({ ...rest, scope_id: scope_id ?? GLOBAL_SCOPE_ID, entry_type: entry_type ?? ALL_TYPES })
    .execute()
}

export async function deleteGrant(db: Writer, id: string): Promise<void> {
  await db.deleteFrom('permission').where('id', '=', id).execute()
}

function selected(db: Reader) {
  return db.selectFrom('permission').innerJoin('scope', 'scope.id', 'permission.scope_id').select(SHOWN)
}
