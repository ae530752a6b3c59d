import { sql } from 'kysely'
import type { PartsOfDatabase } from '../check/parts.ts'

export const parts: PartsOfDatabase = {
  listed: sql<{
    part: string
  }>`select s.name || '.' || c.name as part from sqlite_schema as s, pragma_table_info(s.name) as c
    where s.type = 'table' union all select type || ' ' || name from sqlite_schema where type in ('index', 'trigger')`,
  own: [
    ...['insert', 'delete', 'update'].map((when) => `trigger entry_words_${when}`),
    ...['insert', 'update'].map((when) => `trigger entry_word_${when}`),
  ],
}
