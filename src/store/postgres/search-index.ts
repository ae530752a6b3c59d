import { type Kysely, type RawBuilder, sql } from 'kysely'
import { queryTerms } from '../../domain/words/search-terms.ts'
import type { Schema } from '../schema.ts'
import { isFound } from '../search/filter.ts'
import type { SearchHit, SearchIndex, SearchRequest } from '../search/index.ts'

/**
 * So many rows may be scored for one query: the rarest words, which tell most, are looked for first, for as long as their
 * rows fit.
 */
const SCORED_ROWS = 4_000
/** Where rare words found something, but not enough for a page, so many rows with only common words fill it up. */
const FILLING_ROWS = 1_000

interface Found {
  readonly hits: readonly SearchHit[]
  /** The terms that were too common to choose what is scored, the least common one first. */
  readonly common: readonly string[]
}

export const textSearchIndex: SearchIndex = {
  kind: 'tsvector',
  async match(db: Kysely<Schema>, request: SearchRequest): Promise<SearchHit[]> {
    const terms = queryTerms(request.query)
    if (terms.length === 0) return []
    const hits = new Map<string, SearchHit>()
    for await (const found of groups(db, terms, request)) {
      for (const hit of found) hits.set(hit.id, hit)
      if (hits.size >= request.limit) break
    }
    return [...hits.values()].slice(0, request.limit)
  },
}

/** Hits, best group first: with a rare word, with all common ones, with the least common one, with any of them. */
async function* groups(
  db: Kysely<Schema>,
  terms: readonly string[],
  request: SearchRequest,
): AsyncGenerator<readonly SearchHit[]> {
  const { hits, common } = await matchRareTerms(db, terms, request)
  yield hits
  const [least] = common
  if (!least) return
  const most = hits.length > 0 ? FILLING_ROWS : SCORED_ROWS
  if (common.length > 1) yield matchNewest(db, common.join(' & '), request, most)
  yield matchNewest(db, least, request, most)
  if (common.length > 1) yield matchNewest(db, common.join(' | '), request, most)
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

/**
 * Words known to be too common before a row of them is read, and in how many rows they are: as the last ANALYZE saw it, so perhaps
 * not all of them, and some that no longer are.
 */
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
 * Any of the rare terms; the common ones add to the score of rows so chosen, most of them (`more`) as soon as a row is read. Only
 * a word that no ANALYZE has seen and whose rows were cut off (`is_cut`) makes the chosen rows be read again. ts_rank knows nothing
 * of how rare a word is, so each term's rank counts by its worth; the highest number of a row stands for how many there are. Rows
 * of `entry` are read best first, until there are enough. `offset 0` keeps the planner from turning a step round: its guesses
 * about new tables are poor.
 */
async function matchRareTerms(
  db: Kysely<Schema>,
  terms: readonly string[],
  request: SearchRequest,
): Promise<Found> {
  const { rows } = await sql<Found>`with total as (select max(seq) as n from entry_search),
    given as materialized (select term, query, known.n from (${termQueries(terms)}) as parsed
      left join (${commonTerms()}) as known on known.text = query::text),
    found as materialized (select term, seq, rank, more from given cross join lateral (
      select seq, ${rank(sql`given.query`)} as rank, (select sum(${rank(sql`known.query`)} * ${worth(sql`known.n`)})
        from given as known where known.n is not null and vector @@ known.query) as more
      from entry_search where vector @@ given.query limit ${SCORED_ROWS + 1}) as hit where given.n is null),
    counted as (select term, count(*)::float8 as n, ${worth(sql`count(*)`)} as value, count(*) > ${SCORED_ROWS} as is_cut,
      sum(count(*)) over (order by count(*), term) <= ${SCORED_ROWS} as is_rare from found group by term),
    common as materialized (select query, coalesce(given.n, counted.n) as n, value, is_cut
      from given left join counted using (term) where given.n is not null or not is_rare),
    chosen as (select seq, sum(rank * value) filter (where not is_cut) + coalesce(max(more), 0) as score
      from found join counted using (term) group by seq having bool_or(is_rare)),
    scored as (select seq, score + coalesce(rest, 0) as score from chosen left join lateral (
      select (select sum(${rank(sql`query`)} * value) from common where is_cut and vector @@ query) as rest
      from entry_search where entry_search.seq = chosen.seq and exists (select from common where is_cut) offset 0) as again on true
      order by score desc, seq desc offset 0),
    best as (select hit.*, score, seq from scored cross join lateral (
      select ${HIT} from entry where entry.seq = scored.seq and ${isFound(request)} offset 0) as hit
      order by score desc, seq desc limit ${request.limit})
    select coalesce((select json_agg(json_build_object('id', id, 'name', name, 'type', type, 'scopeId', "scopeId")
        order by score desc, seq desc) from best), '[]') as hits,
      coalesce((select array_agg(format('(%s)', query) order by n) from common), '{}') as common`.execute(db)
  return rows[0] ?? { hits: [], common: [] }
}

/** Of so many rows the newest are scored; of equals, too, the newest comes first. */
async function matchNewest(
  db: Kysely<Schema>,
  query: string,
  request: SearchRequest,
  most: number,
): Promise<SearchHit[]> {
  const { rows } = await sql<SearchHit>`select id, name, type, "scopeId" from (
      select ${HIT}, entry.seq, vector from entry join entry_search using (seq)
      where vector @@ ${query}::tsquery and ${isFound(request)}
      order by entry.seq desc limit ${most}) as newest
    order by ${rank(sql`${query}::tsquery`)} desc, seq desc limit ${request.limit}`.execute(db)
  return rows
}
