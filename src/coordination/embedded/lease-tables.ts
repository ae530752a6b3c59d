import type { LeaseChange, LeaseFilter, StoredLease, Waiter } from '../../domain/leases/lease.ts'
import type { Moment } from '../../domain/leases/time.ts'

/** The tables as one statement, or one transaction, sees them. */
export interface LeaseQueries {
  /** The clock that leases are judged by, read now. */
  now(): Promise<Moment>
  findLeases(paths: readonly string[]): Promise<StoredLease[]>
  /** All of them, in the order of their tickets. */
  listWaiters(): Promise<Waiter[]>
  listLeases(filter: LeaseFilter, now: Moment): Promise<StoredLease[]>
  countLeases(now: Moment): Promise<number>
  /** Epoch ms until which instances that keep their leases in another place may have granted some. */
  grantedElsewhereUntil(): Promise<number>
}

/** One write transaction. No other connection sees what it does before its end. */
export interface LeaseTransaction extends LeaseQueries {
  findOldLeases(before: number, limit: number): Promise<StoredLease[]>
  putLeases(leases: readonly StoredLease[]): Promise<void>
  deleteLeases(paths: readonly string[]): Promise<void>
  /** A waiter that is there already keeps its ticket. */
  putWaiters(waiters: readonly Waiter[]): Promise<void>
  deleteWaiters(requestTokens: readonly string[]): Promise<void>
  /** Takes `count` tokens that were never given, and answers the first. */
  takeTokens(count: number): Promise<number>
  takeTicket(): Promise<number>
  /** Reports the change, if the transaction commits. */
  record(change: LeaseChange): void
}

/** What the embedded lease store asks of the database that keeps its tables. */
export interface LeaseTables {
  read<T>(fn: (queries: LeaseQueries) => Promise<T>): Promise<T>
  /** One after the other, across all processes. `fn` may be run again from the start. */
  write<T>(fn: (transaction: LeaseTransaction) => Promise<T>): Promise<T>
  /**
   * Differs from the last one when another process may have committed; null where the database cannot tell.
   */
  changeToken(): number | null
  /** How often to ask while there is a waiter. */
  readonly pollMs: number
}
