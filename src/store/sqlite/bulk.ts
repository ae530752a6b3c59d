import { type Kysely, sql } from 'kysely'
import { KnownTerms } from '../../domain/words/known-terms.ts'
import type { BulkWrites } from '../database.ts'
import { BroughtTerms, writeTermsBy } from '../entries/vocabulary.ts'
import type { Schema } from '../schema.ts'
import { createWordTrigger, dropWordTrigger } from './search/schema.ts'

const PLACES = 65_536

/** The trigger looks up each word of each row: for many rows it goes, and comes back in the same transaction. */
export const bulkWrites: BulkWrites = {
  async begin(db) {
    await dropWordTrigger(db)
    const brought = new BroughtTerms(new KnownTerms(PLACES))
    writeTermsBy(db, (texts) => insert(db, brought.newIn(texts)))
  },
  grown: async () => {},
  async end(db) {
    writeTermsBy(db, undefined)
    await createWordTrigger(db)
  },
}

async function insert(db: Kysely<Schema>, terms: readonly string[]): Promise<void> {
  // As the trigger: those that begin with a letter.
  const words = terms.filter((term) => term >= 'a')
  if (words.length === 0) return
  await sql`insert or ignore into entry_word (term) select value from json_each(${JSON.stringify(words)})`.execute(
    db,
  )
}
