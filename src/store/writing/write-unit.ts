import type { Kysely } from 'kysely'
import type { Change } from '../../domain/event.ts'
import type { Writer } from '../access.ts'
import { NeedsAllLocksError, NotTogetherError, type SharedWrites } from '../database.ts'
import type { Schema } from '../schema.ts'

/** One write transaction as services see it. */
export interface WriteUnit {
  readonly db: Writer
  /** States a change; it is logged, and its scope keys move, as the last statements before the commit. */
  record(change: Change): void
  /**
   * No other transaction writes to the scope until this one ends. To be asked before what is read there
   * decides anything; true where others may have written since it was read first.
   */
  claim(scopeId: string): Promise<boolean>
  /** A statement whose answer nothing waits for but the commit, which does not come without it. */
  later(statement: Promise<unknown>): void
}

export interface RecordingUnit extends WriteUnit {
  readonly changes: readonly Change[]
  /** Statements that are not known to be done. */
  readonly underWay: readonly Promise<unknown>[]
}

/** What is the same in all of them. */
function startUnit(db: Kysely<Schema>) {
  const changes: Change[] = []
  const underWay: Promise<unknown>[] = []
  const later = (statement: Promise<unknown>) => {
    // The commit finds the error too, unless another one comes first.
    statement.catch(() => {})
    underWay.push(statement)
  }
  // The one place where a transaction becomes a Writer.
  return { db: db as Writer, changes, underWay, later }
}

/** Everything is claimed already. */
export function unitWithAllLocks(db: Kysely<Schema>): RecordingUnit {
  const unit = startUnit(db)
  return { ...unit, record: (change) => unit.changes.push(change), claim: async () => false }
}

/** Changes entries of one scope. Whatever else is stated in it ends it: it is made again with all locks. */
export function unitOfOneScope(db: Kysely<Schema>, shared: SharedWrites): RecordingUnit {
  const unit = startUnit(db)
  let claimed: string | undefined
  return {
    ...unit,
    record(change) {
      if (change.scope.id !== claimed || !isOfEntries(change)) throw new NeedsAllLocksError()
      unit.changes.push(change)
    },
    async claim(scopeId) {
      if (claimed === scopeId) return false
      if (claimed !== undefined) throw new NeedsAllLocksError()
      claimed = scopeId
      await shared.claimScope(db, scopeId)
      return true
    },
  }
}

export interface JointUnit extends RecordingUnit {
  /** Whether anything was written, or may have been. */
  hasBegun(): boolean
}

/**
 * Changes entries of one scope beside other writes of the same transaction. `claimed` are the scopes that this transaction has. Whatever
 * it needs beyond that it does in a transaction of its own.
 */
export function unitAmongOthers(
  db: Kysely<Schema>,
  scopeId: string,
  claimed: Promise<ReadonlySet<string>>,
): JointUnit {
  const unit = startUnit(db)
  let isRefused = false
  return {
    ...unit,
    record(change) {
      isRefused ||= change.scope.id !== scopeId || !isOfEntries(change)
      if (isRefused) throw new NotTogetherError()
      unit.changes.push(change)
    },
    async claim(id) {
      if (id !== scopeId || !(await claimed).has(id)) throw new NotTogetherError()
      return true
    },
    // Of a change that is refused the rows may have been written already.
    hasBegun: () => isRefused || unit.changes.length > 0 || unit.underWay.length > 0,
  }
}

/**
 * Changes rows that belong to no scope and that nothing but their own key guards: presence, answered calls, vectors, the audit. What
 * it states moves no version.
 */
export function unitOfOwnRows(db: Kysely<Schema>): RecordingUnit {
  const unit = startUnit(db)
  return {
    ...unit,
    record(change) {
      if (change.scopeKeys.length > 0) throw new NeedsAllLocksError()
      unit.changes.push(change)
    },
    claim: () => Promise.reject(new NeedsAllLocksError()),
  }
}

/** Changes file locks, which belong to no scope and move no version. */
export async function unitOfLeases(db: Kysely<Schema>, shared: SharedWrites): Promise<RecordingUnit> {
  await shared.claimLeases(db)
  return unitOfOwnRows(db)
}

function isOfEntries({ type }: Change): boolean {
  return type.startsWith('entry.') || type.startsWith('conflict.')
}
