import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely'
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
  // The only place where a mark passes for a value; it never leaves the compiled query.
  const marks = Object.fromEntries(keys.map((key) => [key, `${MARK}${key}`])) as Values as V
  const compiled = compiledOnce((db) => build(db, marks), placesOf)
  return async (db, values) => {
    const { query, extra: places } = compiled(db)
    const parameters = places.map((place) => filled(place, values))
    return (await run<R>(db, query, parameters)).rows
  }
}

/** Where a value goes, or what stands there in any case; a list may be one parameter. */
interface Place {
  readonly key?: string
  readonly list?: readonly Place[]
  readonly value?: unknown
}

function placesOf({ parameters }: CompiledQuery): Place[] {
  return parameters.map(placeOf)
}

function placeOf(value: unknown): Place {
  if (Array.isArray(value)) return { list: value.map(placeOf) }
  return typeof value === 'string' && value.startsWith(MARK) ? { key: value.slice(MARK.length) } : { value }
}

function filled({ key, list, value }: Place, values: Values): unknown {
  if (list) return list.map((place) => filled(place, values))
  return key === undefined ? value : values[key]
}

/** Straight to the executor: the way over `db` looks again whether it is compiled. */
function run<R>(
  db: Kysely<Schema>,
  { sql, query, queryId }: CompiledQuery<R>,
  parameters: readonly unknown[],
): Promise<QueryResult<R>> {
  return db.getExecutor().executeQuery<R>({ sql, query, queryId, parameters })
}

/** So many rows go at once; what is left of them in fewer. */
const ROWS_AT_ONCE = [50, 16, 4, 1] as const

type Row<C extends string> = Readonly<Record<C, Value>>

/** Inserts rows of these columns, with few statements, all of which were built before. */
export function preparedInsert<C extends string, R = never>(
  columns: readonly C[],
  build: (db: Kysely<Schema>, rows: Row<C>[]) => Compilable<R>,
): (db: Kysely<Schema>, rows: readonly Row<C>[]) => Promise<R[]> {
  const inserts = ROWS_AT_ONCE.map((count) => ({ count, insert: insertOf(columns, count, build) }))
  return async (db, rows) => {
    const parts: Promise<R[]>[] = []
    let start = 0
    for (const { count, insert } of inserts)
      for (; rows.length - start >= count; start += count)
        parts.push(insert(db, rows.slice(start, start + count)))
    return (await Promise.all(parts)).flat()
  }
}

/** The same for exactly so many rows: their values, column by column, are all the parameters there are. */
function insertOf<C extends string, R>(
  columns: readonly C[],
  count: number,
  build: (db: Kysely<Schema>, rows: Row<C>[]) => Compilable<R>,
) {
  const blank = Object.fromEntries(columns.map((column) => [column, ''])) as Row<C>
  const compiled = compiledOnce((db) => build(db, Array<Row<C>>(count).fill(blank)), countParameters)
  return async (db: Kysely<Schema>, rows: readonly Row<C>[]): Promise<R[]> => {
    const { query, extra: parameterCount } = compiled(db)
    const parameters: unknown[] = []
    for (const row of rows) for (const column of columns) parameters.push(row[column])
    if (parameterCount !== parameters.length)
      throw new RangeError('a prepared insert has no other parameters')
    return (await run<R>(db, query, parameters)).rows
  }
}

const countParameters = ({ parameters }: CompiledQuery) => parameters.length

/** The text differs by database; each has a compiler of its own class. `look` is what is known of the query from then on. */
function compiledOnce<R, T>(
  build: (db: Kysely<Schema>) => Compilable<R>,
  look: (query: CompiledQuery<R>) => T,
): (db: Kysely<Schema>) => { readonly query: CompiledQuery<R>; readonly extra: T } {
  const queries = new WeakMap<object, { query: CompiledQuery<R>; extra: T }>()
  return (db) => {
    const dialect = db.getExecutor().adapter.constructor
    const known = queries.get(dialect)
    if (known) return known
    const query = build(db).compile()
    const made = { query, extra: look(query) }
    queries.set(dialect, made)
    return made
  }
}
