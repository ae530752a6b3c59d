import type { Insertable, Updateable } from 'kysely'
import { type Entry, entrySchema } from '../../domain/entries/entry.ts'
import type { Reader, Writer } from '../access.ts'
import { prepared, preparedInsert } from '../prepared.ts'
import type { EntryRow, EntryTagRow, RevisionRow } from '../schema.ts'
import { retireEntry, retireName } from './past/retired-names.ts'
import { toEntry, toRow, withScopeType } from './rows.ts'
import { writeTerms } from './vocabulary.ts'
import type { EntryWords } from './words.ts'

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

/** The first entries, in the order of their ids, whose id begins with these hexadecimal digits and hyphens. */
export function entriesFromId(
  db: Reader,
  start: string,
  limit: number,
): Promise<{ id: string; type: string; name: string }[]> {
  return (
    db
      .selectFrom('entry')
      .select(['id', 'type', 'name'])
      .where('id', '>=', start)
      // The first text after all that begin so: g comes after every digit and after the hyphen.
      .where('id', '<', `${start}g`)
      .orderBy('id')
      .limit(limit)
      .execute()
  )
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

/** The last entries of each of these scopes by their names. */
export async function namedEntriesIn(
  db: Reader,
  scopeIds: readonly string[],
  limit: number,
): Promise<{ id: string; type: string; name: string; scopeId: string }[]> {
  const found = scopeIds.map((scopeId) =>
    db
      .selectFrom('entry')
      .select(['id', 'type', 'name', 'scope_id as scopeId'])
      .where('scope_id', '=', scopeId)
      .orderBy('id', 'desc')
      .limit(limit)
      .execute(),
  )
  return (await Promise.all(found)).flat()
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

/** Those of the fields that all entries share, and what else the row has. */
const ENTRY_COLUMNS = [
  ...Object.keys(entrySchema.shape).filter((name) => name !== 'scope_type'),
  'fields',
  'search_text',
  'sketch_a',
  'sketch_b',
  'valid_from',
  'valid_until',
  'review_by',
]

const insertRows = preparedInsert(ENTRY_COLUMNS, (db, rows) =>
  // Rows come from `toRow`; the columns' own types are those of EntryRow.
  db.insertInto('entry').values(rows as Insertable<EntryRow>[]),
)
const updateRow = prepared(ENTRY_COLUMNS, (db, { id, ...row }: Record<string, string | number | null>) =>
  db
    .updateTable('entry')
    .set(row as Updateable<EntryRow>)
    .where('id', '=', String(id)),
)
const insertRevision = preparedInsert(
  ['entry_id', 'version', 'scope_id', 'type', 'written_at', 'superseded_at', 'snapshot'],
  (db, rows) => db.insertInto('revision').values(rows as RevisionRow[]),
)
const deleteTags = prepared(['id'], (db, { id }: { id: string }) =>
  db.deleteFrom('entry_tag').where('entry_id', '=', id),
)
const insertTags = preparedInsert(['entry_id', 'tag'], (db, rows) =>
  db.insertInto('entry_tag').values(rows as EntryTagRow[]),
)

/** Adds new entries, all of one scope; with their words, where they are cut already. */
export async function insertEntries(
  db: Writer,
  entries: readonly Entry[],
  { scopeId, words }: { readonly scopeId: string; readonly words?: (entry: Entry) => EntryWords | undefined },
): Promise<void> {
  const rows = entries.map((entry) => toRow(entry, scopeId, words?.(entry)))
  const tags = entries.flatMap((entry) => entry.tags.map((tag) => ({ entry_id: entry.id, tag })))
  const terms = writeTerms(
    db,
    rows.map((row) => row.search_text),
  )
  await Promise.all([terms, insertRows(db, rows), insertTags(db, tags)])
}

/** Puts the next version in place and keeps the one before it. */
export async function replaceEntry(db: Writer, before: Entry, after: Entry): Promise<void> {
  const { id } = after
  const revision = {
    entry_id: id,
    version: before.version,
    scope_id: before.scope_id ?? 'global',
    type: before.type,
    written_at: before.updated_at,
    superseded_at: after.updated_at,
    snapshot: JSON.stringify(before),
  }
  const hasMoved = before.name !== after.name || before.scope_id !== after.scope_id
  // In this order, none waiting for the answer to the one before it.
  await Promise.all([
    insertRevision(db, [revision]),
    hasMoved && retireName(db, before),
    updateRow(db, toRow(after, after.scope_id ?? 'global')),
    ...(isSameList(before.tags, after.tags) ? [] : replaceTags(db, id, after.tags)),
  ])
}

function replaceTags(db: Writer, id: string, tags: readonly string[]): Promise<unknown>[] {
  const rows = tags.map((tag) => ({ entry_id: id, tag }))
  return [deleteTags(db, { id }), insertTags(db, rows)]
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((tag, at) => tag === other[at])
}

/** Takes an entry and all that hangs on it out of the store. Its name and its id keep its last version. */
export async function deleteEntry(db: Writer, entry: Entry): Promise<void> {
  await Promise.all([retireEntry(db, entry), db.deleteFrom('entry').where('id', '=', entry.id).execute()])
}
