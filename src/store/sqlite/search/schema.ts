import { type Kysely, type RawBuilder, sql } from 'kysely'
import { isNewRow, termsColumn } from '../../search/rows.ts'

/**
 * The index that the first version made: FTS5 with its own stems, on the text itself. Later versions keep it only until its
 * entries have terms.
 */
export async function createFtsIndex(db: Kysely<unknown>): Promise<void> {
  await sql`create view entry_indexed as
    select seq, name, content, tags, search_text, ${placeColumn('scope_id')} as place from entry`.execute(db)
  await sql`create virtual table entry_fts using fts5(
    name, content, tags, search_text, place, content='entry_indexed', content_rowid='seq',
    tokenize='porter unicode61 remove_diacritics 2')`.execute(db)
  await sql`create trigger entry_fts_insert after insert on entry begin ${insertOlder}; end`.execute(db)
  await sql`create trigger entry_fts_delete after delete on entry begin ${deleteOlder}; end`.execute(db)
  await sql`create trigger entry_fts_update after update of name, content, tags, search_text, scope_id on entry
    begin ${deleteOlder}; ${insertOlder}; end`.execute(db)
}

/** The word for a scope: letters and digits, and an ending that no stemmer takes off. */
function placeColumn(column: string): RawBuilder<string> {
  return sql`'x' || replace(${sql.ref(column)}, '-', '') || 'x'`
}

const insertOlder = sql`insert into entry_fts (rowid, name, content, tags, search_text, place)
  values (new.seq, new.name, new.content, new.tags, new.search_text, ${placeColumn('new.scope_id')})`
const deleteOlder = sql`insert into entry_fts (entry_fts, rowid, name, content, tags, search_text, place)
  values ('delete', old.seq, old.name, old.content, old.tags, old.search_text, ${placeColumn('old.scope_id')})`

/** The terms of a row that has some. */
const terms = (table: string) => sql`case when ${isNewRow(table)} then ${termsColumn(table)} else '' end`
const insertNew = sql`insert into entry_words (rowid, terms, place)
  values (new.seq, ${terms('new')}, ${placeColumn('new.scope_id')})`
const deleteOld = sql`insert into entry_words (entry_words, rowid, terms, place)
  values ('delete', old.seq, ${terms('old')}, ${placeColumn('old.scope_id')})`

/**
 * External content: FTS5 keeps only its index, the terms stay in `entry`; triggers keep the two together. The terms are made by
 * our own code, so the tokenizer only parts them: to `ascii` every other letter is a letter. `place` is one word for the
 * entry's scope, by which a search in a small scope of a large database starts from that scope's rows.
 */
export async function createWordIndex(db: Kysely<unknown>): Promise<void> {
  await sql`create view entry_words_of as
    select seq, ${terms('entry')} as terms, ${placeColumn('scope_id')} as place from entry`.execute(db)
  await sql`create virtual table entry_words using fts5(
    terms, place, content='entry_words_of', content_rowid='seq', tokenize='ascii')`.execute(db)
  await sql`create virtual table entry_vocabulary using fts5vocab(entry_words, 'row')`.execute(db)
  await sql`insert into entry_words (rowid, terms, place) select seq, terms, place from entry_words_of`.execute(
    db,
  )
  await sql`create trigger entry_words_insert after insert on entry begin ${insertNew}; end`.execute(db)
  await sql`create trigger entry_words_delete after delete on entry begin ${deleteOld}; end`.execute(db)
  await sql`create trigger entry_words_update after update of search_text, scope_id on entry
    begin ${deleteOld}; ${insertNew}; end`.execute(db)
  const { rows } = await sql`select 1 from entry limit 1`.execute(db)
  await (rows.length > 0 ? keepOlderIndex(db) : dropOlderIndex(db))
}

/** Entries leave the index of the first version as soon as they are written anew; none enters it. */
async function keepOlderIndex(db: Kysely<unknown>): Promise<void> {
  await dropOlderTriggers(db)
  await sql`create trigger entry_fts_delete after delete on entry when not ${isNewRow('old')}
    begin ${deleteOlder}; end`.execute(db)
  await sql`create trigger entry_fts_update after update of name, content, tags, search_text, scope_id on entry
    when not ${isNewRow('old')} begin ${deleteOlder}; end`.execute(db)
}

/** When its last entry is gone. */
export async function dropOlderIndex<T>(db: Kysely<T>): Promise<void> {
  await dropOlderTriggers(db)
  await sql`drop table if exists entry_fts`.execute(db)
  await sql`drop view if exists entry_indexed`.execute(db)
}

async function dropOlderTriggers<T>(db: Kysely<T>): Promise<void> {
  for (const name of ['entry_fts_insert', 'entry_fts_delete', 'entry_fts_update']) {
    await sql`drop trigger if exists ${sql.ref(name)}`.execute(db)
  }
}

/** The terms of a text as a JSON list: they are letters and digits, a space or the end of a line between two. */
const listOf = (text: RawBuilder<unknown>) =>
  sql`json_each('["' || replace(replace(replace(replace(${text}, '"', ''), '\\', ''), char(10), ' '), ' ', '","') || '"]')`
const addTerms = sql`insert or ignore into entry_word (term) select value from ${listOf(terms('new'))} where value >= 'a'`

/**
 * All terms that any entry has had and that begin with a letter, for words that are mistyped. FTS5 could list its own, but reads all rows of a term before it
 * names the next: with the number of entries that takes ever longer.
 */
export async function createVocabulary(db: Kysely<unknown>): Promise<void> {
  await sql`create table entry_word (term text primary key) without rowid`.execute(db)
  await sql`insert into entry_word (term) select term from entry_vocabulary where term >= 'a'`.execute(db)
  await createWordTrigger(db)
  await sql`create trigger entry_word_update after update of search_text on entry begin ${addTerms}; end`.execute(
    db,
  )
}

export async function createWordTrigger<T>(db: Kysely<T>): Promise<void> {
  await sql`create trigger entry_word_insert after insert on entry begin ${addTerms}; end`.execute(db)
}

/** Until it is there again whoever inserts a row brings its words in (bulk.ts). */
export async function dropWordTrigger<T>(db: Kysely<T>): Promise<void> {
  await sql`drop trigger if exists entry_word_insert`.execute(db)
}
