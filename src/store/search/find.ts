import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema.ts'
import { isFound } from './filter.ts'
import type { CountedTerm, FoundRow, Holding, Reach, SearchRequest, Size, TermIndex } from './index.ts'
import { FOUND } from './rows.ts'

// Which rows are ranked. What it costs hangs on the question alone, not on how much the database holds: the rarest words choose rows
// for as long as there are few of them, of words that many rows have only the newest rows are taken, and what fits the filters is
// read in small parts, best first.

/** So many rows of rare words are compared; a word that would go beyond is a common one. */
const RARE_ROWS = 3_000
/** Common words only tell the rows of rare ones apart, the rarest of them best. */
const MOST_COMMON = 4
/** Where rare words found something, but not enough for a page, so many rows with only common words fill it up. */
const FILLING_ROWS = 1_000
/** How many rows of a common word are gone through for those that have all others too. */
const WINDOW_ROWS = 20_000
/** Read beyond what is asked for, in place of those that do not fit the filters. */
const SPARE_ROWS = 50

interface Finding {
  readonly db: Kysely<Schema>
  readonly index: TermIndex
  readonly request: SearchRequest
  readonly reach: Reach
  /** Rows in the database. */
  readonly total: number
}

/** Up to `request.limit` rows that fit the request and hold any of the terms (the rarest first), the most telling first. */
export async function findRows(
  db: Kysely<Schema>,
  index: TermIndex,
  { request, terms, size }: { request: SearchRequest; terms: readonly CountedTerm[]; size: Size },
): Promise<FoundRow[]> {
  const reach = await index.reachOf(db, request, size)
  const { total } = size
  const found = new Map<string, FoundRow>()
  for await (const rows of groups({ db, index, request, reach, total }, terms)) {
    for (const row of rows) found.set(row.id, row)
    if (found.size >= request.limit) break
  }
  return [...found.values()].slice(0, request.limit)
}

/** Rows, best group first: with a rare term, with all common ones, with the least common one, with any of them. */
async function* groups(finding: Finding, terms: readonly CountedTerm[]): AsyncGenerator<readonly FoundRow[]> {
  const { db, index, request, reach, total } = finding
  if (reach.isSmall) return yield await fitting(finding, await best(finding, { either: terms, also: [] }))
  const rare = rarest(terms, reach)
  const common = terms.filter((term) => !rare.includes(term))
  const also = common.slice(0, MOST_COMMON)
  const seqs: Rows = rare.length > 0 ? await best(finding, { either: rare, also }) : []
  if (rare.length > 0) yield await fitting(finding, seqs)
  const [least] = common
  if (!least) return
  const most = Math.min(seqs.length > 0 ? FILLING_ROWS : RARE_ROWS, request.limit + SPARE_ROWS)
  if (common.length > 1) {
    const from = Math.floor(total * Math.max(0, 1 - WINDOW_ROWS / least.rows))
    yield await fitting(finding, await index.newestWithAll(db, reach, common, { most, from, total }))
  }
  const newest = await index.newestWithAll(db, reach, [least], { most, from: 0, total })
  yield await fitting(finding, newest)
  if (common.length > 1 || newest.length === most) yield await index.newestFitting(db, request, reach, common)
}

function rarest(terms: readonly CountedTerm[], { share }: Reach): readonly CountedTerm[] {
  let room = RARE_ROWS
  return terms.filter(({ rows }) => {
    room -= rows * share
    return room >= 0
  })
}

/** Rows with any of some terms by what those and others are worth together, the newest of equals first. */
async function best(
  { db, index, reach, request, total }: Finding,
  wanted: { either: readonly CountedTerm[]; also: readonly CountedTerm[] },
): Promise<BestRows> {
  const worths = [...wanted.either, ...wanted.also].map(({ rows }) => worthOf(rows, total))
  const rows = await index.holding(db, { request, reach, worths, total, ...wanted })
  return new BestRows(rows, request.limit + SPARE_ROWS)
}

/** Rows in their order. There may be thousands, of which the first hundred are read: the others are put in order when they are. */
class BestRows {
  readonly length: number
  readonly #first: Holding[] = []
  readonly #rest: Holding[] = []

  constructor(rows: readonly Holding[], usual: number) {
    this.length = rows.length
    const from = rows.length > 2 * usual ? worthAt(rows, usual) : Number.NEGATIVE_INFINITY
    for (const row of rows) (row.worth >= from ? this.#first : this.#rest).push(row)
    this.#first.sort(inOrder)
  }

  slice(start: number, end: number): number[] {
    if (end > this.#first.length) for (const row of this.#rest.splice(0).sort(inOrder)) this.#first.push(row)
    return this.#first.slice(start, end).map(({ seq }) => seq)
  }
}

function inOrder(a: Holding, b: Holding): number {
  return b.worth - a.worth || b.seq - a.seq
}

/** What the row of that place is worth. */
function worthAt(rows: readonly Holding[], place: number): number {
  const worths = new Float64Array(rows.length)
  for (let at = 0; at < rows.length; at++) worths[at] = rows[at]?.worth ?? 0
  worths.sort()
  return worths[worths.length - place] ?? 0
}

/** A term's inverse document frequency, as in bm25. */
function worthOf(rows: number, total: number): number {
  return Math.log(1 + Math.max(0, total - rows + 0.5) / (rows + 0.5))
}

type Rows = Pick<readonly number[], 'length'> & { slice(start: number, end: number): readonly number[] }

/** Those of the rows that fit the request, in their order, up to its limit. */
async function fitting({ db, index, request, reach }: Finding, seqs: Rows): Promise<FoundRow[]> {
  const found: FoundRow[] = []
  // Mostly they all fit, and each that is read in vain costs as much as one that is ranked.
  const spare = reach.share === 1 ? 0 : SPARE_ROWS
  let [at, end] = [0, request.limit + spare]
  while (at < seqs.length && found.length < request.limit) {
    const part = seqs.slice(at, end)
    const { rows } = await sql<FoundRow & { seq: number }>`select entry.seq as seq, ${FOUND}
      from ${index.listed(part)} cross join entry
      where entry.seq = listed.value and ${isFound(request)}`.execute(db)
    const bySeq = new Map(rows.map((row) => [Number(row.seq), row]))
    found.push(...part.flatMap((seq) => bySeq.get(seq) ?? []))
    at = end
    end += request.limit + SPARE_ROWS
  }
  return found.slice(0, request.limit)
}

/** By row, from the rows of each term: only those of open terms, but what all are worth. */
export function holdingsOf(
  rowsByTerm: readonly ArrayLike<number>[],
  worths: readonly number[],
  isOpen: (at: number) => boolean,
): Holding[] {
  const held = new Map<number, { readonly seq: number; worth: number }>()
  for (const [at, seqs] of rowsByTerm.entries()) {
    const worth = worths[at] ?? 0
    // By number: there are thousands, and an iterator leaves an object behind for each.
    for (let place = 0; place < seqs.length; place++) {
      const seq = seqs[place] ?? 0
      const known = held.get(seq)
      if (known) known.worth += worth
      else if (isOpen(at)) held.set(seq, { seq, worth })
    }
  }
  return [...held.values()]
}
