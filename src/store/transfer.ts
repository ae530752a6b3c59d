import type { Conflict } from '../domain/entries/conflict.ts'
import type { Entry } from '../domain/entries/entry.ts'
import type { Relation } from '../domain/entries/relation.ts'
import { GLOBAL_SCOPE_ID, type Scope, type ScopeType } from '../domain/scope.ts'
import type { RecordCounts } from '../domain/transfer.ts'
import type { ScopedVote } from '../domain/voting.ts'
import type { Reader, Writer } from './access.ts'
import { toConflict } from './entries/conflicts.ts'
import { toRelation } from './entries/relations.ts'
import { toEntry, withScopeType } from './entries/rows.ts'
import { prepared, preparedInsert } from './prepared.ts'
import type { RevisionRow, Schema } from './schema.ts'
import { toScope } from './scopes/scopes.ts'
import { toScopedVote } from './votes.ts'

// What export and import ask beyond the other queries: everything, page by page, and rows as they are.

export async function countRecords(db: Reader): Promise<RecordCounts> {
  return {
    scope: await countRows(db, 'scope'),
    tombstone: await countRows(db, 'tombstone'),
    entry: await countRows(db, 'entry'),
    version: await countRows(db, 'revision'),
    relation: await countRows(db, 'relation'),
    conflict: await countRows(db, 'conflict'),
    vote: await countRows(db, 'vote'),
  }
}

async function countRows(db: Reader, table: keyof Schema): Promise<number> {
  const row = await db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

export async function scopesAfter(
  db: Reader,
  type: ScopeType,
  afterId: string,
  limit: number,
): Promise<Scope[]> {
  const query = db.selectFrom('scope').selectAll().where('type', '=', type).where('id', '>', afterId)
  return (await query.orderBy('id').limit(limit).execute()).map(toScope)
}

/** The number of the last turn in a session's log; undefined before the first. */
export async function findTurnCounter(db: Reader, sessionId: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('counter')
    .select('value')
    .where('name', '=', turnCounter(sessionId))
    .executeTakeFirst()
  return row && Number(row.value)
}

export async function entriesAfter(db: Reader, afterId: string, limit: number): Promise<Entry[]> {
  const query = withScopeType(db).where('entry.id', '>', afterId).orderBy('entry.id').limit(limit)
  return (await query.execute()).map(toEntry)
}

/** Those of a scope that came from another program's file, page by page. */
export async function importedEntries(
  db: Reader,
  scopeId: string,
  { afterId, limit }: { afterId: string; limit: number },
): Promise<Entry[]> {
  const query = withScopeType(db)
    .where('entry.scope_id', '=', scopeId)
    .where('entry.metadata', 'like', '%"imported"%')
    .where('entry.id', '>', afterId)
  return (await query.orderBy('entry.id').limit(limit).execute()).map(toEntry)
}

/** An entry as it was, and when the next version took its place. */
export interface PastVersion {
  readonly entry: Entry
  readonly superseded_at: string
}

/** Earlier versions of an entry, oldest first. */
export async function versionsAfter(
  db: Reader,
  entryId: string,
  afterVersion: number,
  limit: number,
): Promise<PastVersion[]> {
  const rows = await db
    .selectFrom('revision')
    .select(['snapshot', 'superseded_at'])
    .where('entry_id', '=', entryId)
    .where('version', '>', afterVersion)
    .orderBy('version')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    entry: JSON.parse(row.snapshot) as Entry,
    superseded_at: row.superseded_at,
  }))
}

export async function relationsAfter(db: Reader, afterId: string, limit: number): Promise<Relation[]> {
  const query = db.selectFrom('relation').selectAll().where('id', '>', afterId)
  return (await query.orderBy('id').limit(limit).execute()).map(toRelation)
}

export async function conflictsAfter(db: Reader, afterId: string, limit: number): Promise<Conflict[]> {
  const query = db.selectFrom('conflict').selectAll().where('id', '>', afterId)
  return (await query.orderBy('id').limit(limit).execute()).map(toConflict)
}

/** Without a last one from the beginning. */
export async function votesAfter(
  db: Reader,
  last: ScopedVote | undefined,
  limit: number,
): Promise<ScopedVote[]> {
  let query = db.selectFrom('vote').selectAll()
  if (last) {
    const place = [last.scope_id ?? GLOBAL_SCOPE_ID, last.task_id, last.agent_id] as const
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('scope_id', 'task_id', 'agent_id'), '>', tuple(...place)),
    )
  }
  const inOrder = query.orderBy('scope_id').orderBy('task_id').orderBy('agent_id')
  return (await inOrder.limit(limit).execute()).map(toScopedVote)
}

const versionOf = prepared(['id', 'version'], (db, { id, version }: { id: string; version: number }) =>
  db
    .selectFrom('revision')
    .select(['snapshot', 'superseded_at'])
    .where('entry_id', '=', id)
    .where('version', '=', version),
)

export async function findVersion(db: Reader, id: string, version: number): Promise<PastVersion | undefined> {
  const [row] = await versionOf(db, { id, version })
  return row && { entry: JSON.parse(row.snapshot) as Entry, superseded_at: row.superseded_at }
}

function versionRow({ entry, superseded_at }: PastVersion) {
  return {
    entry_id: entry.id,
    version: entry.version,
    scope_id: entry.scope_id ?? GLOBAL_SCOPE_ID,
    type: entry.type,
    written_at: entry.updated_at,
    superseded_at,
    snapshot: JSON.stringify(entry),
  }
}

const insertRevisions = preparedInsert(
  ['entry_id', 'version', 'scope_id', 'type', 'written_at', 'superseded_at', 'snapshot'],
  // Rows come from `versionRow`; the columns' own types are those of RevisionRow.
  (db, rows) => db.insertInto('revision').values(rows as RevisionRow[]),
)

/** Adds earlier versions of entries, as they are. */
export async function insertVersions(db: Writer, versions: readonly PastVersion[]): Promise<void> {
  await insertRevisions(db, versions.map(versionRow))
}

/** Puts an earlier version in its place in the history, whatever stands there. */
export async function deleteConflict(db: Writer, id: string): Promise<void> {
  await db.deleteFrom('conflict').where('id', '=', id).execute()
}

/** The next turn of the session gets a number after this one. */
export async function raiseTurnCounter(db: Writer, sessionId: string, value: number): Promise<void> {
  await db
    .insertInto('counter')
    .values({ name: turnCounter(sessionId), value })
    .onConflict((c) => c.column('name').doUpdateSet({ value }).where('counter.value', '<', value))
    .execute()
}

function turnCounter(sessionId: string): string {
  return `session:${sessionId}`
}
