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
export const LOCK_LOG = 'select 1 from memory_identity for no key update'
