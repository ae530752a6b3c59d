import { type Kysely, sql } from 'kysely'
import type { BulkWrites } from '../../database.ts'
import type { Schema } from '../../schema.ts'

const FIRST_LOOK = 1_000
/** Tables of more rows are known well enough. */
const LAST_LOOK = 16_000

/**
 * Many entries in one transaction. Their words go into the index many at once, not each by itself: in between they stand in a list,
 * which is short, for readers look through all of it. That only the tables' owner can ask for; without it the same is done slower.
 */
const BEGIN = `do $$
  declare before text := current_setting('lock_timeout');
  begin
    perform set_config('lock_timeout', '1s', true);
    alter index entry_search_vector set (fastupdate = on);
    perform set_config('lock_timeout', before, true);
    perform set_config('gin_pending_list_limit', '2MB', true);
  exception when insufficient_privilege or lock_not_available then null;
  end $$`

const END = `do $$
  begin
    if (select 'fastupdate=on' = any (reloptions) from pg_class where oid = 'entry_search_vector'::regclass) then
      perform gin_clean_pending_list('entry_search_vector');
      alter index entry_search_vector set (fastupdate = off);
    end if;
  end $$`

/** PostgreSQL learns of new tables after the commit: until then it would read all rows for a few. A login that does not own them is warned. */
const LOOK = 'analyze entry, entry_tag, entry_word'

export const bulkWrites: BulkWrites = {
  begin: (db) => run(db, BEGIN),
  async grown(db, { from, to }) {
    for (let rows = FIRST_LOOK; rows <= LAST_LOOK; rows *= 4)
      if (from < rows && rows <= to) await run(db, LOOK)
  },
  end: (db) => run(db, END),
}

async function run(db: Kysely<Schema>, text: string): Promise<void> {
  await sql.raw(text).execute(db)
}
