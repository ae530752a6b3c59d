import { type Kysely, sql } from 'kysely'
import { tokensOf } from '../../../domain/words/tokens.ts'
import type { Schema } from '../../schema.ts'
import { isFound } from '../../search/filter.ts'
import { holdingsOf } from '../../search/find.ts'
import type { CountedTerm, FoundRow, SearchIndex, TermIndex } from '../../search/index.ts'
import { matchEntries } from '../../search/match.ts'
import { isRebuilding } from '../../search/rebuild.ts'
import { FOUND, sizeOf } from '../../search/rows.ts'
import { reachOf } from './reach.ts'

export const ftsSearchIndex: SearchIndex = {
  kind: 'fts5',
  match: (db, request, past = []) => matchEntries(db, termIndex, { request, past }),
}

/** Terms of more rows are not counted to the end: how far their newest rows reach back tells how many there are. */
const COUNTED_ROWS = 3_000
/** Rows of a term up to this are read whole; of commoner ones only those that other terms have chosen. */
const LISTED_ROWS = 8_000
const NEWEST_FIRST = sql.raw('entry_words.rowid desc')

const termIndex: TermIndex = {
  async count(db, terms) {
    const { rows } = await sql<{
      counted: string
    }>`select (select json_array(count(*), min(newest.rowid)) from (
        select rowid from entry_words where entry_words match each.value
        order by ${NEWEST_FIRST} limit ${COUNTED_ROWS + 1}) as newest) as counted
      from json_each(${JSON.stringify(terms.map(quoted))}) as each order by each.key`.execute(db)
    const total = await sizeOf(db)
    return rows.map(({ counted }) => {
      const [rows = 0, oldest] = JSON.parse(counted) as [number, number | null]
      if (oldest === null || rows <= COUNTED_ROWS) return rows
      return Math.round((rows * total) / (total - oldest + 1))
    })
  },
  reachOf,
  async holding(db, { reach: { place }, either, also, worths }) {
    const terms = [...either, ...also]
    const anyOfThem = anyOf(either)
    const matches = terms.map(({ term, rows }, at) => {
      const isListed = at < either.length || rows <= LISTED_ROWS
      return within(place, isListed ? quoted(term) : `(${anyOfThem}) AND ${quoted(term)}`)
    })
    const { rows } = await sql<{ seqs: string }>`select (
        select json_group_array(rowid) from entry_words where entry_words match each.value) as seqs
      from json_each(${JSON.stringify(matches)}) as each order by each.key`.execute(db)
    return holdingsOf(
      rows.map(({ seqs }) => JSON.parse(seqs) as number[]),
      worths,
      (at) => at < either.length,
    )
  },
  async newestWithAll(db, { place }, terms, { most, from }) {
    const match = within(place, terms.map(({ term }) => quoted(term)).join(' AND '))
    const { rows } = await sql<{ seq: number }>`select rowid as seq from entry_words
      where entry_words match ${match} and rowid >= ${from} order by ${NEWEST_FIRST} limit ${most}`.execute(
      db,
    )
    return rows.map(({ seq }) => seq)
  },
  async newestFitting(db, request, { place }, terms) {
    const { rows } = await sql<FoundRow>`select ${FOUND}
      from entry_words cross join entry on entry.seq = entry_words.rowid
      where entry_words match ${within(place, anyOf(terms))} and ${isFound(request)}
      order by ${NEWEST_FIRST} limit ${request.limit}`.execute(db)
    return rows
  },
  listed: (seqs) => sql`json_each(${JSON.stringify(seqs)}) as listed`,
  async findOlder(db, request) {
    const words = tokensOf(request.query.slice(0, MOST_OLDER_CHARACTERS)).map(({ text }) => `"${text}"`)
    if (words.length === 0 || !(await isRebuilding(db)) || !(await hasOlderIndex(db))) return []
    const { rows } =
      await sql<FoundRow>`select ${FOUND} from entry_fts cross join entry on entry.seq = entry_fts.rowid
      where entry_fts match ${words.join(' OR ')} and ${isFound(request)}
      order by bm25(entry_fts, 3.0, 1.0, 2.0, 0.6, 0.0), entry_fts.rowid desc limit ${request.limit}`.execute(
        db,
      )
    return rows
  },
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

/** A term as FTS5 takes it: a string, in which nothing is syntax. */
function quoted(term: string): string {
  return `terms:"${term.replaceAll('"', ' ')}"`
}
