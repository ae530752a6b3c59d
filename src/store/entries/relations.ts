import type { Selectable } from 'kysely'
import type { Relation } from '../../domain/entries/relation.ts'
import type { Reader, Writer } from '../access.ts'
import type { RelationRow } from '../schema.ts'

export function toRelation({ type, metadata, ...row }: Selectable<RelationRow>): Relation {
  return { ...row, relation_type: type, metadata: JSON.parse(metadata) as Record<string, unknown> }
}

export async function insertRelation(
  db: Writer,
  { relation_type, metadata, ...row }: Relation,
): Promise<void> {
  await db
    .insertInto('relation')
    .values({ ...row, type: relation_type, metadata: JSON.stringify(metadata) })
    .execute()
}

export async function findRelation(db: Reader, id: string): Promise<Relation | undefined> {
  const row = await db.selectFrom('relation').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toRelation(row)
}

/** The first whose id begins with these hexadecimal digits and hyphens, as `entriesFromId`. */
export function relationsFromId(
  db: Reader,
  start: string,
  limit: number,
): Promise<{ id: string; relation_type: string }[]> {
  const fits = db.selectFrom('relation').where('id', '>=', start).where('id', '<', `${start}g`)
  return fits.select(['id', 'type as relation_type']).orderBy('id').limit(limit).execute()
}

/** The relation of that type between these two, in this direction. */
export async function findRelationBetween(
  db: Reader,
  ends: { from_id: string; to_id: string; relation_type: string },
): Promise<Relation | undefined> {
  const row = await db
    .selectFrom('relation')
    .selectAll()
    .where('from_id', '=', ends.from_id)
    .where('to_id', '=', ends.to_id)
    .where('type', '=', ends.relation_type)
    .executeTakeFirst()
  return row && toRelation(row)
}

export async function deleteRelation(db: Writer, id: string): Promise<void> {
  await db.deleteFrom('relation').where('id', '=', id).execute()
}

/** Newest first. */
export async function listRelations(
  db: Reader,
  filter: {
    entryId: string
    direction: 'from' | 'to' | 'both'
    relationType: string | null
    beforeId: string | null
    limit: number
  },
): Promise<Relation[]> {
  const { entryId, direction } = filter
  let query = db
    .selectFrom('relation')
    .selectAll()
    .where((eb) => {
      const from = eb('from_id', '=', entryId)
      const to = eb('to_id', '=', entryId)
      return direction === 'both' ? eb.or([from, to]) : direction === 'from' ? from : to
    })
  if (filter.relationType) query = query.where('type', '=', filter.relationType)
  if (filter.beforeId) query = query.where('id', '<', filter.beforeId)
  return (await query.orderBy('id', 'desc').limit(filter.limit).execute()).map(toRelation)
}
