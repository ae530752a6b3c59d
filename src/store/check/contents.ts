import { type RawBuilder, sql } from 'kysely'
import type { Finding } from '../../domain/database-file.ts'
import type { Reader, Writer } from '../access.ts'
import { checkNumbers, Given, repairNumbers } from './numbers.ts'
import { checkRows, rowsOf } from './rows.ts'
import { ALL_TABLES } from './tables.ts'
import { checkTags, repairTags } from './tags.ts'
import { checkTerms, isFoundByItsText, repairTerms } from './terms.ts'

/** What only the database knows: the elements of a JSON list in a column, and its word for a table that is not there. */
export interface CheckedDatabase {
  readonly elementsOf: (column: string) => RawBuilder<unknown>
  readonly isNoTable: (error: unknown) => boolean
}

/** Reads all that is stored, as one state: rows, the indexes that are made of them, and the numbers that only grow. */
export async function checkStored(
  db: Reader,
  { elementsOf, isNoTable }: CheckedDatabase,
): Promise<Finding[]> {
  const missing = await missingTables(db, isNoTable)
  if (missing.length > 0) {
    const mend = 'Put a backup in its place: agent-memory restore FILE keeps this one aside.'
    return [{ check: 'Rows', level: 'broken', text: `Tables are missing: ${missing.join(', ')}.`, mend }]
  }
  return db.transaction().execute(async (tx) => {
    const given = new Given()
    let stale = 0
    const rows = await checkRows(tx, (table, row) => {
      given.see(table, row)
      if (table === 'entry' && !isFoundByItsText(row)) stale++
    })
    const tags = await checkTags(tx, elementsOf('entry.tags'))
    return [rows, tags, checkTerms(stale), ...(await checkNumbers(tx, given))]
  })
}

/** Makes what is made of the rows agree with them; says what it did. The caller has the write lock. */
export async function mendStored(
  db: Writer,
  { elementsOf }: Pick<CheckedDatabase, 'elementsOf'>,
): Promise<string[]> {
  const done: string[] = []
  const tags = elementsOf('entry.tags')
  if ((await checkTags(db, tags)).level !== 'ok') {
    await repairTags(db, tags)
    done.push('Made the tag index say what the entries say.')
  }
  const terms = await repairTerms(db)
  if (terms > 0) done.push(`Made anew by which words entries are found: ${terms}.`)
  const numbers = await repairNumbers(db, await givenIn(db))
  if (numbers > 0) done.push(`Raised counters that were behind: ${numbers}.`)
  return done
}

export async function missingTables(db: Reader, isNoTable: CheckedDatabase['isNoTable']): Promise<string[]> {
  const missing: string[] = []
  for (const table of ALL_TABLES) {
    try {
      await sql`select 1 from ${sql.table(table)} limit 1`.execute(db)
    } catch (error) {
      if (!isNoTable(error)) throw error
      missing.push(table)
    }
  }
  return missing
}

async function givenIn(db: Reader): Promise<Given> {
  const given = new Given()
  for (const table of ['lease', 'lease_waiter', 'change_log'] as const) {
    for await (const row of rowsOf(db, table)) {
      try {
        given.see(table, row)
      } catch {
        // A row that cannot be read is named by the check; it gives no number.
      }
    }
  }
  return given
}

/** What an older program wrote is looked at when the next start has brought it up to date. */
export function notBroughtUpToDate(): Finding {
  return {
    check: 'Rows',
    level: 'warning',
    text: 'Not looked at: the tables are those of an older version.',
    mend: 'The next start brings them up to date (agent-memory health makes one); then run doctor again.',
  }
}
