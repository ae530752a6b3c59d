import type { Pool } from 'pg'

const MOST_COMMITS = 8_192
/** Tables of more rows have been looked at by PostgreSQL itself. */
const FEW_ROWS = 20_000

/**
 * PostgreSQL plans by what it knows of a table. Of a new one that is nothing for the first minute, and a plan that was made for a
 * few rows is used for thousands: each look-up reads all of them. So a process has it look at the tables while they grow.
 */
export class Statistics {
  readonly #pool: Pool
  #commits = 0
  #looking: Promise<void> | undefined

  constructor(pool: Pool) {
    this.#pool = pool
  }

  /** Each time that there are twice as many. */
  committed(): void {
    if (this.#commits >= MOST_COMMITS) return
    this.#commits++
    if (Number.isInteger(Math.log2(this.#commits)) && this.#commits >= 64)
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined
      })
  }

  async close(): Promise<void> {
    await this.#looking
  }

  async #look(): Promise<void> {
    try {
      const { rows } = await this.#pool.query<{ known: number; changed: number }>(
        `select reltuples as known, coalesce(pg_stat_get_mod_since_analyze(oid), 0)::float8 as changed
          from pg_class where oid = 'entry'::regclass`,
      )
      const { known = FEW_ROWS, changed = 0 } = rows[0] ?? {}
      // Another instance may have had it look a moment ago.
      if (known < FEW_ROWS && changed >= known / 2)
        await this.#pool.query('analyze entry, entry_tag, entry_word')
    } catch {
      // A login that does not own the tables is refused; PostgreSQL looks at them by itself a little later.
    }
  }
}
