import { type RawBuilder, sql } from 'kysely'

/** A JSON list of texts, as RFC 8259 writes one: before version 16 PostgreSQL has no other way to ask without an error. */
const ELEMENT = String.raw`"([^"\\[:cntrl:]]|\\(["\\/bfnrt]|u[0-9a-fA-F]{4}))*"`
const LIST_OF_TEXTS = String.raw`^\s*\[\s*(${ELEMENT}\s*(,\s*${ELEMENT}\s*)*)?\]\s*$`

/** The elements of a JSON list of texts in that column as rows `listed(value)`. What is no such list counts as empty. */
export function elementsOf(column: string): RawBuilder<unknown> {
  const list = sql.ref(column)
  return sql`jsonb_array_elements_text(
    case when ${list} ~ ${sql.lit(LIST_OF_TEXTS)} then ${list}::jsonb else '[]'::jsonb end) as listed(value)`
}
