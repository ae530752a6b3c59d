import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Schema } from '../../schema.ts'
import { isFound } from '../../search/filter.ts'
import { holdingsOf } from '../../search/find.ts'
import type {
  CountedTerm,
  FoundRow,
  Holding,
  Reach,
  SearchIndex,
  SearchRequest,
  Size,
  StoredVector,
  TermIndex,
} from '../../search/index.ts'
import { matchEntries } from '../../search/match.ts'
import { FOUND, isLarger, vectorsInReach } from '../../search/rows.ts'
import { PLANNED_ANEW } from '../statements/statement-names.ts'
import { CommonTerms } from './common-terms.ts'

/** Terms of more rows are not counted to the end. */
const COUNTED_ROWS = 3_000
/** In so many entries the server's own statistics say how common a term is; what they don't name is rare, and counted to here. */
const STATISTICS_FROM = 50_000
const OTHERS_COUNTED_ROWS = 400
/** How many times as many rows are looked through as should hold what is looked for. */
const MARGIN = 3

/** The index of one database: it remembers which terms are common in it. */
export class TextSearchIndex implements SearchIndex {
  readonly kind = 'tsvector'
  readonly #terms = new TextTermIndex()

  match(...[db, request, past = []]: Parameters<SearchIndex['match']>): ReturnType<SearchIndex['match']> {
    return matchEntries(db, this.#terms, { request, past })
  }
}

class TextTermIndex implements TermIndex {
  readonly #common = new CommonTerms()

  async count(db: Kysely<Schema>, terms: readonly string[], total: number): Promise<number[]> {
    if (total < STATISTICS_FROM) return countRows(db, terms, COUNTED_ROWS)
    const { shares, least } = await this.#common.read(db)
    const others = terms.filter((term) => !shares.has(term))
    const most = least === 0 ? COUNTED_ROWS : OTHERS_COUNTED_ROWS
    const counted = await countRows(db, others, most)
    const byTerm = new Map(others.map((term, at) => [term, counted[at] ?? 0]))
    return terms.map((term) => {
      const share = shares.get(term)
      if (share !== undefined) return Math.round(share * total)
      const rows = byTerm.get(term) ?? 0
      return rows > most ? Math.max(rows, Math.round(least * total)) : rows
    })
  }

  reachOf(_: Kysely<Schema>, __: SearchRequest, { isLarge }: Size): Promise<Reach> {
    return Promise.resolve({ isSmall: !isLarge, share: 1, place: null })
  }

  vectorsInReach(...asked: Parameters<TermIndex['vectorsInReach']>): Promise<StoredVector[]> {
    return vectorsInReach(...asked)
  }

  isLarger(...asked: Parameters<TermIndex['isLarger']>): Promise<boolean> {
    return isLarger(...asked)
  }

  holding(
    db: Kysely<Schema>,
    { request, reach, either, also, worths }: Parameters<TermIndex['holding']>[1],
  ): Promise<Holding[]> {
    return reach.isSmall
      ? holdingInReach(db, request, { either, worths })
      : holdingAnywhere(db, { either, also, worths })
  }

  /** Of terms that many rows have, the newest rows hold enough: how far back to look follows from how common they are. */
  async newestWithAll(
    db: Kysely<Schema>,
    _: Reach,
    terms: readonly CountedTerm[],
    { most, total }: { most: number; total: number },
  ): Promise<number[]> {
    const share = terms.reduce((product, { rows }) => product * Math.min(1, rows / total), 1)
    const from = Math.max(0, Math.floor(total - (most * MARGIN) / share))
    const { rows } = await sql<{ seq: string }>`select ${sql.raw(PLANNED_ANEW)} seq from entry_search
      where vector @@ ${allOf(terms)}::tsquery and seq >= ${from}::bigint order by seq desc limit ${most}`.execute(
      db,
    )
    return rows.map(({ seq }) => Number(seq))
  }

  async newestFitting(
    db: Kysely<Schema>,
    request: SearchRequest,
    _: Reach,
    terms: readonly CountedTerm[],
  ): Promise<FoundRow[]> {
    const { rows } =
      await sql<FoundRow>`select ${sql.raw(PLANNED_ANEW)} ${FOUND} from entry join entry_search using (seq)
      where vector @@ ${anyOf(terms)}::tsquery and ${isFound(request)} order by seq desc limit ${request.limit}`.execute(
        db,
      )
    return rows
  }

  listed(seqs: readonly number[]): RawBuilder<unknown> {
    return sql`unnest(${[...seqs]}::bigint[]) as listed(value)`
  }

  /** The one index has them too. */
  findOlder(): Promise<FoundRow[]> {
    return Promise.resolve([])
  }
}

async function countRows(db: Kysely<Schema>, terms: readonly string[], most: number): Promise<number[]> {
  if (terms.length === 0) return []
  const { rows } = await sql<{ n: number }>`select (select count(*) from (
      select from entry_search where vector @@ given.query limit ${sql.lit(most + 1)}) as counted)::int as n
    from ${queries(terms)} order by given.at`.execute(db)
  return rows.map(({ n }) => n)
}

/** Terms as rows of the places and queries that they have. */
function queries(terms: readonly string[]) {
  return sql`(select at, query::tsquery as query from unnest(${terms.map(quoted)}::text[]) with ordinality as each (query, at)) as given`
}

type Wanted = Pick<Parameters<TermIndex['holding']>[1], 'either' | 'also' | 'worths'>

/** Each row of small scopes is looked at. Places begin at 1. */
async function holdingInReach(
  db: Kysely<Schema>,
  request: SearchRequest,
  { either, worths }: Pick<Wanted, 'either' | 'worths'>,
): Promise<Holding[]> {
  const { rows } = await sql<{ seq: string; held: string[] }>`
    with reach as materialized (select seq from entry where ${isFound(request)})
    select reach.seq, array(select at from ${queries(termsOf(either))} where vector @@ given.query) as held
    from reach cross join lateral (
      select vector from entry_search where entry_search.seq = reach.seq offset 0) as indexed
    where vector @@ ${anyOf(either)}::tsquery`.execute(db)
  return rows.map(({ seq, held }) => ({
    seq: Number(seq),
    worth: held.reduce((sum, at) => sum + (worths[Number(at) - 1] ?? 0), 0),
  }))
}

/** The rows of each rare term from the index, and of those which of the others they hold. */
async function holdingAnywhere(db: Kysely<Schema>, { either, also, worths }: Wanted): Promise<Holding[]> {
  const bits = also.map(
    ({ term }, at) => sql`(vector @@ ${quoted(term)}::tsquery)::int * ${sql.lit(2 ** at)}`,
  )
  const { rows } = await sql<{ at: string; seq: string; others: number }>`
    select given.at, hit.seq, hit.others from ${queries(termsOf(either))} cross join lateral (
      select seq, ${sql.join([sql`0`, ...bits], sql` + `)} as others
      from entry_search where vector @@ given.query offset 0) as hit`.execute(db)
  const byTerm = either.map((): number[] => [])
  const byOther = also.map((): number[] => [])
  for (const { at, seq, others } of rows) {
    byTerm[Number(at) - 1]?.push(Number(seq))
    for (const [bit, seqs] of byOther.entries()) if (others & (2 ** bit)) seqs.push(Number(seq))
  }
  const others = byOther.map((seqs) => [...new Set(seqs)])
  return holdingsOf([...byTerm, ...others], worths, (at) => at < either.length)
}

function termsOf(terms: readonly CountedTerm[]): string[] {
  return terms.map(({ term }) => term)
}

function anyOf(terms: readonly CountedTerm[]): string {
  return terms.map(({ term }) => quoted(term)).join(' | ')
}

function allOf(terms: readonly CountedTerm[]): string {
  return terms.map(({ term }) => quoted(term)).join(' & ')
}

/** A term as a query: whatever stands in it is a word to PostgreSQL, never syntax. */
function quoted(term: string): string {
  return `'${term.replaceAll(/['\\]/g, ' ')}'`
}
