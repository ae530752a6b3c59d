import type { Kysely } from 'kysely'
import { namesIn, type Question } from '../../domain/words/asked/question.ts'
import { isDocumentText, vectorOf } from '../../domain/words/document.ts'
import type { Candidate } from '../../domain/words/ranking/rank.ts'
import { StoredTerms } from '../../domain/words/ranking/stored-terms.ts'
import { type Columns, PASSAGE, turnsAmong } from '../../domain/words/turns.ts'
import { standout } from '../../domain/words/vectors/embedding.ts'
import { likeness, likenesses, likenessOf, textVector } from '../../domain/words/vectors/vectors.ts'
import type { Schema } from '../schema.ts'
import type { FoundRow, SearchRequest } from './index.ts'
import { alikeOf } from './meaning.ts'
import { sessionsAmong, turnsNear, turnsOf } from './rows.ts'
import { wordTable } from './word-table.ts'

/** Turns of sessions that are read for what stands around them; of longer ones those around so many hits. */
const MOST_TURNS = 1_000
const MOST_SESSIONS = 20
const HITS_WITH_TURNS = 40
const HITS_WITH_TURNS_OF_MANY = 15

interface Found {
  readonly rows: readonly FoundRow[]
  readonly candidates: readonly Candidate[]
  /** The terms of turns, by turn. */
  readonly turns: readonly Columns[]
}

interface Asked extends SearchRequest {
  /** Of so many entries sessions are not read whole. */
  readonly isLarge: boolean
  readonly question: Question
}

/** Rows as the ranking takes them; turns of sessions bring the turns around them. */
export async function candidatesOf(
  db: Kysely<Schema>,
  request: Asked,
  found: readonly FoundRow[],
): Promise<Found> {
  const read = await turnsAround(db, request, found)
  const around = read.filter(({ terms }) => isDocumentText(terms))
  const known = new Set(found.map(({ id }) => id))
  const rows = [...found, ...around.filter(({ id }) => !known.has(id))]
  const terms = new Map(rows.map((row) => [row.id, new StoredTerms(row.terms)]))
  const logged = around.map((row) => ({
    ...row,
    said: row.said ?? '',
    columns: terms.get(row.id)?.columns ?? [],
  }))
  const turns = turnsAmong(logged, namesIn(request.query))
  const reading = readingOf(request, rows)
  const likes = request.meaning && (await alikeOf(db, [...terms.keys()], request.meaning))
  const meanings = likes && standout(likes)
  const candidates = rows.map((row) => ({
    ...reading(row),
    terms: terms.get(row.id) ?? new StoredTerms(row.terms),
    meaning: meanings?.get(row.id) ?? null,
    turn: turns.get(row.id) ?? null,
  }))
  return { rows, candidates, turns: logged.map((turn) => turn.columns) }
}

async function turnsAround(
  db: Kysely<Schema>,
  request: Asked,
  found: readonly FoundRow[],
): Promise<FoundRow[]> {
  const scopeIds = [...new Set(found.map(({ scopeId }) => scopeId))]
  const sessionIds = (await sessionsAmong(db, scopeIds)).slice(0, MOST_SESSIONS)
  if (sessionIds.length === 0) return []
  const all = request.isLarge ? [] : await turnsOf(db, request, { sessionIds, limit: MOST_TURNS + 1 })
  if (!request.isLarge && all.length <= MOST_TURNS) return all
  const hits = found.filter(({ scopeId }) => sessionIds.includes(scopeId))
  const most = request.isLarge ? HITS_WITH_TURNS_OF_MANY : HITS_WITH_TURNS
  return await turnsNear(db, request, { hits, most, steps: PASSAGE })
}

type Read = Omit<Candidate, 'terms' | 'turn' | 'meaning'>

function readingOf(request: Asked, rows: readonly FoundRow[]): (row: FoundRow) => Read {
  const table = wordTable()
  const { words, asEnglish } = request.question
  const asked = table ? textVector(asEnglish, table) : undefined
  const askedWords = words.map((word) =>
    table && word.asEnglish !== undefined ? textVector(word.asEnglish, table) : undefined,
  )
  const vectors = new Map(rows.map((row) => [row.id, vectorOf(row.terms)]))
  const distances = new Map(request.scopeIds.map((id, at) => [id, at]))
  return ({ id, scopeId, type, updatedAt }) => {
    const vector = vectors.get(id)
    const compared = request.mode === 'lexical' ? undefined : vector
    return {
      id,
      updatedAt,
      group: `${scopeId} ${type}`,
      distance: distances.get(scopeId) ?? 0,
      likeness: asked && compared ? likeness(asked, compared) : null,
      likenessOfWords: compared ? likenesses(askedWords, compared) : null,
      likenessTo: (other) => likenessOf(vector, vectors.get(other)),
    }
  }
}
