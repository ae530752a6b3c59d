import { type RawBuilder, sql } from 'kysely'

/** The elements of a JSON list in that column as rows `listed(value)`. What is no JSON counts as empty: the check of rows names it. */
export function elementsOf(column: string): RawBuilder<unknown> {
  const list = sql.ref(column)
  return sql`json_each(case when json_valid(${list}) then ${list} else '[]' end) as listed`
}
