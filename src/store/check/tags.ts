import { type RawBuilder, sql } from 'kysely'
import type { Finding } from '../../domain/places/database-file.ts'
import type { Reader, Writer } from '../access.ts'

// The tags of an entry stand in its row, as it was written, and one by one in `entry_tag`, by which they are found.
// `tags` is what a migration calls `elementsOf('entry.tags')`.

/** Tags that stand in an entry and not in the index, and the other way round. */
export async function checkTags(db: Reader, tags: RawBuilder<unknown>): Promise<Finding> {
  const check = 'Tags'
  const { rows } = await sql<{ missing: number; stale: number }>`select
    (select count(*) from entry, ${tags} where not exists (${indexed})) as missing,
    (select count(*) from entry_tag where not exists (${listed(tags)})) as stale`.execute(db)
  const [counts] = rows
  const [missing, stale] = [Number(counts?.missing), Number(counts?.stale)]
  if (missing + stale === 0) return { check, level: 'ok', text: 'Entries and tag index agree.' }
  const text = `Tags missing in the index: ${missing}; in it, but not in their entry: ${stale}.`
  return { check, level: 'broken', text, mend: 'agent-memory doctor --mend makes them agree.' }
}

/** Makes the index say what the entries say. */
export async function repairTags(db: Writer, tags: RawBuilder<unknown>): Promise<void> {
  await sql`delete from entry_tag where not exists (${listed(tags)})`.execute(db)
  await sql`insert into entry_tag (entry_id, tag)
    select distinct entry.id, listed.value from entry, ${tags} where not exists (${indexed})`.execute(db)
}

const indexed = sql`select 1 from entry_tag where entry_tag.entry_id = entry.id and entry_tag.tag = listed.value`

function listed(tags: RawBuilder<unknown>) {
  return sql`select 1 from entry, ${tags}
    where entry.id = entry_tag.entry_id and listed.value = entry_tag.tag`
}
