import { CompiledQuery, type Kysely } from 'kysely'
import { KnownTerms } from '../../../domain/words/known-terms.ts'
import { BroughtTerms, writeTermsBy } from '../../entries/vocabulary.ts'
import type { Schema } from '../../schema.ts'
import { WORDS_GIVEN } from '../search/word-schema.ts'

/** Some megabytes where all are taken. */
const PLACES = 65_536

/** Which terms this process has seen in the table: of a new entry the others are looked up, and no other. */
export class Vocabulary {
  readonly #known = new KnownTerms(PLACES)

  /** Before anything is inserted; the transaction says when it is committed. */
  begin(db: Kysely<Schema>): BroughtTerms {
    const brought = new BroughtTerms(this.#known)
    let isSaid = false
    writeTermsBy(db, async (texts) => {
      const fresh = brought.newIn(texts)
      const said = isSaid ? undefined : say(db)
      isSaid = true
      await Promise.all([said, fresh.length > 0 && insert(db, fresh)])
    })
    return brought
  }

  /** Another history may lack what was seen. */
  forget(): void {
    this.#known.forget()
  }
}

/** With its values apart, so that it is kept ready and goes along with the statements after it. */
const SAY = CompiledQuery.raw('select set_config($1, $2, true)', [WORDS_GIVEN, 'given'])

const say = (db: Kysely<Schema>) => db.getExecutor().executeQuery(SAY)

const INSERT = `insert into entry_word (term) select term from unnest($1::text[]) as given (term)
    where not exists (select 1 from entry_word as known where known.term = given.term)
    on conflict do nothing`

const insert = (db: Kysely<Schema>, terms: readonly string[]) =>
  db.getExecutor().executeQuery(CompiledQuery.raw(INSERT, [terms]))
