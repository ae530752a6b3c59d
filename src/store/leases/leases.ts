import type { ExpressionBuilder, Selectable } from 'kysely'
import { sql } from 'kysely'
import type { LeaseFilter, StoredLease, Waiter } from '../../domain/leases/lease.ts'
import type { Moment } from '../../domain/leases/time.ts'
import type { Reader, Writer } from '../access.ts'
import type { Database } from '../database.ts'
import type { LeaseRow, LeaseWaiterRow, Schema } from '../schema.ts'
import { LEASE_COUNTERS, readNumber, takeNumbers } from './counters.ts'

/** The database's own clock as one that all its instances share; null where they share the machine's. It may jump. */
export async function databaseMoment(database: Database, db: Reader): Promise<Moment | null> {
  if (!database.readClock) return null
  const wallMs = await database.readClock(db)
  return { bootId: database.type, monotonicMs: wallMs, wallMs }
}

/** The queries that read leases. Rows are as they stand: whether a lease is still live is the reader's judgement. */
export function leaseReads(db: Reader) {
  return {
    findLeases: (paths: readonly string[]) => findLeases(db, paths),
    listWaiters: () => listWaiters(db),
    listLeases: (filter: LeaseFilter, now: Moment) => listLeases(db, filter, now),
    countLeases: (now: Moment) => countLeases(db, now),
    grantedElsewhereUntil: () => readNumber(db, LEASE_COUNTERS.redisExpiry),
  }
}

/** Those that change them, in one transaction. */
export function leaseWrites(db: Writer) {
  return {
    ...leaseReads(db),
    findOldLeases: (before: number, limit: number) => findOldLeases(db, before, limit),
    putLeases: (leases: readonly StoredLease[]) => putLeases(db, leases),
    deleteLeases: (paths: readonly string[]) => deleteLeases(db, paths),
    putWaiters: (waiters: readonly Waiter[]) => putWaiters(db, waiters),
    deleteWaiters: (requestTokens: readonly string[]) => deleteWaiters(db, requestTokens),
    takeTokens: (count: number) => takeNumbers(db, LEASE_COUNTERS.token, count),
    takeTicket: () => takeNumbers(db, LEASE_COUNTERS.ticket),
  }
}

async function findLeases(db: Reader, paths: readonly string[]): Promise<StoredLease[]> {
  if (paths.length === 0) return []
  const rows = await db.selectFrom('lease').selectAll().where('path', 'in', paths).execute()
  return rows.map(toLease)
}

async function listWaiters(db: Reader): Promise<Waiter[]> {
  const rows = await db.selectFrom('lease_waiter').selectAll().orderBy('ticket').orderBy('path').execute()
  return rows.map(toWaiter)
}

async function listLeases(db: Reader, filter: LeaseFilter, now: Moment): Promise<StoredLease[]> {
  const { prefix, agentId, afterPath, limit } = filter
  let query = db
    .selectFrom('lease')
    .selectAll()
    .where((eb) => isLive(eb, now))
  if (prefix !== null) query = query.where(sql<boolean>`substr(path, 1, length(${prefix})) = ${prefix}`)
  if (agentId !== null) query = query.where('agent_id', '=', agentId)
  if (afterPath !== null) query = query.where('path', '>', afterPath)
  return (await query.orderBy('path').limit(limit).execute()).map(toLease)
}

async function countLeases(db: Reader, now: Moment): Promise<number> {
  const row = await db
    .selectFrom('lease')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where((eb) => isLive(eb, now))
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

/** The same judgement as the domain's `isLive`. */
function isLive(eb: ExpressionBuilder<Schema, 'lease'>, now: Moment) {
  const wall = new Date(now.wallMs).toISOString()
  return eb.or([
    eb('boot_id', '=', now.bootId).and('expires_ms', '>', now.monotonicMs),
    eb('boot_id', '!=', now.bootId).and('expires_at', '>', wall),
  ])
}

/** Leases whose deadline lies before this wall-clock time; a clock that jumped may make a live one look so. */
async function findOldLeases(db: Reader, before: number, limit: number): Promise<StoredLease[]> {
  const time = new Date(before).toISOString()
  const rows = await db.selectFrom('lease').selectAll().where('expires_at', '<', time).limit(limit).execute()
  return rows.map(toLease)
}

async function putLeases(db: Writer, leases: readonly StoredLease[]): Promise<void> {
  for (const lease of leases) {
    const { path, ...row } = toLeaseRow(lease)
    const { numUpdatedRows } = await db
      .updateTable('lease')
      .set(row)
      .where('path', '=', path)
      .executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n)
      await db
        .insertInto('lease')
        .values({ path, ...row })
        .execute()
  }
}

async function deleteLeases(db: Writer, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return
  await db.deleteFrom('lease').where('path', 'in', paths).execute()
}

async function putWaiters(db: Writer, waiters: readonly Waiter[]): Promise<void> {
  for (const { path, requestToken, agentId, ticket, seen } of waiters) {
    const lastSeen = {
      boot_id: seen.bootId,
      seen_ms: seen.monotonicMs,
      seen_at: new Date(seen.wallMs).toISOString(),
    }
    const { numUpdatedRows } = await db
      .updateTable('lease_waiter')
      .set(lastSeen)
      .where('request_token', '=', requestToken)
      .where('path', '=', path)
      .executeTakeFirstOrThrow()
    if (numUpdatedRows > 0n) continue
    const place = { path, request_token: requestToken, agent_id: agentId, ticket }
    await db
      .insertInto('lease_waiter')
      .values({ ...place, ...lastSeen })
      .execute()
  }
}

async function deleteWaiters(db: Writer, requestTokens: readonly string[]): Promise<void> {
  if (requestTokens.length === 0) return
  await db.deleteFrom('lease_waiter').where('request_token', 'in', requestTokens).execute()
}

function toLease(row: Selectable<LeaseRow>): StoredLease {
  return {
    path: row.path,
    agentId: row.agent_id,
    token: Number(row.token),
    purpose: row.purpose,
    ttlMs: Number(row.ttl_ms),
    acquiredAt: row.acquired_at,
    requestToken: row.request_token,
    deadline: {
      bootId: row.boot_id,
      monotonicMs: Number(row.expires_ms),
      wallMs: Date.parse(row.expires_at),
    },
    ended: row.ended === 1,
  }
}

function toLeaseRow(lease: StoredLease): Selectable<LeaseRow> {
  return {
    path: lease.path,
    agent_id: lease.agentId,
    token: lease.token,
    purpose: lease.purpose,
    ttl_ms: lease.ttlMs,
    acquired_at: lease.acquiredAt,
    request_token: lease.requestToken,
    boot_id: lease.deadline.bootId,
    expires_ms: lease.deadline.monotonicMs,
    expires_at: new Date(lease.deadline.wallMs).toISOString(),
    ended: lease.ended ? 1 : 0,
  }
}

function toWaiter(row: Selectable<LeaseWaiterRow>): Waiter {
  return {
    path: row.path,
    requestToken: row.request_token,
    agentId: row.agent_id,
    ticket: Number(row.ticket),
    seen: { bootId: row.boot_id, monotonicMs: Number(row.seen_ms), wallMs: Date.parse(row.seen_at) },
  }
}
