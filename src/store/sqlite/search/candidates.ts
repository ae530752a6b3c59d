import { type Kysely, sql } from 'kysely'
import type { Schema } from '../../schema.ts'
import type { CountedTerm } from '../../search/index.ts'

/** Rows to score together. */
export interface Candidates {
  /** In the syntax of FTS5. */
  readonly match: string
  /** Only rows from this number on. */
  readonly fromRow: number
  /** True for all rows that hold any of the words: few of them are expected to pass the filters. */
  readonly isLastResort: boolean
}

/**
 * bm25 costs about a microsecond a row, and a word that many entries hold tells little: the rarest words, as long as their rows
 * fit here, choose what is scored.
 */
const SCORED_ROWS = 3_000
/** Commoner words add to the score of rows so chosen, but their own rows must still be counted: not above this. */
export const COUNTED_ROWS = 8_000
/** Where rare words found something, but not enough for a page, so many rows with only common words fill it up. */
const FILLING_ROWS = 1_000

/**
 * What to score for these terms (each quoted, the rarest first), inside `place` if there is one, best group first. The next group is needed only
 * when those before it hold too few entries that pass the filters: almost never, for it costs as much again.
 */
export async function* candidatesFor(
  db: Kysely<Schema>,
  present: readonly CountedTerm[],
  place: string | null,
): AsyncGenerator<Candidates> {
  if (place !== null)
    return yield { match: `(${place}) AND (${anyOf(present)})`, fromRow: 0, isLastResort: true }
  const rare = rarest(present)
  const common = present.slice(rare.length)
  if (rare.length > 0) yield { match: rareOrScored(rare, present), fromRow: 0, isLastResort: false }
  const [least] = common
  if (!least) return
  const most = rare.length > 0 ? FILLING_ROWS : SCORED_ROWS
  if (common.length > 1) yield newest(db, common.map(({ term }) => term).join(' AND '), most)
  const ofLeast = await newest(db, least.term, most)
  yield ofLeast
  if (common.length > 1 || ofLeast.fromRow > 0) {
    yield { match: anyOf(present), fromRow: 0, isLastResort: true }
  }
}

function rarest(present: readonly CountedTerm[]): readonly CountedTerm[] {
  let room = SCORED_ROWS
  return present.filter(({ rows }) => {
    room -= rows
    return room >= 0
  })
}

/** Rows with a rare term; all terms but the commonest add to their score. */
function rareOrScored(rare: readonly CountedTerm[], present: readonly CountedTerm[]): string {
  const scored = present.filter(({ rows }) => rows < COUNTED_ROWS)
  return scored.length > rare.length ? `(${anyOf(rare)}) AND (${anyOf(scored)})` : anyOf(rare)
}

function anyOf(terms: readonly CountedTerm[]): string {
  return terms.map(({ term }) => term).join(' OR ')
}

/** The newest of the rows that match. */
async function newest(db: Kysely<Schema>, match: string, most: number): Promise<Candidates> {
  const { rows } = await sql<{ seq: number }>`select rowid as seq from entry_words
    where entry_words match ${match} order by rowid desc limit 1 offset ${most - 1}`.execute(db)
  return { match, fromRow: rows[0]?.seq ?? 0, isLastResort: false }
}
