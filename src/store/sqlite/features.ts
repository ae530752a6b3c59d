import type { DatabaseSync } from 'node:sqlite'
import { AppError } from '../../domain/errors.ts'

/** RETURNING, which the queries use, came with this release. */
const OLDEST = [3, 35]

/** A Node that was built with the system's SQLite may have an old one, or one without full-text search. */
export function requireFeatures(db: DatabaseSync): void {
  const missing = missingFeature(readFeatures(db))
  if (missing === undefined) return
  throw new AppError('DATABASE_ERROR', `The SQLite of this Node ${missing}.`, {
    suggestion: 'Use a Node from nodejs.org (22.16 or later, or 24): it brings its own SQLite.',
  })
}

interface Features {
  readonly version: string
  readonly hasFts5: boolean
}

export function readFeatures(db: DatabaseSync): Features {
  const row = db
    .prepare(`select sqlite_version() as version, sqlite_compileoption_used('ENABLE_FTS5') as fts5`)
    .get()
  return { version: String(row?.['version']), hasFts5: row?.['fts5'] === 1 }
}

/** What is missing, as the end of a sentence. */
export function missingFeature({ version, hasFts5 }: Features): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [needMajor = 0, needMinor = 0] = OLDEST
  if (major < needMajor || (major === needMajor && minor < needMinor))
    return `is ${version}; at least ${OLDEST.join('.')} is needed`
  return hasFts5 ? undefined : 'has no full-text search (FTS5)'
}
