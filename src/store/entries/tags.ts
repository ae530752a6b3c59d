import type { Reader } from '../access.ts'

/** How often each tag is used by active entries of these scopes, by name. */
export async function countTags(
  db: Reader,
  filter: { scopeIds: readonly string[]; prefix: string; afterTag: string | null; limit: number },
): Promise<{ tag: string; count: number }[]> {
  let query = db
    .selectFrom('entry_tag')
    .innerJoin('entry', 'entry.id', 'entry_tag.entry_id')
    .select((eb) => ['entry_tag.tag', eb.fn.countAll<number>().as('count')])
    .where('entry.scope_id', 'in', filter.scopeIds)
    .where('entry.status', '=', 'active')
    .groupBy('entry_tag.tag')
  if (filter.prefix) {
    query = query
      .where('entry_tag.tag', '>=', filter.prefix)
      .where('entry_tag.tag', '<', `${filter.prefix}\u{10FFFF}`)
  }
  if (filter.afterTag !== null) query = query.where('entry_tag.tag', '>', filter.afterTag)
  const rows = await query.orderBy('entry_tag.tag').limit(filter.limit).execute()
  return rows.map(({ tag, count }) => ({ tag, count: Number(count) }))
}
