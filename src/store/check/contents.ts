import type { RawBuilder } from 'kysely'
import type { Finding } from '../../domain/places/database-file.ts'
import type { Reader, Writer } from '../access.ts'
import { checkNumbers, Given, repairNumbers } from './numbers.ts'
import { isReadable, missingFinding, missingParts, type PartsOfDatabase } from './parts.ts'
import { checkProjects } from './projects.ts'
import { checkRows, rowsOf } from './rows.ts'
import { checkTags, repairTags } from './tags.ts'
import { checkTerms, isFoundByItsText, repairTerms } from './terms.ts'

/** What only the database knows: the elements of a JSON list in a column, and how it lists what it is made of. */
export interface CheckedDatabase {
  readonly elementsOf: (column: string) => RawBuilder<unknown>
  readonly parts: PartsOfDatabase
}

/** Reads all that is stored, as one state: rows, the indexes that are made of them, and the numbers that only grow. */
export async function checkStored(db: Reader, { elementsOf, parts }: CheckedDatabase): Promise<Finding[]> {
  const missing = await missingParts(db, parts)
  if (!isReadable(missing)) return [missingFinding(missing)]
  return db.transaction().execute(async (tx) => {
    const given = new Given()
    let stale = 0
    const rows = await checkRows(tx, (table, row) => {
      given.see(table, row)
      if (table === 'entry' && !isFoundByItsText(row)) stale++
    })
    const tags = await checkTags(tx, elementsOf('entry.tags'))
    const gone = missing.others.length > 0 ? [missingFinding(missing)] : []
    const projects = rows.level === 'ok' ? await checkProjects(tx) : []
    return [...gone, rows, tags, checkTerms(stale), ...(await checkNumbers(tx, given)), ...projects]
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
