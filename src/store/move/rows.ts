import { type Kysely, type RawBuilder, sql } from 'kysely'
import { AppError } from '../../domain/errors.ts'
import type { Reader, Writer } from '../access.ts'
import type { Schema } from '../schema.ts'
import type { Step, Table } from './steps.ts'

type Value = string | number | null
/** A row as it stands there, whatever its table. */
export type Row = Readonly<Record<string, Value>>
type Key = readonly Value[]

// A move takes rows as they are: no column is named here, so that none can be forgotten.

/** The rows of a step after this key, page by page. Ask it of a snapshot. */
export async function* pages(
  db: Reader,
  step: Step,
  after: Key | undefined,
): AsyncGenerator<readonly Row[], void> {
  let last = after
  for (;;) {
    const rows = await readPage(db, step, last)
    if (rows.length > 0) yield rows
    if (rows.length < step.rowsAtOnce) return
    last = keyOf(step, rows.at(-1))
  }
}

async function readPage(db: Reader, step: Step, after: Key | undefined): Promise<readonly Row[]> {
  const { table, rowsAtOnce } = step
  const { rows } =
    await sql<Row>`select * from ${sql.table(table)} where ${isOf(step)} and ${isAfter(step, after)}
    order by ${columns(step.key)} limit ${rowsAtOnce}`.execute(db)
  return rows
}

/** The key of the last row that stands there, undefined where none does. */
export async function lastKey(db: Kysely<Schema>, step: Step): Promise<Key | undefined> {
  const descending = sql.join(step.key.map((column) => sql`${sql.ref(column)} desc`))
  const { rows } =
    await sql<Row>`select ${columns(step.key)} from ${sql.table(step.table)} where ${isOf(step)}
    order by ${descending} limit 1`.execute(db)
  return rows.length === 0 ? undefined : keyOf(step, rows[0])
}

/** Adds rows behind the one that was the last; refuses when another one has become that. */
export async function appendRows(
  db: Writer,
  step: Step,
  { rows, after }: { rows: readonly Row[]; after: Key | undefined },
): Promise<void> {
  if (JSON.stringify(await lastKey(db, step)) !== JSON.stringify(after)) throw notAlone()
  const [first = {}] = rows
  const names = Object.keys(first)
  const values = rows.map((row) => sql`(${sql.join(names.map((name) => row[name] ?? null))})`)
  await sql`insert into ${sql.table(step.table)} (${columns(names)}) values ${sql.join(values)}`.execute(db)
}

/** Takes some rows away; true while there may be more. */
export async function deletePage(db: Writer, step: Step): Promise<boolean> {
  const key = columns(step.key)
  const table = sql.table(step.table)
  const { numAffectedRows = 0n } = await sql`delete from ${table} where (${key}) in
    (select ${key} from ${table} where ${isOf(step)} limit ${step.rowsAtOnce})`.execute(db)
  return numAffectedRows > 0n
}

export async function countRows(db: Reader, step: Step): Promise<number> {
  const { rows } = await sql<{
    n: number
  }>`select count(*) as n from ${sql.table(step.table)} where ${isOf(step)}`.execute(db)
  return Number(rows[0]?.n)
}

/** True when the table holds a row that an operation has put there. */
export async function hasRows(db: Reader, table: Table): Promise<boolean> {
  const own = table === 'scope' ? sql`type <> 'global'` : sql`true`
  const { rows } = await sql`select 1 from ${sql.table(table)} where ${own} limit 1`.execute(db)
  return rows.length > 0
}

export function keyOf({ key }: Step, row: Row = {}): Key {
  return key.map((column) => row[column] ?? null)
}

function isOf({ scopeType }: Step): RawBuilder<unknown> {
  return scopeType === undefined ? sql`true` : sql`type = ${scopeType}`
}

function isAfter({ key }: Step, after: Key | undefined): RawBuilder<unknown> {
  return after === undefined ? sql`true` : sql`(${columns(key)}) > (${sql.join(after)})`
}

function columns(names: readonly string[]): RawBuilder<unknown> {
  return sql.join(names.map((name) => sql.ref(name)))
}

function notAlone(): AppError {
  return new AppError('CONFLICT', 'Something else writes to the target of the migration.', {
    suggestion: 'Let nothing else use the target, then run the same command again: it goes on.',
  })
}
