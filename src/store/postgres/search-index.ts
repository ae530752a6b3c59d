import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema.ts'
import { isFound } from '../search/filter.ts'
import type { CountedTerm, FoundRow, SearchIndex, SearchRequest, TermIndex } from '../search/index.ts'
import { matchEntries } from '../search/match.ts'
import { FOUND, isLarger, sizeOf } from '../search/rows.ts'

/**
 * So many rows may be scored for one query: the rarest words, which tell most, are looked for first, for as long as their
 * rows fit.
 */
const SCORED_ROWS = 4_000
const COUNTED_ROWS = 8_000
/** Where rare words found something, but not enough for a page, so many rows with only common words fill it up. */
const FILLING_ROWS = 1_000
/** In scopes of no more entries than this each of them is looked at. */
const SMALL_SCOPES = 1_000
const MOST_VOCABULARY = 20_000

export const textSearchIndex: SearchIndex = {
  kind: 'tsvector',
  match: (db, request, past = []) => matchEntries(db, termIndex, { request, past }),
}

const termIndex: TermIndex = {
  async count(db, terms) {
    const { rows } = await sql<{ n: number }>`select (select count(*) from (
        select from entry_search where vector @@ given.query limit ${sql.lit(COUNTED_ROWS)}) as counted)::int as n
      from ${queries(terms)} order by given.at`.execute(db)
    return rows.map(({ n }) => n)
  },
  async startingWith(db, letter) {
    const { rows } = await sql<{ term: string }>`select term from entry_word
      where term >= ${letter} and term < ${afterLetter(letter)} order by term limit ${sql.lit(MOST_VOCABULARY)}`.execute(
      db,
    )
    return rows.map(({ term }) => term)
  },
  async find(db, request, terms) {
    if (!(await isLarger(db, request, SMALL_SCOPES))) return findInReach(db, request, terms)
    const found = new Map<string, FoundRow>()
    for await (const rows of groups(db, request, terms)) {
      for (const row of rows) found.set(row.id, row)
      if (found.size >= request.limit) break
    }
    return [...found.values()].slice(0, request.limit)
  },
  // The one index has them too.
  findOlder: () => Promise.resolve([]),
}

/** Terms as rows of the places and queries that they have. */
function queries(terms: readonly string[]) {
  return sql`(select at, query::tsquery as query from unnest(${terms.map(quoted)}::text[]) with ordinality as each (query, at)) as given`
}

async function findInReach(
  db: Kysely<Schema>,
  request: SearchRequest,
  terms: readonly CountedTerm[],
): Promise<FoundRow[]> {
  const worths = await worthsOf(db, terms)
  const { rows } = await sql<FoundRow>`select ${FOUND} from entry join entry_search using (seq)
    where vector @@ ${anyOf(terms)}::tsquery and ${isFound(request)}
    order by (select sum(worth) from ${weighed(terms, worths)} where vector @@ given.query) desc, seq desc
    limit ${request.limit}`.execute(db)
  return rows
}

/** Rows, best group first: with a rare term, with all common ones, with the least common one, with any of them. */
async function* groups(
  db: Kysely<Schema>,
  request: SearchRequest,
  terms: readonly CountedTerm[],
): AsyncGenerator<readonly FoundRow[]> {
  const rare = rarest(terms)
  const common = terms.slice(rare.length)
  const hits = rare.length > 0 ? await findByRare(db, request, { rare, terms }) : []
  yield hits
  const [least] = common
  if (!least) return
  const most = hits.length > 0 ? FILLING_ROWS : SCORED_ROWS
  if (common.length > 1) yield findNewest(db, request, { query: allOf(common), most })
  yield findNewest(db, request, { query: anyOf([least]), most })
  if (common.length > 1) yield findNewest(db, request, { query: anyOf(common), most })
}

function rarest(terms: readonly CountedTerm[]): readonly CountedTerm[] {
  let room = SCORED_ROWS
  return terms.filter(({ rows }) => {
    room -= rows
    return room >= 0
  })
}

/** Any of the rare terms; the common ones add to the score of rows so chosen. */
async function findByRare(
  db: Kysely<Schema>,
  request: SearchRequest,
  { rare, terms }: { rare: readonly CountedTerm[]; terms: readonly CountedTerm[] },
): Promise<FoundRow[]> {
  const worths = await worthsOf(db, terms)
  const { rows } = await sql<FoundRow>`with scored as materialized (
      select seq, (select sum(worth) from ${weighed(terms, worths)} where vector @@ given.query) as score
      from entry_search where vector @@ ${anyOf(rare)}::tsquery order by score desc, seq desc)
    select hit.* from scored cross join lateral (
      select ${FOUND} from entry where entry.seq = scored.seq and ${isFound(request)} offset 0) as hit
    order by score desc, seq desc limit ${request.limit}`.execute(db)
  return rows
}

/** Of so many rows the newest are taken. */
async function findNewest(
  db: Kysely<Schema>,
  request: SearchRequest,
  { query, most }: { query: string; most: number },
): Promise<FoundRow[]> {
  const { rows } = await sql<FoundRow>`select ${FOUND} from entry join entry_search using (seq)
    where vector @@ ${query}::tsquery and ${isFound(request)}
    order by seq desc limit ${Math.min(most, request.limit)}`.execute(db)
  return rows
}

/** What a term is worth that so many rows hold: its inverse document frequency, as in bm25. */
async function worthsOf(db: Kysely<Schema>, terms: readonly CountedTerm[]): Promise<number[]> {
  const total = await sizeOf(db)
  return terms.map(({ rows }) => Math.log(1 + Math.max(0, total - rows + 0.5) / (rows + 0.5)))
}

function weighed(terms: readonly CountedTerm[], worths: readonly number[]) {
  const texts = terms.map(({ term }) => quoted(term))
  return sql`(select query::tsquery as query, worth
    from unnest(${texts}::text[], ${worths}::float8[]) as each (query, worth)) as given`
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

function afterLetter(letter: string): string {
  return String.fromCodePoint((letter.codePointAt(0) ?? 0) + 1)
}
