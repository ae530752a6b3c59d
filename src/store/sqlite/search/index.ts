import { type Kysely, sql } from 'kysely'
import { tokensOf } from '../../../domain/words/tokens.ts'
import type { Schema } from '../../schema.ts'
import { isFound } from '../../search/filter.ts'
import type { FoundRow, SearchIndex, SearchRequest, TermIndex } from '../../search/index.ts'
import { matchEntries } from '../../search/match.ts'
import { isRebuilding } from '../../search/rebuild.ts'
import { FOUND } from '../../search/rows.ts'
import { type Candidates, COUNTED_ROWS, candidatesFor } from './candidates.ts'
import { placeOf } from './place.ts'

export const ftsSearchIndex: SearchIndex = {
  kind: 'fts5',
  match: (db, request, past = []) => matchEntries(db, termIndex, { request, past }),
}

/** The terms count together: what the parts of an entry are worth, the ranking decides. */
const BEST_FIRST = sql.raw('bm25(entry_words, 1.0, 0.0), entry_words.rowid desc')
/** A spelling net is cast over so many words at most. */
const MOST_VOCABULARY = 20_000

const termIndex: TermIndex = {
  async count(db, terms) {
    const { rows } = await sql<{ n: number }>`select (select count(*) from (
        select 1 from entry_words where entry_words match each.value limit ${COUNTED_ROWS})) as n
      from json_each(${JSON.stringify(terms.map(quoted))}) as each order by each.key`.execute(db)
    return rows.map(({ n }) => n)
  },
  async startingWith(db, letter) {
    const { rows } = await sql<{ term: string }>`select term from entry_vocabulary
      where term >= ${letter} and term < ${afterLetter(letter)} limit ${MOST_VOCABULARY}`.execute(db)
    return rows.map(({ term }) => term)
  },
  async find(db, request, terms) {
    const found = new Map<string, FoundRow>()
    const quotedTerms = terms.map(({ term, rows }) => ({ term: quoted(term), rows }))
    for await (const candidates of candidatesFor(db, quotedTerms, await placeOf(db, request))) {
      for (const row of await findAmong(db, candidates, request)) found.set(row.id, row)
      if (found.size >= request.limit) break
    }
    return [...found.values()].slice(0, request.limit)
  },
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

async function findAmong(
  db: Kysely<Schema>,
  candidates: Candidates,
  request: SearchRequest,
): Promise<FoundRow[]> {
  const best = candidates.isLastResort ? undefined : await findAmongBest(db, candidates, request)
  return best ?? (await findAmongAll(db, candidates, request))
}

/** A row of `entry` costs more to read than to score, so only the best are looked up; undefined if too few of them fit. */
async function findAmongBest(
  db: Kysely<Schema>,
  { match, fromRow }: Candidates,
  request: SearchRequest,
): Promise<FoundRow[] | undefined> {
  const looked = request.limit + 50
  const best = await sql<{ seq: number }>`select rowid as seq from entry_words
    where entry_words match ${match} and rowid >= ${fromRow} order by ${BEST_FIRST} limit ${looked}`.execute(
    db,
  )
  const seqs = best.rows.map(({ seq }) => seq)
  const { rows } = await sql<FoundRow>`select ${FOUND}
    from json_each(${JSON.stringify(seqs)}) as best cross join entry on entry.seq = best.value
    where ${isFound(request)} order by best.key limit ${request.limit}`.execute(db)
  return rows.length === request.limit || seqs.length < looked ? rows : undefined
}

async function findAmongAll(
  db: Kysely<Schema>,
  { match, fromRow }: Candidates,
  request: SearchRequest,
): Promise<FoundRow[]> {
  const { rows } = await sql<FoundRow>`select ${FOUND}
    from entry_words cross join entry on entry.seq = entry_words.rowid
    where entry_words match ${match} and entry_words.rowid >= ${fromRow} and ${isFound(request)}
    order by ${BEST_FIRST} limit ${request.limit}`.execute(db)
  return rows
}

/** A term as FTS5 takes it: a string, in which nothing is syntax. */
function quoted(term: string): string {
  return `terms:"${term.replaceAll('"', ' ')}"`
}

function afterLetter(letter: string): string {
  return String.fromCodePoint((letter.codePointAt(0) ?? 0) + 1)
}
