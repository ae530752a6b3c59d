import { DatabaseSync, StatementSync } from 'node:sqlite'

type Value = null | number | bigint | string | Uint8Array

/** One call of the driver: on which connection, which statement, with which values. */
interface Step {
  readonly connection: number
  readonly sql: string
  readonly method: 'exec' | 'run' | 'all' | 'get'
  readonly values: readonly Value[]
}

/** Everything (so far `count()` steps) that `work` made the SQLite driver do, so that the same can be done again without the program around it. */
export async function record(work: (count: () => number) => Promise<void>): Promise<Step[]> {
  const steps: Step[] = []
  const connections = new Map<DatabaseSync, number>()
  const statements = new WeakMap<StatementSync, { connection: number; sql: string }>()
  const numberOf = (db: DatabaseSync) => {
    const known = connections.get(db) ?? connections.size
    connections.set(db, known)
    return known
  }
  const database = DatabaseSync.prototype
  const statement = StatementSync.prototype
  const originals = {
    prepare: database.prepare,
    exec: database.exec,
    run: statement.run,
    all: statement.all,
    get: statement.get,
  }
  database.prepare = function (this: DatabaseSync, sql, ...rest) {
    const made = originals.prepare.call(this, sql, ...rest)
    statements.set(made, { connection: numberOf(this), sql })
    return made
  }
  database.exec = function (this: DatabaseSync, sql) {
    steps.push({ connection: numberOf(this), sql, method: 'exec', values: [] })
    originals.exec.call(this, sql)
  }
  for (const method of ['run', 'all', 'get'] as const) {
    const original = originals[method] as (...values: Value[]) => unknown
    Object.assign(statement, {
      [method](this: StatementSync, ...values: Value[]) {
        const known = statements.get(this)
        if (known) steps.push({ ...known, method, values })
        return original.apply(this, values)
      },
    })
  }
  try {
    await work(() => steps.length)
  } finally {
    Object.assign(database, { prepare: originals.prepare, exec: originals.exec })
    Object.assign(statement, { run: originals.run, all: originals.all, get: originals.get })
  }
  return steps
}

/** Does the recorded steps on the file, with each statement prepared once. Answers the milliseconds that took. */
export function replay(path: string, steps: readonly Step[], setUp: (db: DatabaseSync) => void): number {
  const connections = new Map<number, { db: DatabaseSync; statements: Map<string, StatementSync> }>()
  for (const { connection } of steps) {
    if (connections.has(connection)) continue
    const db = new DatabaseSync(path, { enableForeignKeyConstraints: true })
    setUp(db)
    connections.set(connection, { db, statements: new Map() })
  }
  const started = performance.now()
  for (const { connection, sql, method, values } of steps) {
    const target = connections.get(connection)
    if (!target) continue
    if (method === 'exec') {
      target.db.exec(sql)
      continue
    }
    const prepared = target.statements.get(sql) ?? target.db.prepare(sql)
    target.statements.set(sql, prepared)
    prepared[method](...values)
  }
  const elapsed = performance.now() - started
  for (const { db } of connections.values()) db.close()
  return elapsed
}
