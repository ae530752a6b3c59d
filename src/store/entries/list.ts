import { type ExpressionBuilder, type RawBuilder, sql } from 'kysely'
import { openTypes, type Withheld } from '../../domain/access/rights.ts'
import type { Entry } from '../../domain/entries/entry.ts'
import type { Reader } from '../access.ts'
import type { EntryRow, Schema } from '../schema.ts'
import { inForce } from './in-force.ts'
import { toEntry, withScopeType } from './rows.ts'
import { notSuperseded } from './superseded.ts'

export interface ListFilter {
  /** Nearest first: an entry in force hides those of its type and name in the scopes after its own. Null for every scope. */
  readonly scopeIds: readonly string[] | null
  /** Null for all. */
  readonly types: readonly string[] | null
  /** Types that are left out of a scope, by its id. */
  readonly withheld?: Withheld
  /** Only those in force, only inactive ones, or null for all. */
  readonly status: 'in force' | 'inactive' | null
  /** The moment at which validity is judged, ISO 8601. */
  readonly at: string
  readonly tagsInclude: readonly string[]
  readonly tagsExclude: readonly string[]
  readonly minPriority: number | null
  readonly updatedAfter: string | null
  /** Only those that are to be looked at again by now. */
  readonly isReviewDue?: boolean
  /** Keyset: entries with a smaller id than this one. */
  readonly beforeId: string | null
  readonly limit: number
  /** Only those that have this field of their type. */
  readonly withField?: string
}

/** Newest first. Scope by scope: each is read in the order of its index, and only as far as the page goes. */
export async function listEntries(db: Reader, filter: ListFilter): Promise<Entry[]> {
  if (filter.scopeIds === null) return listEverywhere(db, filter)
  const { scopeIds } = filter
  const found: Entry[] = []
  for (const place of scopeIds.keys()) found.push(...(await listInScope(db, { ...filter, scopeIds }, place)))
  return found.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, filter.limit)
}

async function listEverywhere(db: Reader, filter: ListFilter): Promise<Entry[]> {
  return (await narrowed(withScopeType(db), filter).execute()).map(toEntry)
}

async function listInScope(
  db: Reader,
  filter: ListFilter & { readonly scopeIds: readonly string[] },
  place: number,
): Promise<Entry[]> {
  const nearer = filter.scopeIds.slice(0, place)
  const scopeId = filter.scopeIds[place] ?? ''
  const types = filter.types && openTypes(filter.withheld ?? {}, scopeId, filter.types)
  let query = narrowed(withScopeType(db), { ...filter, types }).where('entry.scope_id', '=', scopeId)
  if (nearer.length > 0) query = query.where((eb) => eb.not(hidden(eb, nearer, filter.at)))
  return (await query.execute()).map(toEntry)
}

/** The first page of what the filter asks for, beside the scopes. */
function narrowed(entries: ReturnType<typeof withScopeType>, filter: ListFilter) {
  let query = entries.orderBy('entry.id', 'desc').limit(filter.limit)
  if (filter.types) query = query.where(beyondIndex('type'), 'in', filter.types)
  if (filter.status === 'in force') {
    const superseding = { scopeIds: filter.scopeIds ?? [], at: filter.at }
    query = query
      .where(inForce('entry', filter.at, beyondIndex('status')))
      .where(notSuperseded('entry', superseding))
  }
  if (filter.status === 'inactive') query = query.where(beyondIndex('status'), '=', 'inactive')
  if (filter.beforeId) query = query.where('entry.id', '<', filter.beforeId)
  if (filter.minPriority !== null) query = query.where(beyondIndex('priority'), '>=', filter.minPriority)
  if (filter.updatedAfter) query = query.where('entry.updated_at', '>', filter.updatedAfter)
  if (filter.isReviewDue) query = query.where('entry.review_by', '<=', filter.at)
  if (filter.withField) query = query.where('entry.fields', 'like', `%"${filter.withField}":%`)
  if (filter.tagsInclude.length > 0) query = query.where((eb) => tagged(eb, filter.tagsInclude))
  if (filter.tagsExclude.length > 0) query = query.where((eb) => eb.not(tagged(eb, filter.tagsExclude)))
  return query
}

/** A column in a form that no index has: else SQLite takes the index by value, reads the whole scope and sorts it. */
function beyondIndex<K extends 'type' | 'status' | 'priority'>(column: K): RawBuilder<EntryRow[K]> {
  // PostgreSQL sees through a cast to the type that a column has, and chooses by its statistics.
  return sql<
    EntryRow[K]
  >`cast(${sql.ref(`entry.${column}`)} as ${sql.raw(column === 'priority' ? 'integer' : 'text')})`
}

function tagged(eb: ExpressionBuilder<Schema, 'entry'>, tags: readonly string[]) {
  const rows = eb.selectFrom('entry_tag').select('tag').whereRef('entry_tag.entry_id', '=', 'entry.id')
  return eb.exists(rows.where('tag', 'in', tags))
}

/** True for an entry whose type and name an entry in force in one of the nearer scopes has too. */
function hidden(eb: ExpressionBuilder<Schema, 'entry'>, nearer: readonly string[], at: string) {
  return eb.exists(
    eb
      .selectFrom('entry as near')
      .select('near.id')
      .whereRef('near.type', '=', 'entry.type')
      .whereRef('near.name', '=', 'entry.name')
      .where(inForce('near', at, sql<string>`cast(near.status as text)`))
      .where(notSuperseded('near', { scopeIds: nearer, at }))
      .where('near.scope_id', 'in', nearer),
  )
}
