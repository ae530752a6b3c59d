import type { Reader } from './access.ts'

/** Tells one database from another; a copy has the same. */
export interface DatabaseIdentity {
  /** A UUID, made with the database. */
  readonly id: string
  /** 32 random bytes as hex. It leaves the database in no export, answer, event or record. */
  readonly secret: string
}

export function readDatabaseIdentity(db: Reader): Promise<DatabaseIdentity> {
  return db.selectFrom('memory_identity').select(['id', 'secret']).executeTakeFirstOrThrow()
}
