import { type Kysely, type RawBuilder, sql } from 'kysely'
import { queryTerms } from '../../../domain/words/search-terms.ts'
import type { Schema } from '../../schema.ts'
import { isFound } from '../../search/filter.ts'
import type { SearchHit, SearchIndex, SearchRequest } from '../../search/index.ts'
import { type Candidates, candidatesFor } from './candidates.ts'
import { placeOf } from './place.ts'

/**
 * External content: FTS5 keeps only its index, the text stays in `entry`; triggers keep the two together. `place` is one word
 * for the entry's scope, by which a search in a small scope of a large database starts from that scope's rows.
 */
export async function createFtsIndex(db: Kysely<unknown>): Promise<void> {
  await sql`create view entry_indexed as
    select seq, name, content, tags, search_text, ${placeColumn('scope_id')} as place from entry`.execute(db)
  await sql`create virtual table entry_fts using fts5(
    name, content, tags, search_text, place, content='entry_indexed', content_rowid='seq',
    tokenize='porter unicode61 remove_diacritics 2')`.execute(db)
  await sql`create trigger entry_fts_insert after insert on entry begin ${insertNew}; end`.execute(db)
  await sql`create trigger entry_fts_delete after delete on entry begin ${deleteOld}; end`.execute(db)
  await sql`create trigger entry_fts_update after update of name, content, tags, search_text, scope_id on entry
    begin ${deleteOld}; ${insertNew}; end`.execute(db)
}

/** The word for a scope: letters and digits, and an ending that no stemmer takes off. */
function placeColumn(column: string): RawBuilder<string> {
  return sql`'x' || replace(${sql.ref(column)}, '-', '') || 'x'`
}

const insertNew = sql`insert into entry_fts (rowid, name, content, tags, search_text, place)
  values (new.seq, new.name, new.content, new.tags, new.search_text, ${placeColumn('new.scope_id')})`
const deleteOld = sql`insert into entry_fts (entry_fts, rowid, name, content, tags, search_text, place)
  values ('delete', old.seq, old.name, old.content, old.tags, old.search_text, ${placeColumn('old.scope_id')})`

/** By bm25 with weights of name, content, tags, search_text and place; of equals the newest first. */
const BEST_FIRST = sql.raw('bm25(entry_fts, 3.0, 1.0, 2.0, 0.6, 0.0), entry_fts.rowid desc')

export const ftsSearchIndex: SearchIndex = {
  kind: 'fts5',
  async match(db: Kysely<Schema>, request: SearchRequest): Promise<SearchHit[]> {
    const terms = queryTerms(request.query).map(quoted)
    if (terms.length === 0) return []
    const hits = new Map<string, SearchHit>()
    for await (const candidates of candidatesFor(db, terms, await placeOf(db, request))) {
      for (const hit of await findAmong(db, candidates, request)) hits.set(hit.id, hit)
      if (hits.size >= request.limit) break
    }
    return [...hits.values()].slice(0, request.limit)
  },
}

async function findAmong(
  db: Kysely<Schema>,
  candidates: Candidates,
  request: SearchRequest,
): Promise<SearchHit[]> {
  const best = candidates.isLastResort ? undefined : await findAmongBest(db, candidates, request)
  return best ?? (await findAmongAll(db, candidates, request))
}

/** A row of `entry` costs more to read than to score, so only the best are looked up; undefined if too few of them fit. */
async function findAmongBest(
  db: Kysely<Schema>,
  { match, fromRow }: Candidates,
  request: SearchRequest,
): Promise<SearchHit[] | undefined> {
  const looked = request.limit + 50
  const best = await sql<{ seq: number }>`select rowid as seq from entry_fts
    where entry_fts match ${match} and rowid >= ${fromRow} order by ${BEST_FIRST} limit ${looked}`.execute(db)
  const seqs = best.rows.map(({ seq }) => seq)
  const { rows } = await sql<SearchHit>`select entry.id, entry.name, entry.type, entry.scope_id as "scopeId"
    from json_each(${JSON.stringify(seqs)}) as best cross join entry on entry.seq = best.value
    where ${isFound(request)} order by best.key limit ${request.limit}`.execute(db)
  return rows.length === request.limit || seqs.length < looked ? rows : undefined
}

async function findAmongAll(
  db: Kysely<Schema>,
  { match, fromRow }: Candidates,
  request: SearchRequest,
): Promise<SearchHit[]> {
  const { rows } = await sql<SearchHit>`select entry.id, entry.name, entry.type, entry.scope_id as "scopeId"
    from entry_fts cross join entry on entry.seq = entry_fts.rowid
    where entry_fts match ${match} and entry_fts.rowid >= ${fromRow} and ${isFound(request)}
    order by ${BEST_FIRST} limit ${request.limit}`.execute(db)
  return rows
}

/** A term as FTS5 takes it: a string, in which nothing is syntax. */
function quoted(term: string): string {
  return `"${term.replaceAll('"', ' ')}"`
}
