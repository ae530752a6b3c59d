import { cutPage, encodeCursor } from '../../domain/page.ts'

interface PageParts<T, K extends string | number> {
  readonly limit: number
  /** Where the page begins; null at the beginning. */
  readonly after: K | null
  /** Rows after that place, so many at most. */
  readonly read: (after: K | null, limit: number) => Promise<readonly T[]>
  readonly keyOf: (row: T) => K
  /** Of these rows the ones that may be seen. */
  readonly seen: (rows: readonly T[]) => Promise<readonly T[]>
}

/** So many reads for one page: it may be short then, and the next one goes on. */
const MOST_READS = 50

/** A page of rows that may be seen, however many lie between them that may not. */
export async function wholePage<T, K extends string | number>({
  limit,
  after,
  read,
  keyOf,
  seen,
}: PageParts<T, K>): Promise<{ page: T[]; next: { next_cursor?: string } }> {
  const found: T[] = []
  let place = after
  for (let reads = 0; reads < MOST_READS; reads++) {
    const rows = await read(place, limit + 1)
    found.push(...(await seen(rows)))
    if (rows.length <= limit) return cutPage(found, limit, keyOf)
    if (found.length > limit) break
    const last = rows.at(-1)
    if (last !== undefined) place = keyOf(last)
  }
  if (found.length > limit || place === null) return cutPage(found, limit, keyOf)
  return { page: found, next: { next_cursor: encodeCursor([place]) } }
}
