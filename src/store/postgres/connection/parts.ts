import { sql } from 'kysely'
import type { PartsOfDatabase } from '../../check/parts.ts'

const HERE = sql`c.relnamespace = current_schema()::regnamespace`

/** An index that could not be built and a trigger that is switched off are as good as gone. */
export const parts: PartsOfDatabase = {
  listed: sql<{ part: string }>`select c.relname || '.' || a.attname as part from pg_class c
      join pg_attribute a on a.attrelid = c.oid where ${HERE} and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
    union all select 'index ' || c.relname from pg_class c join pg_index i on i.indexrelid = c.oid where ${HERE} and i.indisvalid
    union all select 'trigger ' || t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where ${HERE} and not t.tgisinternal and t.tgenabled <> 'D'`,
  own: [
    'index entry_id_key',
    'index entry_search_vector',
    'trigger entry_search',
    'trigger entry_search_update',
  ],
}
