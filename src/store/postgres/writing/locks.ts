// Which locks a write takes, in this order. Only a login that may write to the tables can take them; every
// login could take an advisory lock.

/**
 * No other transaction writes until this one ends. Rows can be read, and locked by a transaction that holds
 * none of these.
 */
export const LOCK_ALL = 'lock table memory_identity in share row exclusive mode'

/** No other transaction can lock all of it until this one ends; others who have this go on beside it. */
export const LOCK_SHARED = 'lock table memory_identity in row exclusive mode'

/**
 * The turn at the log: the writer that has it writes there and commits in the same message, so that its order
 * is the order of commits.
 */
const LOCK_LOG = 'select 1 from memory_identity for no key update'

/**
 * The same, and refused (22P02) where the row was not written by that transaction: a dump was restored under this process, which may
 * give out numbers a second time. An id is never a number.
 */
export function lockLogOf(identity: number | undefined): string {
  if (identity === undefined) return LOCK_LOG
  return `select case when xmin::text::bigint = ${identity} then 1 else id::integer end from memory_identity for no key update`
}
