import type { Reader } from '../access.ts'

/** How many entries there are, and how many of them reads find. */
export async function countEntries(db: Reader): Promise<{ entries: number; active: number }> {
  const rows = await db
    .selectFrom('entry')
    .select((eb) => ['status', eb.fn.countAll<number>().as('n')])
    .groupBy('status')
    .execute()
  const counts = new Map(rows.map((row) => [row.status, Number(row.n)]))
  const active = counts.get('active') ?? 0
  return { entries: active + (counts.get('inactive') ?? 0), active }
}
