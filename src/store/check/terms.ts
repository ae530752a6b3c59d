import type { Entry } from '../../domain/entries/entry.ts'
import type { Finding } from '../../domain/places/database-file.ts'
import { isDocumentText } from '../../domain/words/document.ts'
import type { Writer } from '../access.ts'
import { findEntries } from '../entries/entries.ts'
import { toEntry, toRow } from '../entries/rows.ts'
import type { EntryRow } from '../schema.ts'
import { rowsOf } from './rows.ts'
import type { Row } from './tables.ts'

/** The columns of an entry's row that are made of the others: what it is found by. */
const MADE = ['search_text', 'sketch_a', 'sketch_b', 'valid_from', 'valid_until', 'review_by'] as const

/** Whether what an entry is found by is what its text gives. One that an older program wrote is made anew by the next server. */
export function isFoundByItsText(row: Row): boolean {
  if (!isDocumentText(String(row['search_text']))) return true
  const made = madeOf(row)
  return MADE.every((column) => same(row[column], made[column]))
}

export function checkTerms(stale: number): Finding {
  const check = 'Terms'
  if (stale === 0) return { check, level: 'ok', text: 'Entries are found by what they say.' }
  const text = `Entries that are found by words other than theirs: ${stale}.`
  return { check, level: 'broken', text, mend: 'agent-memory doctor --mend makes them agree.' }
}

/** Makes the columns anew where they differ; answers how many rows that were. */
export async function repairTerms(db: Writer): Promise<number> {
  const stale: string[] = []
  for await (const row of rowsOf(db, 'entry')) {
    if (isReadable(row) && !isFoundByItsText(row)) stale.push(String(row['id']))
  }
  for (const id of stale) {
    const [entry] = await findEntries(db, [id])
    if (entry) await db.updateTable('entry').set(columnsOf(entry)).where('id', '=', id).execute()
  }
  return stale.length
}

function isReadable(row: Row): boolean {
  try {
    madeOf(row)
    return true
  } catch {
    return false
  }
}

function madeOf(row: Row): Pick<EntryRow, (typeof MADE)[number]> {
  // The row has been read as an entry before it comes here.
  const entry = toEntry(row as never)
  return columnsOf(entry, String(row['scope_id']))
}

function columnsOf(
  entry: Entry,
  scopeId = entry.scope_id ?? 'global',
): Pick<EntryRow, (typeof MADE)[number]> {
  const { search_text, sketch_a, sketch_b, valid_from, valid_until, review_by } = toRow(entry, scopeId)
  return { search_text, sketch_a, sketch_b, valid_from, valid_until, review_by }
}

/** A driver may give a large number as a text. */
function same(stored: unknown, made: string | number | null): boolean {
  return stored === made || (stored !== null && made !== null && String(stored) === String(made))
}
