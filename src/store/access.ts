import type { Kysely } from 'kysely'
import type { Schema } from './schema.ts'

/** Read access. Functions in store/ that take a Reader never write. */
export type Reader = Kysely<Schema>

declare const writable: unique symbol
/** Write access: exists only inside `Store.write`, so a write outside a transaction does not type-check. */
export type Writer = Kysely<Schema> & { readonly [writable]: true }
