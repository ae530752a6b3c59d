import { existsSync, statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import type { Finding } from '../../../../domain/places/database-file.ts'
import type { Migration } from '../../../migrate.ts'
import { isBusy, toAppError } from '../../errors.ts'
import { findOpeners } from '../openers.ts'
import { openReadOnly } from '../read-only.ts'
import { requireRegularFile } from '../regular-file.ts'
import { checkContents } from './check-contents.ts'
import { checkPlace, megabytes } from './check-place.ts'

const BUSY_TIMEOUT_MS = 3_000
/** A checkpoint brings it back to nothing; this much of it means that none gets through. */
const LARGE_WAL = 64 * 1024 * 1024
/** A write takes milliseconds. */
const LONG_WRITE_MS = 1_000

/** Looks at the database and all around it. Changes nothing, and answers whatever is wrong. */
export async function checkSqlite(path: string, migrations: readonly Migration[]): Promise<Finding[]> {
  try {
    const place = checkPlace(path)
    requireRegularFile(path)
    if (!existsSync(path))
      return [...place, { check: 'Database', level: 'ok', text: 'None yet; the first start makes it.' }]
    return [
      ...place,
      checkFile(path),
      ...checkWal(path),
      ...(await checkOpeners(path)),
      ...(await look(path, migrations)),
    ]
  } catch (error) {
    return [asFinding(error, path)]
  }
}

function checkFile(path: string): Finding {
  return { check: 'Database', level: 'ok', text: `${path}, ${megabytes(statSync(path).size)}.` }
}

async function look(path: string, migrations: readonly Migration[]): Promise<Finding[]> {
  const wasClosed = !existsSync(`${path}-wal`)
  const findings = await lookOnce(path, migrations)
  // Another process has opened it meanwhile: what was read without locks may be halves of two states.
  const isDoubtful =
    wasClosed && existsSync(`${path}-wal`) && findings.some(({ level }) => level === 'broken')
  return isDoubtful ? lookOnce(path, migrations) : findings
}

async function lookOnce(path: string, migrations: readonly Migration[]): Promise<Finding[]> {
  let db: DatabaseSync | undefined
  try {
    db = openReadOnly(path, BUSY_TIMEOUT_MS)
    return await checkContents(db, path, migrations)
  } catch (error) {
    return [asFinding(error, path)]
  } finally {
    db?.close()
  }
}

function asFinding(error: unknown, path: string): Finding {
  const { message, suggestion } = toAppError(error, path)
  return { check: isBusy(error) ? 'Use' : 'Database', level: 'broken', text: message, mend: suggestion }
}

function checkWal(path: string): Finding[] {
  const wal = `${path}-wal`
  const bytes = existsSync(wal) ? statSync(wal).size : 0
  if (bytes <= LARGE_WAL) return [{ check: 'Write-ahead log', level: 'ok', text: `${megabytes(bytes)}.` }]
  const text = `${megabytes(bytes)}: a process that reads without end keeps it from being written back.`
  const mend = 'End the processes that have the database open, one by one; the last one writes it back.'
  return [{ check: 'Write-ahead log', level: 'warning', text, mend }]
}

async function checkOpeners(path: string): Promise<Finding[]> {
  const openers = findOpeners(path)
  if (openers === undefined) return []
  const check = 'Use'
  const { open, writer } = openers
  if (writer !== undefined && (await isStillWriting(path, writer))) {
    const text = `Process ${writer} has been writing for more than ${LONG_WRITE_MS} ms; others wait for it.`
    return [{ check, level: 'warning', text, mend: `Let it finish, or end it: kill ${writer}` }]
  }
  const processes = open.length === 1 ? 'process' : 'processes'
  const text =
    open.length === 0 ? 'Nobody has it open.' : `Open in ${open.length} ${processes} (${open.join(', ')}).`
  return [{ check, level: 'ok', text }]
}

async function isStillWriting(path: string, writer: number): Promise<boolean> {
  const until = performance.now() + LONG_WRITE_MS
  while (performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    if (findOpeners(path)?.writer !== writer) return false
  }
  return true
}
