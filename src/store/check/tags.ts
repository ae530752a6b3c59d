import { type Kysely, sql } from 'kysely'
import type { Finding } from '../../domain/database-file.ts'

// The tags of an entry stand in its row, as it was written, and one by one in `entry_tag`, by which they are found. A list
// that is no JSON counts as empty here: the check of the rows names it.

/** The tags of each entry as rows `tag`, in the dialect's own words. */
export type TagRows = 'json_each' | 'jsonb_array_elements_text'

function tagsOfEntry(function_: TagRows) {
  return function_ === 'json_each'
    ? sql`json_each(case when json_valid(entry.tags) then entry.tags else '[]' end) as listed`
    : sql`jsonb_array_elements_text(entry.tags::jsonb) as listed(value)`
}

/** Tags that stand in an entry and not in the index, and the other way round. */
export async function checkTags(db: Kysely<unknown>, function_: TagRows): Promise<Finding> {
  const check = 'Tags'
  const { rows } = await sql<{ missing: number; stale: number }>`select
    (select count(*) from entry, ${tagsOfEntry(function_)} where not exists (${indexed})) as missing,
    (select count(*) from entry_tag where not exists (${listed(function_)})) as stale`.execute(db)
  const [counts] = rows
  const [missing, stale] = [Number(counts?.missing), Number(counts?.stale)]
  if (missing + stale === 0) return { check, level: 'ok', text: 'Entries and tag index agree.' }
  const text = `Tags missing in the index: ${missing}; in it, but not in their entry: ${stale}.`
  return { check, level: 'broken', text, mend: 'agent-memory doctor --mend makes them agree.' }
}

/** Makes the index say what the entries say. */
export async function repairTags(db: Kysely<unknown>, function_: TagRows): Promise<void> {
  await sql`delete from entry_tag where not exists (${listed(function_)})`.execute(db)
  await sql`insert into entry_tag (entry_id, tag)
    select distinct entry.id, listed.value from entry, ${tagsOfEntry(function_)} where not exists (${indexed})`.execute(
    db,
  )
}

const indexed = sql`select 1 from entry_tag where entry_tag.entry_id = entry.id and entry_tag.tag = listed.value`

function listed(function_: TagRows) {
  return sql`select 1 from entry, ${tagsOfEntry(function_)}
    where entry.id = entry_tag.entry_id and listed.value = entry_tag.tag`
}
