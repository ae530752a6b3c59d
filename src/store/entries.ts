import { type ExpressionBuilder, type Insertable, type RawBuilder, type Selectable, sql } from 'kysely'
import type { Entry } from '../domain/entry.ts'
import { entryType } from '../domain/entry-types/index.ts'
import { outsideScopeId, type ScopeType } from '../domain/scope.ts'
import { searchText } from '../domain/search-text.ts'
import { wordsToFindBy } from '../domain/similarity.ts'
import { sketchKeys } from '../domain/sketch.ts'
import type { Reader, Writer } from './access.ts'
import { sketchPlace } from './alike.ts'
import { prepared, preparedInsert } from './prepared.ts'
import type { EntryRow, EntryTagRow, Schema } from './schema.ts'

/** Rows know only the scope's id; its type comes from the join or from the caller. */
type StoredEntry = Selectable<EntryRow> & { scope_type: ScopeType }

const SHARED = new Set([
  'id',
  'type',
  'name',
  'content',
  'scope_type',
  'scope_id',
  'tags',
  'priority',
  'version',
  'status',
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
  'metadata',
])

export function toEntry(row: StoredEntry): Entry {
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    content: row.content,
    ...(JSON.parse(row.fields) as Record<string, unknown>),
    scope_type: row.scope_type,
    scope_id: outsideScopeId(row.scope_id),
    tags: JSON.parse(row.tags) as string[],
    priority: row.priority,
    version: row.version,
    status: row.status,
    created_at: row.created_at,
    created_by: row.created_by,
    updated_at: row.updated_at,
    updated_by: row.updated_by,
    metadata: JSON.parse(row.metadata) as Record<string, unknown>,
  }
}

export function toRow(entry: Entry, scopeId: string): Omit<EntryRow, 'seq'> {
  const [sketch_a, sketch_b] = sketchKeys(wordsToFindBy(entry), sketchPlace(scopeId, entry.type))
  const fields = Object.fromEntries(Object.entries(entry).filter(([key]) => !SHARED.has(key)))
  return {
    id: entry.id,
    type: entry.type,
    scope_id: scopeId,
    name: entry.name,
    content: entry.content,
    tags: JSON.stringify(entry.tags),
    priority: entry.priority,
    version: entry.version,
    status: entry.status,
    fields: JSON.stringify(fields),
    metadata: JSON.stringify(entry.metadata),
    search_text: searchText(entry, entryType(entry.type)),
    sketch_a,
    sketch_b,
    valid_from: instant(entry['valid_from']),
    valid_until: instant(entry['valid_until']),
    created_at: entry.created_at,
    created_by: entry.created_by,
    updated_at: entry.updated_at,
    updated_by: entry.updated_by,
  }
}

function instant(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

export const withScopeType = (db: Reader) =>
  db
    .selectFrom('entry')
    .innerJoin('scope', 'scope.id', 'entry.scope_id')
    .selectAll('entry')
    .select('scope.type as scope_type')

const entryWithId = prepared(['id'], (db, { id }: { id: string }) =>
  withScopeType(db).where('entry.id', '=', id),
)

export async function findEntry(db: Reader, id: string): Promise<Entry | undefined> {
  const [row] = await entryWithId(db, { id })
  return row && toEntry(row)
}

/** The entries with these ids, in the order asked; missing ones are left out. */
export async function findEntries(db: Reader, ids: readonly string[]): Promise<Entry[]> {
  if (ids.length === 0) return []
  const rows = await withScopeType(db).where('entry.id', 'in', ids).execute()
  const byId = new Map(rows.map((row) => [row.id, toEntry(row)]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** A scope and those it inherits from: session, project, org, global. */
const CHAIN_PLACES = ['scope0', 'scope1', 'scope2', 'scope3'] as const

const entriesOfName = prepared([...CHAIN_PLACES, 'type', 'name'], (db, values: Record<string, string>) =>
  withScopeType(db)
    .where(
      'entry.scope_id',
      'in',
      CHAIN_PLACES.map((place) => values[place] ?? ''),
    )
    .where('entry.type', '=', values['type'] ?? '')
    .where('entry.name', '=', values['name'] ?? ''),
)

/** All entries of that type and name in the scopes of a chain, in no order. */
export async function findByName(
  db: Reader,
  { scopeIds, type, name }: { scopeIds: readonly string[]; type: string; name: string },
): Promise<Entry[]> {
  const places = Object.fromEntries(CHAIN_PLACES.map((place, at) => [place, scopeIds[at] ?? '']))
  const rows = await entriesOfName(db, { ...places, type, name })
  return rows.map(toEntry)
}

/** The active entries in these scopes that share type and name with one of `entries`, themselves included. */
export async function findByNames(
  db: Reader,
  scopeIds: readonly string[],
  entries: readonly Entry[],
): Promise<Entry[]> {
  if (entries.length === 0) return []
  const rows = await withScopeType(db)
    .where('entry.scope_id', 'in', scopeIds)
    .where('entry.type', 'in', [...new Set(entries.map((entry) => entry.type))])
    .where('entry.name', 'in', [...new Set(entries.map((entry) => entry.name))])
    .execute()
  // Judged here, not in SQL: a condition on status lets SQLite prefer the index by value, and read the whole scope.
  return rows.filter((row) => row.status === 'active').map(toEntry)
}

/** Which of these names the scope already has, with their ids. */
export async function takenNames(
  db: Reader,
  key: { scopeId: string; type: string; names: readonly string[] },
): Promise<Map<string, string>> {
  const { scopeId, type, names } = key
  const [name = ''] = names
  const rows =
    names.length === 1
      ? await entryNamed(db, { scopeId, type, name })
      : await namesIn(db, scopeId, type).where('name', 'in', names).execute()
  return new Map(rows.map((row) => [row.name, row.id]))
}

const namesIn = (db: Reader, scopeId: string, type: string) =>
  db.selectFrom('entry').select(['id', 'name']).where('scope_id', '=', scopeId).where('type', '=', type)

const entryNamed = prepared(
  ['scopeId', 'type', 'name'],
  (db, { scopeId, type, name }: { scopeId: string; type: string; name: string }) =>
    namesIn(db, scopeId, type).where('name', '=', name),
)

export interface ListFilter {
  /** Nearest first: an active entry hides those of its type and name in the scopes after its own. */
  readonly scopeIds: readonly string[]
  /** Null for all. */
  readonly types: readonly string[] | null
  readonly status: Entry['status'] | null
  readonly tagsInclude: readonly string[]
  readonly tagsExclude: readonly string[]
  readonly minPriority: number | null
  readonly updatedAfter: string | null
  /** Keyset: entries with a smaller id than this one. */
  readonly beforeId: string | null
  readonly limit: number
}

/** Newest first. Scope by scope: each is read in the order of its index, and only as far as the page goes. */
export async function listEntries(db: Reader, filter: ListFilter): Promise<Entry[]> {
  const found: Entry[] = []
  for (const place of filter.scopeIds.keys()) found.push(...(await listInScope(db, filter, place)))
  return found.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, filter.limit)
}

async function listInScope(db: Reader, filter: ListFilter, place: number): Promise<Entry[]> {
  const nearer = filter.scopeIds.slice(0, place)
  let query = withScopeType(db)
    .where('entry.scope_id', '=', filter.scopeIds[place] ?? '')
    .orderBy('entry.id', 'desc')
    .limit(filter.limit)
  if (filter.types) query = query.where(beyondIndex('type'), 'in', filter.types)
  if (filter.status) query = query.where(beyondIndex('status'), '=', filter.status)
  if (filter.beforeId) query = query.where('entry.id', '<', filter.beforeId)
  if (filter.minPriority !== null) query = query.where(beyondIndex('priority'), '>=', filter.minPriority)
  if (filter.updatedAfter) query = query.where('entry.updated_at', '>', filter.updatedAfter)
  if (filter.tagsInclude.length > 0) query = query.where((eb) => tagged(eb, filter.tagsInclude))
  if (filter.tagsExclude.length > 0) query = query.where((eb) => eb.not(tagged(eb, filter.tagsExclude)))
  if (nearer.length > 0) query = query.where((eb) => eb.not(hidden(eb, nearer)))
  return (await query.execute()).map(toEntry)
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

/** True for an entry whose type and name an active entry in one of the nearer scopes has too. */
function hidden(eb: ExpressionBuilder<Schema, 'entry'>, nearer: readonly string[]) {
  return eb.exists(
    eb
      .selectFrom('entry as near')
      .select('near.id')
      .whereRef('near.type', '=', 'entry.type')
      .whereRef('near.name', '=', 'entry.name')
      .where(sql<string>`cast(near.status as text)`, '=', 'active')
      .where('near.scope_id', 'in', nearer),
  )
}

const ENTRY_COLUMNS = [
  'id',
  'type',
  'scope_id',
  'name',
  'content',
  'tags',
  'priority',
  'version',
  'status',
  'fields',
  'metadata',
  'search_text',
  'sketch_a',
  'sketch_b',
  'valid_from',
  'valid_until',
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
] as const satisfies readonly (keyof EntryRow)[]

const insertRows = preparedInsert(ENTRY_COLUMNS, (db, rows) =>
  // Rows come from `toRow`; the columns' own types are those of EntryRow.
  db.insertInto('entry').values(rows as Insertable<EntryRow>[]),
)
const insertTags = preparedInsert(['entry_id', 'tag'], (db, rows) =>
  db.insertInto('entry_tag').values(rows as EntryTagRow[]),
)

/** Adds new entries, all of one scope. */
export async function insertEntries(db: Writer, entries: readonly Entry[], scopeId: string): Promise<void> {
  await insertRows(
    db,
    entries.map((entry) => toRow(entry, scopeId)),
  )
  await insertTags(
    db,
    entries.flatMap((entry) => entry.tags.map((tag) => ({ entry_id: entry.id, tag }))),
  )
}

/** Puts the next version in place and keeps the one before it. */
export async function replaceEntry(db: Writer, before: Entry, after: Entry): Promise<void> {
  const scopeId = before.scope_id ?? 'global'
  await db
    .insertInto('revision')
    .values({
      entry_id: before.id,
      version: before.version,
      scope_id: scopeId,
      type: before.type,
      written_at: before.updated_at,
      superseded_at: after.updated_at,
      snapshot: JSON.stringify(before),
    })
    .execute()
  const { id, ...row } = toRow(after, scopeId)
  await db.updateTable('entry').set(row).where('id', '=', id).execute()
  if (String(before.tags) === String(after.tags)) return
  await db.deleteFrom('entry_tag').where('entry_id', '=', id).execute()
  const tags = after.tags.map((tag) => ({ entry_id: id, tag }))
  if (tags.length > 0) await db.insertInto('entry_tag').values(tags).execute()
}

/** Takes an entry and all that hangs on it out of the store. */
export async function deleteEntry(db: Writer, id: string): Promise<void> {
  await db.deleteFrom('entry').where('id', '=', id).execute()
}

/** One earlier version, or undefined. */
export async function findRevision(db: Reader, id: string, version: number): Promise<Entry | undefined> {
  const row = await db
    .selectFrom('revision')
    .select('snapshot')
    .where('entry_id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  return row && (JSON.parse(row.snapshot) as Entry)
}

/** Earlier versions, newest first, below `beforeVersion`. */
export async function listRevisions(
  db: Reader,
  id: string,
  page: { beforeVersion: number | null; limit: number },
): Promise<Entry[]> {
  let query = db.selectFrom('revision').select('snapshot').where('entry_id', '=', id)
  if (page.beforeVersion !== null) query = query.where('version', '<', page.beforeVersion)
  const rows = await query.orderBy('version', 'desc').limit(page.limit).execute()
  return rows.map((row) => JSON.parse(row.snapshot) as Entry)
}
