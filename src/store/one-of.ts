import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely'

/** That a column has one of these values, for statements that are written out: the compiler of each database knows its best form. */
export function isOneOf(column: string, values: readonly (string | number)[]): Expression<SqlBool> {
  return expressionBuilder<Record<string, never>, never>()(sql.ref(column), 'in', values)
}
