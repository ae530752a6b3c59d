import { type Kysely, sql } from 'kysely'
import type { Schema } from '../../schema.ts'

/** What the server knows of its tables changes slowly. */
const FRESH_MS = 300_000

interface Known {
  readonly shares: ReadonlyMap<string, number>
  /** The share of the least common of them; 0 where none is known. */
  readonly least: number
}

/**
 * Which share of the rows the commonest terms have, as the server's own statistics tell: to count them in the index would take
 * longer than the rest of a search. Empty until the table is first analyzed, which autovacuum sees to.
 */
export class CommonTerms {
  #known: (Known & { readonly at: number }) | undefined

  async read(db: Kysely<Schema>): Promise<Known> {
    const now = performance.now()
    if (!this.#known || now - this.#known.at > FRESH_MS) this.#known = { at: now, ...(await read(db)) }
    return this.#known
  }
}

async function read(db: Kysely<Schema>): Promise<Known> {
  // Behind the terms' own shares stand the least, the greatest and, where there are any, that of nulls: they have no term.
  const { rows } = await sql<{ term: string; share: number }>`select term, share from pg_stats, unnest(
      most_common_elems::text::text[], most_common_elem_freqs::float8[]) as common (term, share)
    where schemaname = any(current_schemas(false)) and tablename = 'entry_search' and attname = 'vector'
      and term is not null`.execute(db)
  const least = rows.reduce((min, { share }) => Math.min(min, share), 1)
  return { shares: new Map(rows.map(({ term, share }) => [term, share])), least: rows.length > 0 ? least : 0 }
}
