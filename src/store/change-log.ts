import type { ExpressionBuilder, Insertable, Kysely, Selectable } from 'kysely'
import { isoTime } from '../domain/clock.ts'
import {
  type Change,
  type EventFilter,
  type EventType,
  fittingDetail,
  type MemoryEvent,
} from '../domain/event.ts'
import { newId } from '../domain/ids.ts'
import { outsideScopeId } from '../domain/scope.ts'
import type { Reader } from './access.ts'
import { prepared, preparedInsert } from './prepared.ts'
import type { ChangeLogRow, Schema } from './schema.ts'

const bumpVersion = prepared(['key'], (db, { key }: { key: string }) =>
  db
    .insertInto('scope_version')
    .values({ scope_key: key, version: 1 })
    .onConflict((c) =>
      c.column('scope_key').doUpdateSet((eb) => ({ version: eb('scope_version.version', '+', 1) })),
    )
    .returning('version'),
)

/**
 * Moves every scope key that the changes name by one. Last but one in a transaction, in sorted order: the row locks
 * make the order of versions the order of commits.
 */
async function bumpVersions(db: Kysely<Schema>, changes: readonly Change[]): Promise<Map<string, number>> {
  const keys = [...new Set(changes.flatMap((change) => change.scopeKeys))].sort()
  const versions = new Map<string, number>()
  for (const key of keys) {
    for (const row of await bumpVersion(db, { key })) versions.set(key, Number(row.version))
  }
  return versions
}

const LOG_COLUMNS = [
  'event_id',
  'at',
  'type',
  'scope_type',
  'scope_id',
  'entry_type',
  'entry_id',
  'entry_version',
  'detail',
  'versions',
  'agent_id',
  'instance_id',
] as const satisfies readonly (keyof ChangeLogRow)[]

const insertLog = preparedInsert(LOG_COLUMNS, (db, rows) =>
  // Rows come from `toLogged`; the columns' own types are those of ChangeLogRow.
  db
    .insertInto('change_log')
    .values(rows as Insertable<ChangeLogRow>[])
    .returning('id'),
)

/** What one committed transaction changed. */
export interface Commit {
  readonly events: readonly MemoryEvent[]
  /** Scope key → its version after the commit. */
  readonly versions: ReadonlyMap<string, number>
}

/** Moves the versions and writes the log, one statement after the other: the last of a transaction. */
export async function logChanges(
  db: Kysely<Schema>,
  changes: readonly Change[],
  { underWay, ...by }: LoggedBy & { readonly underWay: readonly Promise<unknown>[] },
): Promise<Commit> {
  await Promise.all(underWay)
  const versions = await bumpVersions(db, changes)
  const logged = changes.map((change) => toLogged(change, by))
  const rows = logged.map(({ row, change }) => ({
    ...row,
    versions: JSON.stringify(versionsOf(change, versions)),
  }))
  const ids = (await insertLog(db, rows)).map((row) => Number(row.id))
  return { events: toEvents(logged, { ids, versions }), versions }
}

/** The events of rows that got these numbers. Ids are given in the order of the rows, but not always returned in it. */
export function toEvents(
  logged: readonly Logged[],
  { ids, versions }: { readonly ids: readonly number[]; readonly versions: ReadonlyMap<string, number> },
): MemoryEvent[] {
  const sorted = ids.toSorted((a, b) => a - b)
  return logged.map(({ change, row, detail }, place) =>
    eventOf({ ...row, id: sorted[place] ?? 0 }, { detail, versions: versionsOf(change, versions) }),
  )
}

/** Those that the change moved. */
function versionsOf(change: Change, versions: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries(change.scopeKeys.map((key) => [key, versions.get(key) ?? 0]))
}

/** How many rows are looked at together: a writer that crosses a multiple of this trims. */
const TRIM_EVERY = 500
/** More than are written meanwhile, so that a log that has grown too long becomes shorter; few enough not to be felt. */
const TRIMMED_AT_ONCE = 1_000

/** True now and then, when the writer of these events is to drop the oldest ones. */
export function isTimeToTrim(events: readonly MemoryEvent[]): boolean {
  const [first, last] = [events[0]?.seq, events.at(-1)?.seq]
  if (first === undefined || last === undefined) return false
  return Math.floor((first - 1) / TRIM_EVERY) !== Math.floor(last / TRIM_EVERY)
}

/** Forgets the oldest events but for the last `kept` up to that number, some at a time. The last one always stays: SQLite numbers on from it. */
export async function trimLog(db: Kysely<Schema>, last: number, kept: number): Promise<void> {
  const old = db
    .selectFrom('change_log')
    .select('id')
    .where('id', '<=', last - kept)
    .orderBy('id')
    .limit(TRIMMED_AT_ONCE)
  await db.deleteFrom('change_log').where('id', 'in', old).execute()
}

/** The events after `afterSeq` that fit the filter, oldest first. */
async function listEvents(
  db: Reader,
  { afterSeq, limit, types, scopeType, scopeId, reach }: EventFilter & { afterSeq: number; limit: number },
): Promise<MemoryEvent[]> {
  let query = db.selectFrom('change_log').selectAll().where('id', '>', afterSeq)
  if (types) query = query.where('type', 'in', types)
  if (scopeType) query = query.where('scope_type', '=', scopeType)
  if (scopeId !== undefined) query = query.where('scope_id', '=', scopeId)
  if (reach !== undefined) query = query.where((eb) => inReach(eb, reach))
  const rows = await query.orderBy('id').limit(limit).execute()
  return rows.map(toEvent)
}

/** Events after a number, where the log ends, and whether some of those asked for are gone. Ask it of a snapshot. */
export async function readLogPage(
  db: Reader,
  request: EventFilter & { afterSeq: number; limit: number },
): Promise<{ events: MemoryEvent[]; lastSeq: number; hasGap: boolean }> {
  const [oldest, last, events] = await Promise.all([
    db.selectFrom('change_log').select('id').orderBy('id').limit(1).executeTakeFirst(),
    lastSeq(db),
    listEvents(db, request),
  ])
  // Trimmed away, or numbers that a restored backup no longer has.
  const hasGap = request.afterSeq < Number(oldest?.id ?? 1) - 1 || request.afterSeq > last
  return { events, lastSeq: last, hasGap }
}

/** The newest sequence number, 0 for an empty log. */
export async function lastSeq(db: Reader): Promise<number> {
  const row = await db
    .selectFrom('change_log')
    .select((eb) => eb.fn.max<number | null>('id').as('seq'))
    .executeTakeFirst()
  return Number(row?.seq ?? 0)
}

export async function countEventsAfter(db: Reader, seq: number): Promise<number> {
  const row = await db
    .selectFrom('change_log')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('id', '>', seq)
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

/** Whether the agent has changed this entry, as far as the log reaches. It has no index for that: ask it rarely. */
export async function hasChanged(db: Reader, agentId: string, entryId: string): Promise<boolean> {
  const row = await db
    .selectFrom('change_log')
    .select('id')
    .where('entry_id', '=', entryId)
    .where('agent_id', '=', agentId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** The versions of these keys, 0 for a key that nothing has moved yet. */
export async function readVersions(
  db: Kysely<Schema>,
  keys: readonly string[],
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('scope_version')
    .select(['scope_key', 'version'])
    .where('scope_key', 'in', keys)
    .execute()
  const versions = new Map(keys.map((key) => [key, 0]))
  for (const row of rows) versions.set(row.scope_key, Number(row.version))
  return versions
}

/** Every version, for an instance that can no longer learn them from the log. */
export async function readAllVersions(db: Reader): Promise<Map<string, number>> {
  const rows = await db.selectFrom('scope_version').select(['scope_key', 'version']).execute()
  return new Map(rows.map((row) => [row.scope_key, Number(row.version)]))
}

/** A change, and its row of the log but for what the log gives it. */
export interface Logged {
  readonly change: Change
  readonly row: Omit<Selectable<ChangeLogRow>, 'id' | 'versions'>
  /** What stands in the row as JSON. */
  readonly detail: Readonly<Record<string, unknown>>
}

interface LoggedBy {
  readonly instanceId: string
  /** Epoch milliseconds, by the clock that entries are stamped by. */
  readonly now: number
}

export function toLogged(change: Change, { instanceId, now }: LoggedBy): Logged {
  const row = {
    event_id: newId(),
    at: isoTime(now),
    type: change.type,
    scope_type: change.scope.type,
    scope_id: change.scope.id,
    entry_type: change.entry?.type ?? null,
    entry_id: change.entry?.id ?? null,
    entry_version: change.entry?.version ?? null,
    agent_id: change.agentId,
    instance_id: instanceId,
  }
  const taken = () => {
    const versions = Object.fromEntries(change.scopeKeys.map((key) => [key, Number.MAX_SAFE_INTEGER]))
    const longest = eventOf({ ...row, id: Number.MAX_SAFE_INTEGER }, { detail: {}, versions })
    return Buffer.byteLength(JSON.stringify(longest))
  }
  const detail = fittingDetail(change.detail ?? {}, taken)
  return { change, row: { ...row, detail: JSON.stringify(detail) }, detail }
}

export function toEvent(row: Selectable<ChangeLogRow>): MemoryEvent {
  return eventOf(row, {
    detail: JSON.parse(row.detail) as Record<string, unknown>,
    versions: JSON.parse(row.versions) as Record<string, number>,
  })
}

function eventOf(
  row: Omit<Selectable<ChangeLogRow>, 'detail' | 'versions'>,
  { detail, versions }: { detail: Readonly<Record<string, unknown>>; versions: Record<string, number> },
): MemoryEvent {
  const { entry_type: type, entry_id: id, entry_version: version } = row
  return {
    v: 1,
    id: row.event_id,
    seq: Number(row.id),
    type: row.type as EventType,
    scope: { type: row.scope_type, id: outsideScopeId(row.scope_id) },
    ...(type && id && version ? { entry: { type, id, version: Number(version) } } : {}),
    versions,
    ...(Object.keys(detail).length > 0 ? { [row.type.startsWith('lock.') ? 'lock' : 'detail']: detail } : {}),
    agent_id: row.agent_id,
    instance_id: row.instance_id,
    at: row.at,
  }
}

/**
 * In one of these scopes, or in a session directly below one. An added, changed or deleted org concerns every
 * subscriber.
 */
function inReach(eb: ExpressionBuilder<Schema, 'change_log'>, reach: readonly string[]) {
  const sessions = eb
    .selectFrom('scope')
    .select('scope.id')
    .where('type', '=', 'session')
    .where('parent_id', 'in', reach)
  const orgs = eb.and([eb('change_log.type', 'like', 'scope.%'), eb('change_log.scope_type', '=', 'org')])
  return eb.or([eb('change_log.scope_id', 'in', reach), eb('change_log.scope_id', 'in', sessions), orgs])
}
