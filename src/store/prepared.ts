import type { Compilable, CompiledQuery, Kysely } from 'kysely'
import type { Schema } from './schema.ts'

type Value = string | number | null
type Values = Readonly<Record<string, Value>>

/** No text of ours begins so: NUL is refused in everything that callers give. */
const MARK = '\0value:'

/**
 * A query that is built once for each database and then run with other values: building one costs more than running it. `keys`
 * names the values; the query must do nothing with a value but put it in as a parameter.
 */
export function prepared<V extends Values, R>(
  keys: readonly (keyof V & string)[],
  build: (db: Kysely<Schema>, values: V) => Compilable<R>,
): (db: Kysely<Schema>, values: V) => Promise<R[]> {
  // The text differs by database; each has a compiler of its own class.
  const queries = new WeakMap<object, CompiledQuery<R>>()
  // The only place where a mark passes for a value; it never leaves the compiled query.
  const marks = Object.fromEntries(keys.map((key) => [key, `${MARK}${key}`])) as Values as V
  return async (db, values) => {
    const dialect = db.getExecutor().adapter.constructor
    let query = queries.get(dialect)
    if (!query) {
      query = build(db, marks).compile()
      queries.set(dialect, query)
    }
    const parameters = query.parameters.map((value) =>
      typeof value === 'string' && value.startsWith(MARK) ? values[value.slice(MARK.length)] : value,
    )
    const { rows } = await db.executeQuery<R>({ ...query, parameters })
    return rows
  }
}

const ROWS_AT_ONCE = 50

/** Inserts rows of these columns: one by one or fifty at once, whatever takes the fewest statements that were built before. */
export function preparedInsert<C extends string, R = never>(
  columns: readonly C[],
  build: (db: Kysely<Schema>, rows: Readonly<Record<C, Value>>[]) => Compilable<R>,
): (db: Kysely<Schema>, rows: readonly Readonly<Record<C, Value>>[]) => Promise<R[]> {
  const one = insertOf(columns, 1, build)
  const many = insertOf(columns, ROWS_AT_ONCE, build)
  return async (db, rows) => {
    const answers: R[] = []
    for (let start = 0; start < rows.length; ) {
      const part = rows.slice(start, start + ROWS_AT_ONCE)
      start += part.length
      if (part.length === ROWS_AT_ONCE) answers.push(...(await many(db, flat(part))))
      else if (part.length === 1) answers.push(...(await one(db, flat(part))))
      else answers.push(...(await db.executeQuery<R>(build(db, [...part]))).rows)
    }
    return answers
  }
}

function insertOf<C extends string, R>(
  columns: readonly C[],
  count: number,
  build: (db: Kysely<Schema>, rows: Readonly<Record<C, Value>>[]) => Compilable<R>,
) {
  const places = Array.from({ length: count }, (_, place) => place)
  const keys = places.flatMap((place) => columns.map((column) => `${place}.${column}`))
  return prepared<Values, R>(keys, (db, values) =>
    build(
      db,
      places.map((place) => row(columns, (column) => values[`${place}.${column}`] ?? null)),
    ),
  )
}

function flat<C extends string>(rows: readonly Readonly<Record<C, Value>>[]): Values {
  return Object.fromEntries(
    rows.flatMap((values, place) =>
      Object.entries<Value>(values).map(([column, value]) => [`${place}.${column}`, value]),
    ),
  )
}

function row<C extends string>(columns: readonly C[], valueAt: (column: C) => Value): Record<C, Value> {
  return Object.fromEntries(columns.map((column) => [column, valueAt(column)])) as Record<C, Value>
}
