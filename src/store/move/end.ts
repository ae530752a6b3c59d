import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'
import type { Schema } from '../schema.ts'

/** A database that a move reads. */
export interface MoveEnd {
  readonly database: Database
  /** What people call it, without a secret: the same at each start. */
  readonly name: string
  /** Two ways to one database have the same. */
  readonly identity: string
}

/** One that a move writes. */
export interface MoveTarget extends MoveEnd {
  /** Whether a move to it has begun before and not finished. */
  readonly isUnfinished: boolean
  /** Lets the numbers that the database itself gives out go on after the rows that were written. */
  continueNumbers(db: Kysely<Schema>): Promise<void>
}
