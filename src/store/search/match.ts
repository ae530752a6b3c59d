import type { Kysely } from 'kysely'
import type { Entry } from '../../domain/entries/entry.ts'
import { entryType } from '../../domain/entries/types/index.ts'
import { GLOBAL_SCOPE_ID } from '../../domain/scope.ts'
import { type Question, questionOf } from '../../domain/words/asked/question.ts'
import { columnsOf, isDocumentText } from '../../domain/words/document.ts'
import {
  type Counts,
  explainCandidates,
  rankCandidates,
  type Scored,
  termsOf,
} from '../../domain/words/ranking/rank.ts'
import { searchText } from '../../domain/words/search-text.ts'
import type { Columns } from '../../domain/words/turns.ts'
import { likeness, textVector } from '../../domain/words/vectors/vectors.ts'
import { findEntries } from '../entries/entries.ts'
import type { Schema } from '../schema.ts'
import { candidatesOf } from './candidates.ts'
import { findRows } from './find.ts'
import type { FoundRow, SearchHit, SearchRequest, Size, TermIndex } from './index.ts'
import { type Alike, alikeInReach } from './meaning.ts'
import { namedAs } from './named.ts'
import { rowsOf, sizeOf, withSessions } from './rows.ts'
import { type CountedQuestion, countQuestion } from './terms.ts'
import { wordTable } from './word-table.ts'

/** Ranked against each other; what the index gives after them is ranked behind them. */
const FIRST_ROWS = 300
/** In large scopes the index knows well enough which rows come first, and more take long to read. */
const FIRST_ROWS_OF_MANY = 120
/** More vectors are not compared one by one either. */
const MANY = 3_000
const MOST_ROWS = 1_000
/**
 * Found by their vectors alone: those that stand far out, and where words find little the next ones. More of these are ranked than shown,
 * for the order is not that of the vectors: a page is filled up to so many.
 */
const MOST_ALIKE = 30
const RANKED = 20
const PAGE = 10
const ENOUGH_TO_COMPARE = 20
const FAR_OUT = 2
/** A talk has words of its own, and in so many turns they can be counted. */
const ENOUGH_TURNS = 100

/** What answers the question, best first: the same on every database. */
export async function matchEntries(
  db: Kysely<Schema>,
  index: TermIndex,
  { request: given, past }: { request: SearchRequest; past: readonly Entry[] },
): Promise<SearchHit[]> {
  const asked = askedIn(given)
  if (asked.words.length === 0 && given.mode !== 'semantic') return namedAs(db, await withSessions(db, given))
  const total = await sizeOf(db)
  const counted = await countQuestion(db, index, { asked, total })
  const known = await withSessions(db, given)
  const isLarge = total > MANY && (await index.isLarger(db, known, MANY))
  const request = isLarge ? given : known
  const search = { db, index, request, counted, size: { isLarge, total, within: known.within } }
  const most = isLarge ? FIRST_ROWS_OF_MANY : FIRST_ROWS
  const found = await findAll(search, most)
  const alike = isLarge || request.mode === 'lexical' ? [] : await alikeRows(search, found)
  const filling = new Set(alike.filter(({ isFilling }) => isFilling).map(({ row }) => row.id))
  const rows = [...found, ...alike.map(({ row }) => row), ...pastRows(past, counted.question)]
  const first = (await ranked(search, rows)).filter(({ id }, place) => place < PAGE || !filling.has(id))
  if (first.length >= request.limit || found.length < most) return first.slice(0, request.limit)
  const ids = new Set(first.map(({ id }) => id))
  const rest = (await findAll(search, MOST_ROWS)).filter(({ id }) => !ids.has(id))
  return [...first, ...(await ranked(search, rest))].filter(isFirstOfItsId()).slice(0, request.limit)
}

/** By meaning alone, no word counts. */
function askedIn({ query, mode }: SearchRequest): Question {
  return mode === 'semantic'
    ? { words: [], text: query, asEnglish: questionOf(query).asEnglish }
    : questionOf(query)
}

interface Searching {
  readonly db: Kysely<Schema>
  readonly index: TermIndex
  readonly request: SearchRequest
  readonly counted: CountedQuestion
  readonly size: Size
}

async function findAll(
  { db, index, request, counted: { terms }, size }: Searching,
  limit: number,
): Promise<FoundRow[]> {
  const asked = { ...request, limit }
  const rows = terms.length === 0 ? [] : await findRows(db, index, { request: asked, terms, size })
  const known = new Set(rows.map(({ id }) => id))
  const older = (await index.findOlder(db, asked)).filter(({ id }) => !known.has(id))
  return withTerms(db, [...rows, ...older])
}

/** Rows of a version before get their terms now. */
async function withTerms(db: Kysely<Schema>, rows: readonly FoundRow[]): Promise<FoundRow[]> {
  const older = rows.filter(({ terms }) => !isDocumentText(terms))
  if (older.length === 0) return [...rows]
  const entries = await findEntries(
    db,
    older.map(({ id }) => id),
  )
  const terms = new Map(entries.map((entry) => [entry.id, textOf(entry)]))
  return rows
    .map((row) => ({ ...row, terms: terms.get(row.id) ?? row.terms }))
    .filter((row) => isDocumentText(row.terms))
}

function textOf(entry: Entry): string {
  return searchText(entry, entryType(entry.type), wordTable())
}

/** Those that hold a word of the question: what is only alike says nothing without others to compare it with. */
function pastRows(past: readonly Entry[], question: Question): FoundRow[] {
  const wanted = termsOf(question)
  const holds = ({ terms }: FoundRow) =>
    columnsOf(terms).some((words) => words.some((word) => wanted.has(word)))
  return past.map(pastRow).filter((row) => wanted.size === 0 || holds(row))
}

function pastRow(entry: Entry): FoundRow {
  const { id, name, type, scope_id, updated_at: updatedAt } = entry
  return { id, name, type, scopeId: scope_id ?? GLOBAL_SCOPE_ID, updatedAt, terms: textOf(entry) }
}

/** Entries that share no word with the question, but whose vectors stand out among all. */
async function alikeRows(search: Searching, found: readonly FoundRow[]): Promise<AlikeRow[]> {
  const { db, request } = search
  const known = new Set(found.map(({ id }) => id))
  const { meaning } = request
  const alike = meaning ? await alikeInReach(db, request, meaning) : await alikeByWords(search)
  const isByWords = request.mode !== 'semantic'
  const best = standingOut(alike, { known, limit: isByWords ? RANKED : request.limit })
  const rows = new Map(
    (
      await rowsOf(
        db,
        best.map(({ id }) => id),
      )
    ).map((row) => [row.id, row]),
  )
  return best.flatMap(({ id, isFarOut }) => {
    const row = rows.get(id)
    return row ? [{ row, isFilling: isByWords && !isFarOut }] : []
  })
}

async function alikeByWords({ db, index, request, counted }: Searching): Promise<Alike[]> {
  const table = wordTable()
  const asked = table && textVector(counted.question.asEnglish, table)
  if (!asked) return []
  const alike: Alike[] = []
  for (const { id, vector } of await index.vectorsInReach(db, request)) {
    if (vector) alike.push({ id, like: likeness(asked, vector) })
  }
  return alike
}

interface AlikeRow {
  readonly row: FoundRow
  /** It is there because a short page has room. */
  readonly isFilling: boolean
}

/** Not known yet and above the mean, in the order of likeness: all that stand far out, and of the others what there is room for. */
function standingOut(
  all: readonly Alike[],
  { known, limit }: { known: ReadonlySet<string>; limit: number },
): (Alike & { readonly isFarOut: boolean })[] {
  if (all.length < ENOUGH_TO_COMPARE) return []
  const mean = all.reduce((sum, { like }) => sum + like, 0) / all.length
  const spread = Math.sqrt(all.reduce((sum, { like }) => sum + (like - mean) ** 2, 0) / all.length)
  const from = Math.max(0, mean)
  const room = limit - known.size
  return all
    .filter(({ id, like }) => like >= from && !known.has(id))
    .sort((a, b) => b.like - a.like || (a.id < b.id ? 1 : -1))
    .map((alike) => ({ ...alike, isFarOut: alike.like >= mean + FAR_OUT * spread }))
    .filter(({ isFarOut }, place) => place < room || isFarOut)
    .slice(0, Math.max(limit, MOST_ALIKE))
}

async function ranked(
  { db, request, counted, size: { isLarge, total } }: Searching,
  rows: readonly FoundRow[],
): Promise<SearchHit[]> {
  const {
    rows: all,
    candidates,
    turns,
  } = await candidatesOf(db, { ...request, isLarge, question: counted.question }, rows)
  const entries = { total: Math.max(total, 1), of: counted.counts }
  const counts = {
    entries,
    turns: turns.length >= ENOUGH_TURNS ? countsAmong(turns, termsOf(counted.question)) : entries,
  }
  const byId = new Map(all.map((row) => [row.id, row]))
  const rank = request.explain ? explainCandidates : rankCandidates
  return rank(counted.question, candidates, counts).flatMap((scored) => hitOf(scored, byId.get(scored.id)))
}

/** In how many of these each of the terms stands. */
function countsAmong(turns: readonly Columns[], terms: ReadonlySet<string>): Counts {
  const of = new Map<string, number>()
  for (const columns of turns) {
    const held = new Set(columns.flatMap((words) => words.filter((word) => terms.has(word))))
    for (const term of held) of.set(term, (of.get(term) ?? 0) + 1)
  }
  return { total: turns.length, of }
}

function hitOf({ id, score: exact, why }: Scored, row: FoundRow | undefined): SearchHit[] {
  if (!row) return []
  const { name, type, scopeId } = row
  const score = Math.round(exact * 1_000) / 1_000
  return [{ id, name, type, scopeId, score, ...(why && { why }) }]
}

function isFirstOfItsId(): (hit: SearchHit) => boolean {
  const seen = new Set<string>()
  return ({ id }) => !seen.has(id) && seen.add(id).size > 0
}
