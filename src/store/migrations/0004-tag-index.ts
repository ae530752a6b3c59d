import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

/** A change of tags whose texts joined by commas were the same did not reach the index: it is made to say what the entries say. */
export const tagIndex: Migration = {
  name: '0004-tag-index',
  changesData: true,
  async up(db, { elementsOf }) {
    const tags = elementsOf('entry.tags')
    await sql`delete from entry_tag where not exists (select 1 from entry, ${tags}
      where entry.id = entry_tag.entry_id and listed.value = entry_tag.tag)`.execute(db)
    await sql`insert into entry_tag (entry_id, tag)
      select distinct entry.id, listed.value from entry, ${tags} where not exists (select 1 from entry_tag
        where entry_tag.entry_id = entry.id and entry_tag.tag = listed.value)`.execute(db)
  },
}
