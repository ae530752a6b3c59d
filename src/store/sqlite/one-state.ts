import type { DatabaseSync } from 'node:sqlite'

/** Everything that `read` asks is of one state: between two separate statements another process may commit. */
export function asOneState<T>(db: DatabaseSync, read: () => T): T {
  if (db.isTransaction) return read()
  db.exec('begin')
  try {
    return read()
  } finally {
    if (db.isTransaction) db.exec('rollback')
  }
}
