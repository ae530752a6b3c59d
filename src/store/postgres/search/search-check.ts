import { type Kysely, sql } from 'kysely'
import type { Finding } from '../../../domain/places/database-file.ts'
import type { Schema } from '../../schema.ts'

// The vectors of entries stand in a table of their own (word-schema.ts), which a trigger keeps.

const MISSING = sql`select seq from entry where not exists (select 1 from entry_search where entry_search.seq = entry.seq)`
const STALE = sql`select seq from entry_search where not exists (select 1 from entry where entry.seq = entry_search.seq)`
/** Of a text that is too long for a vector only the beginning is indexed: those are let be. */
const OTHER = sql`select entry.seq from entry join entry_search on entry_search.seq = entry.seq
  where length(entry.search_text) < 500000 and entry_search.vector <> entry_words_vector(entry, 4000000)`

/** Whether the index holds every entry as it is, and none that is gone. */
export async function checkSearch(db: Kysely<Schema>): Promise<Finding> {
  const check = 'Search'
  const { rows } = await sql<Record<'entries' | 'missing' | 'stale' | 'other', number>>`select
    (select count(*) from entry) as entries, (select count(*) from (${MISSING}) as m) as missing,
    (select count(*) from (${STALE}) as s) as stale, (select count(*) from (${OTHER}) as o) as other`.execute(
    db,
  )
  const { entries = 0, missing = 0, stale = 0, other = 0 } = rows[0] ?? {}
  if (missing + stale + other === 0)
    return { check, level: 'ok', text: `The index holds every entry (${entries}).` }
  const text = `Entries missing in the index: ${missing}; in it, but gone: ${stale}; in it with other words: ${other}.`
  return { check, level: 'broken', text, mend: 'agent-memory doctor --mend builds it anew.' }
}

/** Writes the vectors anew where they are wrong; whether any was. */
export async function repairSearch(db: Kysely<Schema>): Promise<boolean> {
  if ((await checkSearch(db)).level === 'ok') return false
  await sql`delete from entry_search where seq in (${STALE})`.execute(db)
  // The trigger writes the vector of every row that is written.
  await sql`update entry set search_text = search_text where seq in (${MISSING}) or seq in (${OTHER})`.execute(
    db,
  )
  return true
}
