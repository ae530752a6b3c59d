import { existsSync } from 'node:fs'
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { LEASE_COUNTERS } from '../../../leases/counters.ts'
import type { Migration } from '../../../migrate.ts'
import { isUnreadable } from '../../errors.ts'
import { APPLICATION_ID, headerNumber, versionOf } from '../identity.ts'
import { openReadOnly } from '../read-only.ts'
import { type GivenVersions, raiseGivenVersions, readGivenVersions } from './given-versions.ts'

const BUSY_TIMEOUT_MS = 1_000

/** What a restore does not take back: the locks, and the numbers that were given out. */
export interface Present {
  readonly leases: readonly Readonly<Record<string, SQLOutputValue>>[]
  readonly counters: ReadonlyMap<string, number>
  readonly scopeVersions: ReadonlyMap<string, number>
  readonly lastEvent: number
  readonly givenVersions: GivenVersions
}

/**
 * Where the numbers of before cannot be read, the new ones begin this much further on: more than were ever given out since
 * the backup, so that a fencing token never comes again.
 */
const UNKNOWN_COUNT = 1_000_000_000

/** Asked of the database that is to be replaced; undefined where there is none, or none that can be read. */
export function readPresent(path: string, migrations: readonly Migration[]): Present | undefined {
  if (!existsSync(path)) return undefined
  let db: DatabaseSync | undefined
  try {
    db = openReadOnly(path, BUSY_TIMEOUT_MS)
    // A newer program's file may be replaced, another program's never.
    if (headerNumber(db, 'application_id') !== APPLICATION_ID) versionOf(db, path, migrations)
    if (headerNumber(db, 'user_version') === 0) return undefined
    return {
      leases: db.prepare('select * from lease').all(),
      counters: numbers(db, 'select name as key, value from counter'),
      scopeVersions: numbers(db, 'select scope_key as key, version as value from scope_version'),
      lastEvent: lastEvent(db),
      givenVersions: readGivenVersions(db),
    }
  } catch (error) {
    if (isUnreadable(error)) return undefined
    throw error
  } finally {
    db?.close()
  }
}

/** Brings locks and numbers of a backup up to the present, inside one transaction of the caller. */
export function bringUpToPresent(db: DatabaseSync, present: Present | undefined): void {
  db.exec('delete from lease_waiter; delete from lease')
  for (const lease of present?.leases ?? []) insertLease(db, lease)
  raiseCounters(db, present)
  raiseScopeVersions(db, present)
  renumberEvents(db, present)
  if (present) raiseGivenVersions(db, present.givenVersions)
}

function numbers(db: DatabaseSync, query: string): Map<string, number> {
  const rows = db.prepare(query).all()
  return new Map(rows.map(({ key, value }) => [String(key), Number(value)]))
}

function lastEvent(db: DatabaseSync): number {
  return Number(db.prepare('select max(id) as last from change_log').get()?.['last'] ?? 0)
}

/** No fencing token, no place in a queue and no number of a session's turn is given out twice. */
function raiseCounters(db: DatabaseSync, present: Present | undefined): void {
  const own = numbers(db, 'select name as key, value from counter')
  const leases: readonly string[] = Object.values(LEASE_COUNTERS)
  const put = db.prepare(
    'insert into counter (name, value) values (?, ?) on conflict (name) do update set value = excluded.value',
  )
  for (const name of new Set([...own.keys(), ...leases])) {
    const value = own.get(name) ?? 0
    // The turns of a session are in the backup: where nothing else is known, they tell the number.
    if (present) put.run(name, Math.max(value, present.counters.get(name) ?? 0))
    else if (leases.includes(name)) put.run(name, value + UNKNOWN_COUNT)
  }
}

/** Makes every answer that was kept from before out of date. */
function raiseScopeVersions(db: DatabaseSync, present: Present | undefined): void {
  const own = numbers(db, 'select scope_key as key, version as value from scope_version')
  const known = present?.scopeVersions ?? new Map<string, number>()
  const put = db.prepare(
    'insert into scope_version (scope_key, version) values (?, ?) on conflict (scope_key) do update set version = excluded.version',
  )
  for (const key of new Set([...own.keys(), ...known.keys()])) {
    const version = own.get(key) ?? 0
    put.run(key, present ? Math.max(version, known.get(key) ?? 0) + 1 : version + UNKNOWN_COUNT)
  }
}

/**
 * The log of the backup goes on after every number that was given out, with a gap before it: a reader that
 * followed the earlier events gets `resync` and reads everything anew.
 */
function renumberEvents(db: DatabaseSync, present: Present | undefined): void {
  const own = lastEvent(db)
  const last = present ? Math.max(own, present.lastEvent) : own + UNKNOWN_COUNT
  db.prepare('update change_log set id = id + ?').run(last + 1)
}

/** A backup of an older schema may lack a column; the others say enough. */
function insertLease(db: DatabaseSync, lease: Readonly<Record<string, SQLOutputValue>>): void {
  const known = new Set(
    db
      .prepare('pragma table_info(lease)')
      .all()
      .map(({ name }) => String(name)),
  )
  const columns = Object.keys(lease).filter((name) => known.has(name))
  const marks = columns.map(() => '?').join(', ')
  db.prepare(`insert into lease (${columns.join(', ')}) values (${marks})`).run(
    ...columns.map((name) => lease[name] ?? null),
  )
}
