import { type Kysely, sql } from 'kysely'
import type { Writer } from '../../access.ts'
import { LEASE_COUNTERS, raiseNumber } from '../../leases/counters.ts'
import { prepared } from '../../prepared.ts'
import type { Schema } from '../../schema.ts'

const lockScope = prepared(['id'], (db, { id }: { id: string }) =>
  db.selectFrom('scope').select(sql<number>`1`.as('one')).where('id', '=', id).forNoKeyUpdate(),
)

/** Its row, which no other writer changes meanwhile; that others refer to it does not wait for this. */
export async function claimScope(db: Kysely<Schema>, id: string): Promise<void> {
  await lockScope(db, { id })
}

/** In one order, lest two writers that take several wait for each other; and what is not free is left. */
export async function claimFree(db: Kysely<Schema>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`select id from scope where id = any (${ids}::text[]) order by id
    for no key update skip locked`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

/** The row that tokens are counted in. */
export async function claimLeases(db: Kysely<Schema>): Promise<void> {
  await raiseNumber(db as Writer, LEASE_COUNTERS.token, 0)
}
