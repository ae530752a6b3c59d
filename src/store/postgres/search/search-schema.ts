import { type Kysely, sql } from 'kysely'

/** Signs that part words, beside those that PostgreSQL knows as such in every locale. */
const SEPARATORS = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~‘’‚“”„«»‹›–—…·•¡¿、。，．：；！？「」『』（）【】《》　'

/**
 * The vectors stand beside the entries, so that reading an entry does not carry its vector along; a trigger keeps the two
 * together. English stems, but no stop words (a query may consist of them), and words are only letters and digits: to
 * PostgreSQL's own parser a path or an address is one word.
 */
export async function createTextIndex(db: Kysely<unknown>): Promise<void> {
  for (const statement of [DICTIONARY, CONFIGURATION, MAPPING, WORDS, TABLE, INDEX, VECTOR, WRITE, TRIGGER]) {
    await statement.execute(db)
  }
}

const DICTIONARY = sql`create text search dictionary agent_memory_stem (template = snowball, language = english)`
const CONFIGURATION = sql`create text search configuration agent_memory (copy = pg_catalog.simple)`
const MAPPING = sql`alter text search configuration agent_memory
  alter mapping for asciiword, word with agent_memory_stem`

/** Text as the index takes it: accents and separators gone. */
const WORDS = sql`create function entry_search_words(given text) returns text language sql immutable strict parallel safe
  return translate(normalize(regexp_replace(normalize(given, NFD), '[\u0300-\u036f]+', '', 'g'), NFC),
    ${sql.lit(SEPARATORS)}, ${sql.lit(' '.repeat([...SEPARATORS].length))})`

const TABLE = sql`create table entry_search (
  seq bigint primary key references entry (seq) on delete cascade, vector tsvector not null)`
const INDEX = sql`create index entry_search_vector on entry_search using gin (vector) with (fastupdate = off)`

const VECTOR = sql`create function entry_search_vector(entry, most integer) returns tsvector language sql stable as $$
  select setweight(to_tsvector('agent_memory', entry_search_words(left($1.name, most))), 'A')
    || setweight(to_tsvector('agent_memory', entry_search_words(left($1.tags, most))), 'B')
    || setweight(to_tsvector('agent_memory', entry_search_words(left($1.content, most))), 'C')
    || setweight(to_tsvector('agent_memory', entry_search_words(left($1.search_text, most))), 'D') $$`

/** A vector has room for a megabyte. Very long texts of ever new words can take more: then their beginnings are indexed. */
const WRITE = sql`create function entry_search_write() returns trigger language plpgsql as $$
  begin
    insert into entry_search (seq, vector) values (new.seq, entry_search_vector(new, 1000000))
      on conflict (seq) do update set vector = excluded.vector;
    return null;
  exception when program_limit_exceeded then
    insert into entry_search (seq, vector) values (new.seq, entry_search_vector(new, 20000))
      on conflict (seq) do update set vector = excluded.vector;
    return null;
  end $$`
const TRIGGER = sql`create trigger entry_search after insert or update of name, content, tags, search_text on entry
  for each row execute function entry_search_write()`
