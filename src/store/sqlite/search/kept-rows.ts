import { type Kysely, sql } from 'kysely'
import type { Schema } from '../../schema.ts'

/** Terms of more rows are not counted to the end: how far their newest rows reach back tells how many there are. */
const COUNTED_ROWS = 3_000
/** Some two megabytes; what is beyond is read anew. */
const MOST_NUMBERS = 400_000
const MOST_TERMS = 20_000
const MOST_OTHERS = 200
const NEWEST_FIRST = sql.raw('entry_words.rowid desc')

export interface TermRows {
  readonly rows: number
  /** The rows themselves, the newest first; null where there are too many. */
  readonly seqs: Uint32Array | null
}

/**
 * Which rows hold a term, as the index says, kept until the index changes: people ask with the same words, and what may stand for
 * them, again and again. FTS5 looks for each term in a dozen parts of its index, so that costs more than anything else in a search.
 */
export class KeptRows {
  #kept: Kept = newKept('')
  /** A snapshot sees one state for as long as it lasts. */
  readonly #bySnapshot = new WeakMap<Kysely<Schema>, Kept>()

  /** Of each of the terms. Everything that is asked of `db` must be of one state. */
  async of(db: Kysely<Schema>, terms: readonly string[], total: number): Promise<TermRows[]> {
    const kept = await this.#keptFor(db)
    const missing = terms.filter((term) => !kept.byTerm.has(term))
    if (missing.length > 0) await readInto(kept, db, { terms: missing, total })
    return terms.map((term) => kept.byTerm.get(term) ?? NOWHERE)
  }

  /** What else follows from which entries there are and in which scopes: each of them is in the index. */
  async known<T>(db: Kysely<Schema>, key: string, read: () => Promise<T>): Promise<T> {
    const { others } = await this.#keptFor(db)
    if (!others.has(key)) others.set(key, await read())
    return others.get(key) as T
  }

  async #keptFor(db: Kysely<Schema>): Promise<Kept> {
    const known = this.#bySnapshot.get(db)
    if (known) return known
    const kept = this.#keptAt(await stateOf(db))
    if (db.isTransaction) this.#bySnapshot.set(db, kept)
    return kept
  }

  /** A search of another state that runs at the same time goes on with what it has. */
  #keptAt(state: string): Kept {
    const { numbers, byTerm, others } = this.#kept
    const isFull = numbers > MOST_NUMBERS || byTerm.size > MOST_TERMS || others.size > MOST_OTHERS
    if (state !== this.#kept.state || isFull) this.#kept = newKept(state)
    return this.#kept
  }
}

interface Kept {
  /** Of the index. */
  readonly state: string
  readonly byTerm: Map<string, TermRows>
  readonly others: Map<string, unknown>
  numbers: number
}

function newKept(state: string): Kept {
  return { state, byTerm: new Map(), others: new Map(), numbers: 0 }
}

async function readInto(
  kept: Kept,
  db: Kysely<Schema>,
  { terms, total }: { terms: readonly string[]; total: number },
): Promise<void> {
  const { rows } = await sql<{ seqs: string }>`select (select json_group_array(rowid) from (
      select rowid from entry_words where entry_words match each.value
      order by ${NEWEST_FIRST} limit ${COUNTED_ROWS + 1})) as seqs
    from json_each(${JSON.stringify(terms.map(quoted))}) as each order by each.key`.execute(db)
  for (const [at, term] of terms.entries()) {
    const read = termRows(JSON.parse(rows[at]?.seqs ?? '[]') as number[], total)
    kept.numbers += read.seqs?.length ?? 0
    kept.byTerm.set(term, read)
  }
}

const NOWHERE: TermRows = { rows: 0, seqs: new Uint32Array(0) }

function termRows(newest: readonly number[], total: number): TermRows {
  if (newest.length === 0) return NOWHERE
  if (newest.length <= COUNTED_ROWS) return { rows: newest.length, seqs: Uint32Array.from(newest) }
  const oldest = newest.at(-1) ?? 0
  return { rows: Math.round((newest.length * total) / (total - oldest + 1)), seqs: null }
}

/**
 * What FTS5 writes of its index as a whole, the number of its rows and terms and the parts that it is in: no transaction changes the
 * index without changing that (https://sqlite.org/fts5.html#fts5_data_structures).
 */
async function stateOf(db: Kysely<Schema>): Promise<string> {
  const { rows } = await sql<{
    state: string
  }>`select group_concat(hex(block), ' ') as state from entry_words_data where id in (1, 10)`.execute(db)
  return rows[0]?.state ?? ''
}

/** A term as FTS5 takes it: a string, in which nothing is syntax. */
export function quoted(term: string): string {
  return `terms:"${term.replaceAll('"', ' ')}"`
}
