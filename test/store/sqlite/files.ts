import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Migration } from '../../../src/store/migrate.ts'
import { openSqlite } from '../../../src/store/sqlite/open.ts'

/** A temporary folder, removed afterwards. */
export async function withFolder<T>(body: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-sqlite-'))
  try {
    return await body(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Makes a database by hand. */
export function makeDatabase(path: string, sql: string): void {
  const db = new DatabaseSync(path)
  db.exec(sql)
  db.close()
}

/** Reads a closed database. */
export function query(path: string, sql: string): Record<string, unknown>[] {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    return db.prepare(sql).all()
  } finally {
    db.close()
  }
}

/** Name, rights and content of every file: what must be the same when nothing was touched. */
export function fingerprint(folder: string): Record<string, string> {
  const names = readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort()
  return Object.fromEntries(
    names.map((name) => {
      const path = join(folder, name)
      const hash = createHash('sha256').update(readFileSync(path)).digest('hex')
      return [name, `${statSync(path).mode.toString(8)} ${hash}`]
    }),
  )
}

/** Opens and closes; answers the schema version. */
export async function openOnce(path: string, migrations?: readonly Migration[]): Promise<number> {
  const database = await openSqlite({ path, ...(migrations && { migrations }) })
  await database.close()
  return database.schemaVersion
}
