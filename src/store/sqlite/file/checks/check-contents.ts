import type { DatabaseSync } from 'node:sqlite'
import type { Finding } from '../../../../domain/places/database-file.ts'
import { checkStored, notBroughtUpToDate } from '../../../check/contents.ts'
import type { Migration } from '../../../migrate.ts'
import type { Schema } from '../../../schema.ts'
import { sqliteKysely } from '../../dialect.ts'
import { elementsOf } from '../../elements.ts'
import { missingFeature, readFeatures } from '../../features.ts'
import { asOneState } from '../../one-state.ts'
import { parts } from '../../parts.ts'
import { isIndexTrue } from '../../search/verify.ts'
import { versionOf } from '../identity.ts'

const SHOWN_PROBLEMS = 5

/** Whether the database is ours and whole, asked of a connection that may only read. Throws for one that is not ours. */
export async function checkContents(
  db: DatabaseSync,
  path: string,
  migrations: readonly Migration[],
): Promise<Finding[]> {
  const version = versionOf(db, path, migrations)
  const integrity = checkIntegrity(db)
  const findings = [checkSqlite(db), checkVersion(version, migrations.length), integrity]
  if (version === 0 || integrity.level === 'broken') return findings
  if (version < migrations.length)
    return [...findings, notBroughtUpToDate(), asOneState(db, () => checkSearch(db))]
  const stored = await checkStored(sqliteKysely<Schema>(db, 'begin deferred'), { elementsOf, parts })
  if (stored.length === 1) return [...findings, ...stored]
  return [...findings, ...stored, asOneState(db, () => checkSearch(db))]
}

function checkSqlite(db: DatabaseSync): Finding {
  const features = readFeatures(db)
  const missing = missingFeature(features)
  if (missing === undefined)
    return { check: 'SQLite', level: 'ok', text: `${features.version}, with full-text search.` }
  const mend = 'Use a Node from nodejs.org (22.16 or later, or 24): it brings its own SQLite.'
  return { check: 'SQLite', level: 'broken', text: `The SQLite of this Node ${missing}.`, mend }
}

function checkVersion(version: number, known: number): Finding {
  const check = 'Schema'
  if (version === known) return { check, level: 'ok', text: `Version ${version}.` }
  return { check, level: 'ok', text: `Version ${version}; the next start brings it to ${known}.` }
}

function checkIntegrity(db: DatabaseSync): Finding {
  const check = 'Integrity'
  const rows = db.prepare(`pragma quick_check(${SHOWN_PROBLEMS})`).all()
  const problems = rows.map((row) => String(row['quick_check'])).filter((text) => text !== 'ok')
  const orphan = problems.length === 0 ? db.prepare('pragma foreign_key_check').get() : undefined
  if (orphan) problems.push(`rows of ${String(orphan['table'])} refer to rows that are gone`)
  if (problems.length === 0) return { check, level: 'ok', text: 'Sound.' }
  const mend =
    'Put a backup in its place: agent-memory restore FILE keeps the damaged one. Try agent-memory export first: it works where only an index is damaged.'
  return { check, level: 'broken', text: `Damaged: ${problems.join('; ')}.`, mend }
}

function checkSearch(db: DatabaseSync): Finding {
  const check = 'Search'
  const { entries, missing, stale } = countIndexed(db)
  const isWhole = missing + stale === 0
  if (isWhole && isIndexTrue(db))
    return { check, level: 'ok', text: `The index holds every entry (${entries}).` }
  const text = isWhole
    ? 'The index holds entries with other words than theirs.'
    : `Entries missing in the index: ${missing}; in it, but gone: ${stale}.`
  return { check, level: 'broken', text, mend: 'agent-memory doctor --mend builds it anew.' }
}

/** Whether the index knows every entry by its words, and none that is gone. */
export function isIndexWhole(db: DatabaseSync): boolean {
  return asOneState(db, () => {
    const { missing, stale } = countIndexed(db)
    return missing + stale === 0 && isIndexTrue(db)
  })
}

function countIndexed(db: DatabaseSync): Record<'entries' | 'missing' | 'stale', number> {
  const row = db
    .prepare(
      `select (select count(*) from entry) as entries,
        (select count(*) from entry where seq not in (select id from entry_words_docsize)) as missing,
        (select count(*) from entry_words_docsize where id not in (select seq from entry)) as stale`,
    )
    .get()
  const number = (name: string) => Number(row?.[name])
  return { entries: number('entries'), missing: number('missing'), stale: number('stale') }
}
