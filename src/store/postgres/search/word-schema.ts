import { type Kysely, sql } from 'kysely'
import { isNewRow, termsColumn } from '../../search/rows.ts'

/**
 * The vector of an entry is made of the terms that our own code has made: no parser, no dictionary and no locale of the server
 * has a say. Entries of before keep their vectors until they are written anew; their stems are nearly the same.
 */
export async function createWordIndex(db: Kysely<unknown>): Promise<void> {
  for (const statement of [VOCABULARY, TERMS, VECTOR, WRITE]) await statement.execute(db)
}

/** All terms that any entry has had, for words that are mistyped. */
const VOCABULARY = sql`create table entry_word (term text collate "C" primary key)`

const TERMS = sql`create function entry_search_terms(entry, most integer) returns text[] language sql immutable as $$
  select array_remove(string_to_array(translate(left(${termsColumn('$1')}, most), E'\\n', ' '), ' '), '') $$`

const VECTOR = sql`create function entry_words_vector(entry, most integer) returns tsvector language sql stable as $$
  select case when ${isNewRow('$1')} then array_to_tsvector(entry_search_terms($1, most))
    else entry_search_vector($1, most) end $$`

/** A vector has room for a megabyte. Very long texts of ever new words can take more: then their beginnings are indexed. */
const WRITE = sql`create or replace function entry_search_write() returns trigger language plpgsql as $$
  begin
    insert into entry_search (seq, vector) values (new.seq, entry_words_vector(new, 4000000))
      on conflict (seq) do update set vector = excluded.vector;
    insert into entry_word select distinct unnest(tsvector_to_array(vector)) from entry_search where seq = new.seq
      on conflict do nothing;
    return null;
  exception when program_limit_exceeded then
    insert into entry_search (seq, vector) values (new.seq, entry_words_vector(new, 20000))
      on conflict (seq) do update set vector = excluded.vector;
    return null;
  end $$`

/** The words are kept already; of the commonest a thousand times more are to be known by how many entries have them. */
export async function createVocabulary(db: Kysely<unknown>): Promise<void> {
  await sql`alter table entry_search alter column vector set statistics 300`.execute(db)
}

/**
 * Two writers that bring the same new word no longer wait for each other: each may add it, and a word that is there twice is read
 * once. Waiting for each other's words in different order they would have met in a deadlock.
 */
export async function shareWords(db: Kysely<unknown>): Promise<void> {
  for (const statement of SHARED_VOCABULARY) await sql.raw(statement).execute(db)
  await SHARED_WRITE.execute(db)
}

const SHARED_VOCABULARY = [
  'alter table entry_word add column copy integer not null default floor(random() * 2147483647)',
  'alter table entry_word drop constraint entry_word_pkey',
  'alter table entry_word add primary key (term, copy)',
]

const SHARED_WRITE = sql`create or replace function entry_search_write() returns trigger language plpgsql as $$
  begin
    insert into entry_search (seq, vector) values (new.seq, entry_words_vector(new, 4000000))
      on conflict (seq) do update set vector = excluded.vector;
    insert into entry_word (term) select term
      from (select distinct unnest(tsvector_to_array(vector)) as term from entry_search where seq = new.seq) as given
      where not exists (select 1 from entry_word as known where known.term = given.term)
      on conflict do nothing;
    return null;
  exception when program_limit_exceeded then
    insert into entry_search (seq, vector) values (new.seq, entry_words_vector(new, 20000))
      on conflict (seq) do update set vector = excluded.vector;
    return null;
  end $$`

/** Set in a transaction whose writer brings new words in by itself (writing/vocabulary.ts): then none is looked up here. */
export const WORDS_GIVEN = 'agent_memory.words'

/** As many rows as one statement adds are indexed at once; one that is changed is, as before, by itself. */
export async function indexManyAtOnce(db: Kysely<unknown>): Promise<void> {
  for (const statement of [ADD, ...TRIGGERS]) await statement.execute(db)
}

/** Of a text that is too long for a vector only the beginning is indexed, as in `entry_search_write`: then row by row. */
const ADD = sql`create function entry_search_add() returns trigger language plpgsql as $$
  declare one entry;
  begin
    begin
      insert into entry_search (seq, vector) select seq, entry_words_vector(added, 4000000) from added
        on conflict (seq) do update set vector = excluded.vector;
    exception when program_limit_exceeded then
      for one in select entry.* from added join entry using (seq) loop
        begin
          insert into entry_search (seq, vector) values (one.seq, entry_words_vector(one, 4000000))
            on conflict (seq) do update set vector = excluded.vector;
        exception when program_limit_exceeded then
          insert into entry_search (seq, vector) values (one.seq, entry_words_vector(one, 20000))
            on conflict (seq) do update set vector = excluded.vector;
        end;
      end loop;
    end;
    if coalesce(current_setting('${sql.raw(WORDS_GIVEN)}', true), '') = '' then
      insert into entry_word (term) select term
        from (select distinct unnest(tsvector_to_array(vector)) as term
          from entry_search where seq in (select seq from added)) as given
        where not exists (select 1 from entry_word as known where known.term = given.term)
        on conflict do nothing;
    end if;
    return null;
  end $$`

const TRIGGERS = [
  sql`drop trigger entry_search on entry`,
  sql`create trigger entry_search after insert on entry referencing new table as added
    for each statement execute function entry_search_add()`,
  sql`create trigger entry_search_update after update of name, content, tags, search_text on entry
    for each row execute function entry_search_write()`,
]

/** Both triggers stand aside where the search_path is empty, as every dump sets it: none of our names would be found. */
export async function indexNothingRestored(db: Kysely<unknown>): Promise<void> {
  for (const statement of ASIDE) await statement.execute(db)
}

const ASIDE = [
  sql`create or replace trigger entry_search after insert on entry referencing new table as added
    for each statement when (current_setting('search_path') <> '') execute function entry_search_add()`,
  sql`create or replace trigger entry_search_update after update of name, content, tags, search_text on entry
    for each row when (current_setting('search_path') <> '') execute function entry_search_write()`,
]
