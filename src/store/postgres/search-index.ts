import { type Kysely, type RawBuilder, sql } from 'kysely'
import { queryTerms } from '../../domain/search-terms.ts'
import type { Schema } from '../schema.ts'
import { isFound } from '../search-filter.ts'
import type { SearchHit, SearchIndex, SearchRequest } from '../search-index.ts'

/**
 * So many rows may be scored for one query: the rarest words, which tell most, are looked for first, for as long as their
 * rows fit.
 */
const SCORED_ROWS = 4_000
/** To the best of them the commoner words add what they tell. */
const COMPLETED_ROWS = 50

export const textSearchIndex: SearchIndex = {
  kind: 'tsvector',
  async match(db: Kysely<Schema>, request: SearchRequest): Promise<SearchHit[]> {
    const terms = queryTerms(request.query)
    if (terms.length === 0) return []
    const hits = new Map<string, SearchHit>()
    for await (const found of groups(db, terms, request)) {
      for (const hit of found) hits.set(hit.id, hits.get(hit.id) ?? hit)
      if (hits.size >= request.limit) break
    }
    return [...hits.values()].slice(0, request.limit)
  },
}

/** Hits, best group first: with a rare word, with all common ones, with the least common one. */
async function* groups(
  db: Kysely<Schema>,
  terms: readonly string[],
  request: SearchRequest,
): AsyncGenerator<SearchHit[]> {
  yield await matchRareTerms(db, terms, request)
  const common = commonest(await countRows(db, terms))
  const [least] = common
  if (!least) return
  if (common.length > 1) yield matchNewest(db, common.map((query) => `(${query})`).join(' & '), request)
  yield matchNewest(db, least, request)
}

const HIT = sql.raw('entry.id, entry.name, entry.type, entry.scope_id as "scopeId"')

/** Weights of D (search_text), C (content), B (tags) and A (name), and less for a long text: 1 is by its logarithm. */
function rank(query: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`ts_rank('{0.2, 0.33, 0.67, 1}'::real[], vector, ${query}, 1)`
}

/** The terms as PostgreSQL takes them: whatever stands in one is a word to it, never syntax. */
function termQueries(terms: readonly string[]): RawBuilder<unknown> {
  return sql`select row_number() over () as term, query from (
      select distinct phraseto_tsquery('agent_memory', entry_search_words(word)) as query
      from unnest(${terms}::text[]) as word) as given
    where numnode(query) > 0`
}

/** Words known to be too common before a row of them is read: as the last ANALYZE saw it, so perhaps not all of them. */
function commonTerms(): RawBuilder<unknown> {
  return sql`select quote_literal(word) as text, share * (select n from total) as n from pg_stats,
      unnest(most_common_elems::text::text[], most_common_elem_freqs) as common (word, share)
    where schemaname = current_schema() and tablename = 'entry_search' and attname = 'vector'
      and word is not null and share * (select n from total) > ${SCORED_ROWS}`
}

/** What a term is worth that so many rows hold: its inverse document frequency, as in bm25. */
function worth(n: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`ln(1 + greatest(0, (select n from total) - ${n} + 0.5) / (${n} + 0.5))`
}

/**
 * Any of the rare terms, completed by the common ones. ts_rank knows nothing of how rare a word is, so each term's rank counts
 * by its worth; the highest number of a row stands for how many there are. `offset 0` keeps the planner from turning that step
 * round: its guesses about new tables are poor.
 */
async function matchRareTerms(
  db: Kysely<Schema>,
  terms: readonly string[],
  request: SearchRequest,
): Promise<SearchHit[]> {
  const { rows } = await sql<SearchHit>`with total as (select max(seq) as n from entry_search),
    given as materialized (${termQueries(terms)}),
    known as materialized (${commonTerms()}),
    wanted as materialized (select term, query from given where query::text not in (select text from known)),
    found as materialized (select term, seq, rank from wanted cross join lateral (
      select seq, ${rank(sql`wanted.query`)} as rank from entry_search
      where vector @@ wanted.query limit ${SCORED_ROWS + 1}) as hit),
    counted as (select term, count(*)::float8 as n, sum(count(*)) over (order by count(*), term) as room
      from found group by term),
    kept as (select term, ${worth(sql`n`)} as value from counted where room <= ${SCORED_ROWS}),
    scored as (select seq, sum(rank * value) as score from found join kept using (term) group by seq),
    hits as materialized (select hit.*, scored.seq, scored.score from scored cross join lateral (
      select ${HIT}, entry.priority from entry where entry.seq = scored.seq and ${isFound(request)} offset 0) as hit),
    best as materialized (select seq from hits order by score desc, seq limit ${COMPLETED_ROWS}),
    common as materialized (select query, ${worth(sql`greatest(counted.n, known.n)`)} as value
      from given left join counted using (term) left join known on known.text = query::text
      where term not in (select term from kept) and (counted.n > 0 or known.n > 0)),
    more as (select seq, sum(${rank(sql`common.query`)} * value) as score
      from best join entry_search using (seq) join common on vector @@ common.query group by seq)
    select id, name, type, "scopeId" from hits left join more using (seq)
    order by hits.score + coalesce(more.score, 0) desc, priority desc, seq limit ${request.limit}`.execute(db)
  return rows
}

/** The terms whose rows are too many to be scored with those of the rarer ones, the least common one first. */
function commonest(present: readonly CountedTerm[]): string[] {
  let room = SCORED_ROWS
  return present.flatMap(({ query, n }) => {
    room -= n
    return room >= 0 ? [] : [query]
  })
}

interface CountedTerm {
  readonly query: string
  readonly n: number
}

/** Of so many rows the newest are scored. */
async function matchNewest(db: Kysely<Schema>, query: string, request: SearchRequest): Promise<SearchHit[]> {
  const { rows } = await sql<SearchHit>`select id, name, type, "scopeId" from (
      select ${HIT}, entry.priority, entry.seq, vector from entry join entry_search using (seq)
      where vector @@ ${query}::tsquery and ${isFound(request)}
      order by entry.seq desc limit ${SCORED_ROWS}) as newest
    order by ${rank(sql`${query}::tsquery`)} desc, priority desc, seq limit ${request.limit}`.execute(db)
  return rows
}

/** How many rows hold each term, the rarest first; the count stops just above the limit. */
async function countRows(db: Kysely<Schema>, terms: readonly string[]): Promise<CountedTerm[]> {
  const { rows } = await sql<CountedTerm>`select query::text, n from (
      select term, query, (select count(*) from (
        select 1 from entry_search where vector @@ query limit ${SCORED_ROWS + 1}) as hit) as n
      from (${termQueries(terms)} offset 0) as wanted) as counted
    where n > 0 order by n, term`.execute(db)
  return rows
}
