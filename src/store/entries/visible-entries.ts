import { sql } from 'kysely'
import { openTypes, type Withheld } from '../../domain/access/rights.ts'
import { isInForce, type NamedEntry } from '../../domain/entries/in-force.ts'
import { SUPERSEDES } from '../../domain/entries/relation.ts'
import type { Reader } from '../access.ts'
import { inForce } from './in-force.ts'
import { notSuperseded, supersededAmong } from './superseded.ts'

/** Scopes that a read reaches, nearest first, and the instant at which validity windows are judged. */
export interface Reach {
  readonly scopeIds: readonly string[]
  readonly types: readonly string[]
  /** Types that may not be read in a scope, by its id. */
  readonly withheld?: Withheld
  readonly at: string
}

/** What is known of an entry without reading its text. */
export interface EntryOutline {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly scopeId: string
  readonly priority: number
  readonly updatedAt: string
  readonly contentBytes: number
  readonly isDecision: boolean
}

const outlineColumns = [
  'id',
  'type',
  'name',
  'scope_id as scopeId',
  'priority',
  'updated_at as updatedAt',
  sql<number>`octet_length(content)`.as('contentBytes'),
  // Inside a stored text the quotes have a stroke before them.
  sql<number>`case when fields like '%"category":"decision"%' then 1 else 0 end`.as('decides'),
] as const

function outlineOf({
  decides,
  ...outline
}: Omit<EntryOutline, 'isDecision'> & { decides: number }): EntryOutline {
  return { ...outline, isDecision: Number(decides) === 1 }
}

/** The first so many of each scope and type, highest priority and then newest first. */
export async function topEntries(
  db: Reader,
  { scopeIds, types, withheld = {}, at }: Reach,
  limit: number,
): Promise<EntryOutline[]> {
  const found: EntryOutline[] = []
  for (const scopeId of scopeIds) {
    for (const type of openTypes(withheld, scopeId, types)) {
      const rows = await db
        .selectFrom('entry')
        .select(outlineColumns)
        .where('scope_id', '=', scopeId)
        .where('type', '=', type)
        .where(inForce('entry', at))
        .where(notSuperseded('entry', { scopeIds, at }))
        .orderBy('priority', 'desc')
        .orderBy('updated_at', 'desc')
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute()
      found.push(...rows.map(outlineOf))
    }
  }
  return found
}

/** The last made of each scope, newest first. */
export async function newestEntries(
  db: Reader,
  { scopeIds, types, withheld = {}, at }: Reach,
  limit: number,
): Promise<EntryOutline[]> {
  const found: EntryOutline[] = []
  for (const scopeId of scopeIds) {
    const rows = await db
      .selectFrom('entry')
      .select(outlineColumns)
      .where('scope_id', '=', scopeId)
      // In a form that no index has: else SQLite reads the whole scope and sorts it.
      .where(sql<string>`cast(type as text)`, 'in', openTypes(withheld, scopeId, types))
      .where(inForce('entry', at, sql<string>`cast(status as text)`))
      .where(notSuperseded('entry', { scopeIds, at }))
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
    found.push(...rows.map(outlineOf))
  }
  return found.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit)
}

export async function outlinesOf(db: Reader, ids: readonly string[]): Promise<EntryOutline[]> {
  if (ids.length === 0) return []
  const rows = await db.selectFrom('entry').select(outlineColumns).where('id', 'in', ids).execute()
  return rows.map(outlineOf)
}

/** An entry of a certain name, and since when it reads as it does. */
export interface Namesake extends NamedEntry {
  readonly updatedAt: string
}

/** All entries in force in reach that bear the type and name of one of these; themselves included. */
export async function findNamesakes(
  db: Reader,
  { scopeIds, types, withheld = {}, at }: Reach,
  entries: readonly Pick<EntryOutline, 'type' | 'name'>[],
): Promise<Namesake[]> {
  const wanted = new Set(entries.map(({ type }) => type))
  const alike = types.filter((type) => wanted.has(type))
  if (alike.length === 0) return []
  // Judged here, not in SQL: a condition on status lets SQLite prefer the index by value, and read the whole scope.
  const rows = await db
    .selectFrom('entry')
    .select(['id', 'scope_id as scopeId', 'type', 'name', 'updated_at as updatedAt'])
    .select(['status', 'valid_from', 'valid_until'])
    .where('scope_id', 'in', scopeIds)
    .where('type', 'in', alike)
    .where('name', 'in', [...new Set(entries.map((entry) => entry.name))])
    .execute()
  const isSeen = (row: Namesake) => openTypes(withheld, row.scopeId, [row.type]).length > 0
  const valid = rows.filter((row) => isInForce(row, at) && isSeen(row))
  const superseded = await supersededAmong(
    db,
    valid.map(({ id }) => id),
    { scopeIds, at },
  )
  return valid.filter(({ id }) => !superseded.has(id))
}

/** How many entries of each type a read can see: in force, in no other's shadow, and each name once. */
export async function countVisible(db: Reader, reach: Reach): Promise<Map<string, number>> {
  const { scopeIds, types, withheld = {}, at } = reach
  const all = await db
    .selectFrom('entry')
    .select((eb) => ['scope_id', 'type', eb.fn.countAll<number>().as('n')])
    .where('scope_id', 'in', scopeIds)
    .where('type', 'in', types)
    .where(inForce('entry', at))
    .groupBy(['scope_id', 'type'])
    .execute()
  const rows = all.filter(({ scope_id, type }) => openTypes(withheld, scope_id, [type]).length > 0)
  const counts = new Map<string, number>()
  for (const type of types) {
    const perScope = rows.filter((row) => row.type === type).sort((a, b) => Number(b.n) - Number(a.n))
    const [largest, ...others] = perScope.map((row) => row.scope_id)
    if (largest === undefined) continue
    const beside = { scopeIds: others, type, at, reached: scopeIds }
    const more = others.length > 0 ? await countNamesBeside(db, beside, largest) : 0
    const less = await countSuperseded(db, reach, { scopeId: largest, type })
    counts.set(type, Number(perScope[0]?.n) + more - less)
  }
  return counts
}

/** Names in `scopeIds` that are not in force in `largest` too: work in proportion to the smaller scopes. */
async function countNamesBeside(
  db: Reader,
  {
    scopeIds,
    type,
    at,
    reached,
  }: { scopeIds: readonly string[]; type: string; at: string; reached: readonly string[] },
  largest: string,
): Promise<number> {
  const row = await db
    .selectFrom('entry')
    .select((eb) => eb.fn.count<number>('name').distinct().as('n'))
    .where('scope_id', 'in', scopeIds)
    .where('type', '=', type)
    .where(inForce('entry', at))
    .where(notSuperseded('entry', { scopeIds: reached, at }))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('entry as other')
            .select('other.seq')
            .where('other.scope_id', '=', largest)
            .where('other.type', '=', type)
            .whereRef('other.name', '=', 'entry.name')
            .where(inForce('other', at))
            .where(notSuperseded('other', { scopeIds: reached, at })),
        ),
      ),
    )
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

/** Of one scope and type: counted from the links, which are few. */
async function countSuperseded(
  db: Reader,
  { scopeIds, at }: Reach,
  { scopeId, type }: { scopeId: string; type: string },
): Promise<number> {
  const row = await db
    .selectFrom('entry')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('entry.id', 'in', (eb) =>
      eb.selectFrom('relation').select('to_id').where('relation.type', '=', SUPERSEDES),
    )
    .where(sql<string>`cast(entry.scope_id as text)`, '=', scopeId)
    .where(sql<string>`cast(entry.type as text)`, '=', type)
    .where(inForce('entry', at, sql<string>`cast(status as text)`))
    .where(({ not }) => not(notSuperseded('entry', { scopeIds, at })))
    .executeTakeFirstOrThrow()
  return Number(row.n)
}
