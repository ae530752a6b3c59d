import { sql } from 'kysely'
import type { Finding } from '../../domain/places/database-file.ts'
import type { Reader, Writer } from '../access.ts'
import { LEASE_COUNTERS, raiseNumber } from '../leases/counters.ts'
import type { Schema } from '../schema.ts'
import type { Row } from './tables.ts'

// Numbers that only grow: what was given out once must not be given out again.

const SHOWN = 5

/** The highest numbers that rows hold, gathered as they are read. */
export class Given {
  /** By scope key: the version after the last change that the log tells of. */
  readonly versions = new Map<string, number>()
  token = 0
  ticket = 0

  see(table: keyof Schema, row: Row): void {
    if (table === 'lease') this.token = Math.max(this.token, Number(row['token']))
    if (table === 'lease_waiter') this.ticket = Math.max(this.ticket, Number(row['ticket']))
    if (table !== 'change_log') return
    const versions = JSON.parse(String(row['versions'])) as Record<string, number>
    for (const [key, version] of Object.entries(versions))
      this.versions.set(key, Math.max(version, this.versions.get(key) ?? 0))
  }
}

/** Whether every counter stands at or above what was given out, and every entry above its earlier versions. */
export async function checkNumbers(db: Reader, given: Given): Promise<Finding[]> {
  const check = 'Counters'
  const low = await lowCounters(db, given)
  const entries = await entriesBehind(db)
  const text = `Behind what was given out: ${low.slice(0, SHOWN).join(', ')}${low.length > SHOWN ? ` and ${low.length - SHOWN} more` : ''}.`
  return [
    low.length === 0
      ? { check, level: 'ok', text: 'No number is given out twice.' }
      : { check, level: 'broken', text, mend: 'agent-memory doctor --mend raises them.' },
    ...(entries === 0
      ? []
      : [
          {
            check: 'Versions',
            level: 'broken' as const,
            text: `Entries whose history is newer than they are: ${entries}.`,
            mend: 'Put a backup in its place: agent-memory restore FILE, or pg_restore.',
          },
        ]),
  ]
}

/** Raises what is too low; answers how many that were. */
export async function repairNumbers(db: Writer, given: Given): Promise<number> {
  const low = await lowCounters(db, given)
  for (const [scope_key, version] of given.versions) {
    await db
      .insertInto('scope_version')
      .values({ scope_key, version })
      .onConflict((c) =>
        c.column('scope_key').doUpdateSet({ version }).where('scope_version.version', '<', version),
      )
      .execute()
  }
  await raiseNumber(db, LEASE_COUNTERS.token, given.token)
  await raiseNumber(db, LEASE_COUNTERS.ticket, given.ticket)
  return low.length
}

async function lowCounters(db: Reader, { versions, token, ticket }: Given): Promise<string[]> {
  const rows = await db.selectFrom('scope_version').selectAll().execute()
  const stored = new Map(rows.map(({ scope_key, version }) => [scope_key, Number(version)]))
  const counters = new Map(
    (await db.selectFrom('counter').selectAll().execute()).map(({ name, value }) => [name, Number(value)]),
  )
  const low = [...versions].filter(([key, version]) => (stored.get(key) ?? 0) < version).map(([key]) => key)
  if ((counters.get(LEASE_COUNTERS.token) ?? 0) < token) low.push('fencing tokens')
  if ((counters.get(LEASE_COUNTERS.ticket) ?? 0) < ticket) low.push('tickets of the queue')
  return low
}

async function entriesBehind(db: Reader): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from entry
    where exists (select 1 from revision where entry_id = entry.id and revision.version >= entry.version)`.execute(
    db,
  )
  return Number(rows[0]?.n)
}
