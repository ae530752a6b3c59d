import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { requireRegularFile } from './regular-file.ts'

/**
 * Opens a database to look at it. Where no process has it open, nothing is made beside it either: SQLite
 * takes the file as one that does not change. A connection that may write would recover and rewrite what
 * another program left behind.
 */
export function openReadOnly(path: string, timeoutMs: number): DatabaseSync {
  requireRegularFile(path)
  const options = { readOnly: true, timeout: timeoutMs }
  if (existsSync(`${path}-wal`)) return new DatabaseSync(path, options)
  const url = pathToFileURL(path)
  url.search = 'immutable=1'
  return new DatabaseSync(url, options)
}
