import { sql } from 'kysely'
import type { Finding } from '../../domain/places/database-file.ts'
import type { Reader } from '../access.ts'
import type { Schema } from '../schema.ts'
import { ALL_TABLES, type Row, TABLE_CHECKS, type TableCheck } from './tables.ts'

const SHOWN = 5

/** Called with each row that can be read. */
export type Visit = (table: keyof Schema, row: Row) => void

/** Reads every row of every table once and holds it against the schema of what it stands for; broken ones are named. */
export async function checkRows(db: Reader, visit: Visit): Promise<Finding> {
  const problems: string[] = []
  let [rows, broken] = [0, 0]
  for (const table of ALL_TABLES) {
    for await (const row of rowsOf(db, table)) {
      rows++
      const problem = problemOf(TABLE_CHECKS[table], row)
      if (problem === undefined) visit(table, row)
      else if (++broken <= SHOWN) problems.push(problem)
    }
  }
  const check = 'Rows'
  if (broken === 0) return { check, level: 'ok', text: `Every row can be read (${rows}).` }
  const more = broken > SHOWN ? ` And ${broken - SHOWN} more.` : ''
  const mend =
    'Put a backup in its place (agent-memory restore FILE, or pg_restore), or set the column right in the database: its tables are plain SQL.'
  return { check, level: 'broken', text: `${problems.join(' ')}${more}`, mend }
}

/** In pages, by the columns that order the table. */
export async function* rowsOf(db: Reader, table: keyof Schema): AsyncGenerator<Row> {
  const { key, rowsAtOnce } = TABLE_CHECKS[table]
  const columns = sql.join(key.map((name) => sql.ref(name)))
  // What an entry's row lacks to be an entry.
  const scopeType =
    table === 'entry' ? sql`, (select type from scope where scope.id = entry.scope_id) as scope_type` : sql``
  let after = sql``
  for (;;) {
    const { rows } = await sql<Row>`select ${sql.table(table)}.*${scopeType} from ${sql.table(table)}
      ${after} order by ${columns} limit ${sql.lit(rowsAtOnce)}`.execute(db)
    yield* rows
    const last = rows.at(-1)
    if (!last || rows.length < rowsAtOnce) return
    after = sql`where (${columns}) > (${sql.join(key.map((name) => last[name]))})`
  }
}

function problemOf({ json, label, value, schema }: TableCheck, row: Row): string | undefined {
  const broken = json.filter((column) => !isJson(row[column]))
  if (broken.length > 0) return `${label(row)}: column ${broken.join(', ')} holds no JSON.`
  const parsed = schema.safeParse(made(value, row))
  if (parsed.success) return undefined
  const [issue] = parsed.error.issues
  const path = issue?.path.filter((step) => !/^(scope|entry|relation|conflict|vote)$/.test(String(step)))
  return `${label(row)}: ${path?.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}.`
}

/** What cannot even be made of a row fits no schema. */
function made(value: TableCheck['value'], row: Row): unknown {
  try {
    return value(row)
  } catch {
    return undefined
  }
}

function isJson(text: unknown): boolean {
  try {
    JSON.parse(String(text))
    return true
  } catch {
    return false
  }
}
