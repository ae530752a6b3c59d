import { type Selectable, sql } from 'kysely'
import type { Reader, Writer } from './access.ts'
import { lastSeq } from './change-log.ts'
import type { EmbeddingIndexRow } from './schema.ts'

// Vectors that a model made of entries. An index follows the change log, and goes through what was there
// before it from the newest entry down. What is written together is written in one transaction, so the next
// process goes on from there.

export type EmbeddingIndex = Selectable<EmbeddingIndexRow>

/** Of an entry that is to get its vector. */
export interface Pending {
  readonly id: string
  readonly version: number
}

export async function listIndexes(db: Reader): Promise<EmbeddingIndex[]> {
  const rows = await db.selectFrom('embedding_index').selectAll().orderBy('started_at').execute()
  return rows.map((row) => ({
    ...row,
    log_id: Number(row.log_id),
    rebuild_seq: Number(row.rebuild_seq),
    claimed_until: Number(row.claimed_until),
  }))
}

/** Begins the index of a model, or begins it anew: its vectors stay in use until they are made again. */
export async function beginIndex(
  db: Writer,
  { model, now, isAnew = false }: { model: string; now: string; isAnew?: boolean },
): Promise<void> {
  const rebuild_seq = await newestSeq(db)
  const begun = { log_id: await lastSeq(db), rebuild_seq, started_at: now, dimensions: null }
  const made = { model, is_active: 0, claimed_by: null, claimed_until: 0, ...begun }
  await db
    .insertInto('embedding_index')
    .values(made)
    .onConflict((c) => (isAnew ? c.column('model').doUpdateSet(begun) : c.column('model').doNothing()))
    .execute()
}

async function newestSeq(db: Reader): Promise<number> {
  const { rows } = await sql<{ n: number | null }>`select max(seq) as n from entry`.execute(db)
  return Number(rows[0]?.n ?? 0)
}

/** Whether this instance may go on with the index: one at a time works on it. */
export async function claimIndex(
  db: Writer,
  { model, instanceId, now, forMs }: { model: string; instanceId: string; now: number; forMs: number },
): Promise<boolean> {
  const result = await db
    .updateTable('embedding_index')
    .set({ claimed_by: instanceId, claimed_until: now + forMs })
    .where('model', '=', model)
    .where((eb) => eb.or([eb('claimed_by', '=', instanceId), eb('claimed_until', '<', now)]))
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

/** Ends this instance's claim, if it has one. */
export async function releaseIndex(
  db: Writer,
  { model, instanceId }: { model: string; instanceId: string },
): Promise<void> {
  await db
    .updateTable('embedding_index')
    .set({ claimed_by: null, claimed_until: 0 })
    .where('model', '=', model)
    .where('claimed_by', '=', instanceId)
    .execute()
}

/** The next entries that have changed since, and up to where the log was read; null where the log no longer reaches back so far. */
export async function changedSince(
  db: Reader,
  logId: number,
  most: number,
): Promise<{ ids: string[]; logId: number } | null> {
  const { rows: ends } = await sql<{ first: number | null; last: number | null }>`
    select min(id) as first, max(id) as last from change_log`.execute(db)
  const [first, last] = [Number(ends[0]?.first ?? 0), Number(ends[0]?.last ?? 0)]
  if (last <= logId) return { ids: [], logId }
  if (first > logId + 1 && logId > 0) return null
  const rows = await db
    .selectFrom('change_log')
    .select(['id', 'entry_id'])
    .where('id', '>', logId)
    .where('entry_id', 'is not', null)
    .orderBy('id')
    .limit(most)
    .execute()
  const ids = [...new Set(rows.flatMap(({ entry_id: id }) => id ?? []))]
  return { ids, logId: rows.length < most ? last : Number(rows.at(-1)?.id ?? last) }
}

/** The next entries below, newest first, and from where to go on; 0 at the end. */
export async function entriesBelow(
  db: Reader,
  { rebuild_seq: from }: EmbeddingIndex,
  most: number,
): Promise<{ ids: string[]; next: number }> {
  const rows = await db
    .selectFrom('entry')
    .select(['id', 'seq'])
    .where('seq', '<=', from)
    .orderBy('seq', 'desc')
    .limit(most)
    .execute()
  const next = rows.length < most ? 0 : Number(rows.at(-1)?.seq ?? 1) - 1
  return { ids: rows.map(({ id }) => id), next }
}

/** Of these entries those whose vector is missing, or of another version or from before the index began anew. */
export async function withoutVector(
  db: Reader,
  { model, started_at: startedAt }: Pick<EmbeddingIndex, 'model' | 'started_at'>,
  entries: readonly Pending[],
): Promise<string[]> {
  if (entries.length === 0) return []
  const rows = await db
    .selectFrom('embedding')
    .select(['entry_id', 'version'])
    .where('model', '=', model)
    .where('made_at', '>=', startedAt)
    .where(
      'entry_id',
      'in',
      entries.map(({ id }) => id),
    )
    .execute()
  const versions = new Map(rows.map((row) => [row.entry_id, Number(row.version)]))
  return entries.filter(({ id, version }) => versions.get(id) !== version).map(({ id }) => id)
}

/** Of entries that are still there. An empty vector is one that the model does not give. */
export async function putVectors(
  db: Writer,
  { model, now }: { model: string; now: string },
  vectors: readonly (Pending & { readonly vector: string })[],
): Promise<void> {
  for (const { id, version, vector } of vectors) {
    await sql`insert into embedding (model, entry_id, version, vector, made_at)
      select ${model}, id, cast(${version} as bigint), ${vector}, ${now} from entry where id = ${id}
      on conflict (model, entry_id) do update set
      version = excluded.version, vector = excluded.vector, made_at = excluded.made_at`.execute(db)
  }
}

export async function setProgress(
  db: Writer,
  model: string,
  progress: Partial<Pick<EmbeddingIndex, 'log_id' | 'rebuild_seq' | 'dimensions'>>,
): Promise<void> {
  if (Object.keys(progress).length === 0) return
  await db.updateTable('embedding_index').set(progress).where('model', '=', model).execute()
}

/** Searches take this index from now on. */
export async function activate(db: Writer, model: string): Promise<void> {
  await db.updateTable('embedding_index').set({ is_active: 0 }).where('model', '<>', model).execute()
  await db.updateTable('embedding_index').set({ is_active: 1 }).where('model', '=', model).execute()
}

/** Takes some vectors of other models away, then their indexes; true while there may be more. */
export async function dropOthers(db: Writer, model: string, most: number): Promise<boolean> {
  const { rows } = await sql`delete from embedding where model <> ${model} and entry_id in
    (select entry_id from embedding where model <> ${model} limit ${sql.lit(most)}) returning 1 as gone`.execute(
    db,
  )
  if (rows.length > 0) return true
  await db.deleteFrom('embedding_index').where('model', '<>', model).execute()
  return false
}

export async function countVectors(db: Reader, model: string): Promise<number> {
  const { rows } = await sql<{
    n: number
  }>`select count(*) as n from embedding where model = ${model}`.execute(db)
  return Number(rows[0]?.n ?? 0)
}
