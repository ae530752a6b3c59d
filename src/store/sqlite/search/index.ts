import { type Kysely, type RawBuilder, sql } from 'kysely'
import { tokensOf } from '../../../domain/words/tokens.ts'
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
import { isRebuilding } from '../../search/rebuild.ts'
import { FOUND, isLarger } from '../../search/rows.ts'
import { KeptRows, quoted } from './kept-rows.ts'
import { keptVectors } from './kept-vectors.ts'
import { reachOf } from './reach.ts'

/** The index of one database: it remembers which rows hold the terms that were asked for. */
export class FtsSearchIndex implements SearchIndex {
  readonly kind = 'fts5'
  readonly #terms = new FtsTermIndex()

  match(...[db, request, past = []]: Parameters<SearchIndex['match']>): ReturnType<SearchIndex['match']> {
    return matchEntries(db, this.#terms, { request, past })
  }
}

/** Rows of a term up to this are read whole; of commoner ones only those that other terms have chosen. */
const LISTED_ROWS = 8_000
const NEWEST_FIRST = sql.raw('entry_words.rowid desc')

class FtsTermIndex implements TermIndex {
  readonly #kept = new KeptRows()

  async count(db: Kysely<Schema>, terms: readonly string[], total: number): Promise<number[]> {
    return (await this.#kept.of(db, terms, total)).map(({ rows }) => rows)
  }

  reachOf(db: Kysely<Schema>, request: SearchRequest, size: Size): Promise<Reach> {
    return reachOf(db, request, { size, kept: this.#kept })
  }

  vectorsInReach(db: Kysely<Schema>, request: SearchRequest): Promise<StoredVector[]> {
    return keptVectors(db, request, this.#kept)
  }

  isLarger(db: Kysely<Schema>, request: SearchRequest, most: number): Promise<boolean> {
    const read = () => isLarger(db, request, most)
    return request.within ? this.#kept.known(db, `${most} ${request.within.join(' ')}`, read) : read()
  }

  async holding(
    db: Kysely<Schema>,
    { reach: { place }, either, also, worths, total }: Parameters<TermIndex['holding']>[1],
  ): Promise<Holding[]> {
    const terms = [...either, ...also]
    const kept =
      place === null
        ? await this.#kept.of(
            db,
            terms.map(({ term }) => term),
            total,
          )
        : []
    const missing = terms.flatMap((_, at) => (kept[at]?.seqs ? [] : [at]))
    const anyOfThem = anyOf(either)
    const matches = missing.map((at) => {
      const { term = '', rows = 0 } = terms[at] ?? {}
      const isListed = at < either.length || rows <= LISTED_ROWS
      return within(place, isListed ? quoted(term) : `(${anyOfThem}) AND ${quoted(term)}`)
    })
    const read = matches.length === 0 ? [] : await rowsMatching(db, matches)
    const byTerm = terms.map((_, at) => kept[at]?.seqs ?? read[missing.indexOf(at)] ?? [])
    return holdingsOf(byTerm, worths, (at) => at < either.length)
  }

  async newestWithAll(
    db: Kysely<Schema>,
    { place }: Reach,
    terms: readonly CountedTerm[],
    { most, from }: { most: number; from: number },
  ): Promise<number[]> {
    const match = within(place, terms.map(({ term }) => quoted(term)).join(' AND '))
    const { rows } = await sql<{ seq: number }>`select rowid as seq from entry_words
      where entry_words match ${match} and rowid >= ${from} order by ${NEWEST_FIRST} limit ${most}`.execute(
      db,
    )
    return rows.map(({ seq }) => seq)
  }

  async newestFitting(
    db: Kysely<Schema>,
    request: SearchRequest,
    { place }: Reach,
    terms: readonly CountedTerm[],
  ): Promise<FoundRow[]> {
    const { rows } = await sql<FoundRow>`select ${FOUND}
      from entry_words cross join entry on entry.seq = entry_words.rowid
      where entry_words match ${within(place, anyOf(terms))} and ${isFound(request)}
      order by ${NEWEST_FIRST} limit ${request.limit}`.execute(db)
    return rows
  }

  listed(seqs: readonly number[]): RawBuilder<unknown> {
    return sql`json_each(${JSON.stringify(seqs)}) as listed`
  }

  async findOlder(db: Kysely<Schema>, request: SearchRequest): Promise<FoundRow[]> {
    const words = tokensOf(request.query.slice(0, MOST_OLDER_CHARACTERS)).map(({ text }) => `"${text}"`)
    if (words.length === 0 || !(await isRebuilding(db)) || !(await hasOlderIndex(db))) return []
    const { rows } =
      await sql<FoundRow>`select ${FOUND} from entry_fts cross join entry on entry.seq = entry_fts.rowid
      where entry_fts match ${words.join(' OR ')} and ${isFound(request)}
      order by bm25(entry_fts, 3.0, 1.0, 2.0, 0.6, 0.0), entry_fts.rowid desc limit ${request.limit}`.execute(
        db,
      )
    return rows
  }
}

/** The rows of each of these matches. */
async function rowsMatching(db: Kysely<Schema>, matches: readonly string[]): Promise<number[][]> {
  const { rows } = await sql<{ seqs: string }>`select (
      select json_group_array(rowid) from entry_words where entry_words match each.value) as seqs
    from json_each(${JSON.stringify(matches)}) as each order by each.key`.execute(db)
  return rows.map(({ seqs }) => JSON.parse(seqs) as number[])
}

const MOST_OLDER_CHARACTERS = 1_000

/** A database that was moved here has entries of before, but not their index. */
async function hasOlderIndex(db: Kysely<Schema>): Promise<boolean> {
  const { rows } = await sql`select 1 from sqlite_master where name = 'entry_fts'`.execute(db)
  return rows.length > 0
}

function anyOf(terms: readonly CountedTerm[]): string {
  return terms.map(({ term }) => quoted(term)).join(' OR ')
}

function within(place: string | null, match: string): string {
  return place === null ? match : `(${place}) AND (${match})`
}
