import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/**
 * The search index holds terms that the program makes, not the text. Entries of before keep what finds them until the program has
 * given them their terms, newest first, while it runs.
 */
export const words: Migration = {
  name: '0005-words',
  changesData: false,
  async up(db, dialect) {
    await dialect.createWordIndex(db)
    await sql`insert into counter (name, value) select 'search_rebuild', max(seq) from entry having max(seq) is not null`.execute(
      db,
    )
  },
}
