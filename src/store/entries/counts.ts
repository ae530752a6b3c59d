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

/** Active entries of these scopes, by scope and type. */
export async function countByScope(
  db: Reader,
  scopeIds: readonly string[],
): Promise<{ scopeId: string; type: string; count: number }[]> {
  if (scopeIds.length === 0) return []
  const rows = await db
    .selectFrom('entry')
    .select((eb) => ['scope_id', 'type', eb.fn.countAll<number>().as('n')])
    .where('scope_id', 'in', scopeIds)
    .where('status', '=', 'active')
    .groupBy(['scope_id', 'type'])
    .execute()
  return rows.map(({ scope_id: scopeId, type, n }) => ({ scopeId, type, count: Number(n) }))
}
