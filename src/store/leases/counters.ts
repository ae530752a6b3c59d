import type { Reader, Writer } from '../access.ts'

/** The counters of file locks. They outlive the state that they were counted in: no number is ever given out twice. */
export const LEASE_COUNTERS = {
  token: 'lease_token',
  ticket: 'lease_ticket',
  /** Epoch ms: no lease that is kept in Redis lives longer. */
  redisExpiry: 'lease_expiry',
} as const

/** Takes the next `count` numbers of a counter that only grows, and answers the first. The first ever is 1. */
export async function takeNumbers(db: Writer, name: string, count = 1): Promise<number> {
  const row = await db
    .insertInto('counter')
    .values({ name, value: count })
    .onConflict((c) => c.column('name').doUpdateSet((eb) => ({ value: eb('counter.value', '+', count) })))
    .returning('value')
    .executeTakeFirstOrThrow()
  return Number(row.value) - count + 1
}

/** Lets a counter be at least this. */
export async function raiseNumber(db: Writer, name: string, value: number): Promise<void> {
  await db
    .insertInto('counter')
    .values({ name, value })
    .onConflict((c) => c.column('name').doUpdateSet({ value }).where('counter.value', '<', value))
    .execute()
}

/** The last number taken of a counter, 0 before the first. */
export async function readNumber(db: Reader, name: string): Promise<number> {
  const row = await db.selectFrom('counter').select('value').where('name', '=', name).executeTakeFirst()
  return Number(row?.value ?? 0)
}
