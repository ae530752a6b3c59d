import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema.ts'

/** A spelling net is cast over so many words at most. */
const MOST_WORDS = 20_000

/** Terms that entries have or have had, and that begin with this letter. The database keeps them with its index. */
export async function wordsFrom(db: Kysely<Schema>, letter: string): Promise<string[]> {
  const { rows } = await sql<{ term: string }>`select distinct term from entry_word
    where term >= ${letter} and term < ${afterLetter(letter)} order by term limit ${sql.lit(MOST_WORDS)}`.execute(
    db,
  )
  return rows.map(({ term }) => term)
}

function afterLetter(letter: string): string {
  return String.fromCodePoint((letter.codePointAt(0) ?? 0) + 1)
}
