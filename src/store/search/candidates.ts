import type { Kysely } from 'kysely'
import { columnsOf, isDocumentText, vectorOf } from '../../domain/words/document.ts'
import { namesIn } from '../../domain/words/question.ts'
import type { Around, Candidate } from '../../domain/words/rank.ts'
import { likeness, likenessOf, textVector } from '../../domain/words/vectors.ts'
import type { Schema } from '../schema.ts'
import type { FoundRow, SearchRequest } from './index.ts'
import { sessionsAmong, turnsOf } from './rows.ts'
import { wordTable } from './word-table.ts'

/** Turns of sessions that are read for what stands around them. */
const MOST_TURNS = 1_000
const MOST_SESSIONS = 20
/** What is said just before or after a turn counts with it, by the distance. */
const AROUND = [
  { step: -1, weight: 0.6 },
  { step: -2, weight: 0.4 },
  { step: 1, weight: 0.3 },
  { step: 2, weight: 0.1 },
] as const

interface Found {
  readonly rows: readonly FoundRow[]
  readonly candidates: readonly Candidate[]
}

/** Rows as the ranking takes them; turns of sessions bring the turns around them. */
export async function candidatesOf(
  db: Kysely<Schema>,
  request: SearchRequest,
  found: readonly FoundRow[],
): Promise<Found> {
  const turns = await turnsAround(db, request, found)
  const known = new Set(found.map(({ id }) => id))
  const rows = [...found, ...turns.filter(({ id, terms }) => !known.has(id) && isDocumentText(terms))]
  const columns = new Map(rows.map((row) => [row.id, columnsOf(row.terms)]))
  const around = aroundEach(turns, columns)
  const read = reading(request, rows)
  const names = namesIn(request.query)
  const candidates = rows.map((row) => {
    const own = columns.get(row.id) ?? []
    const near = around.get(row.id)
    return {
      ...read(row),
      columns: own,
      around: near ?? [],
      isSaidByNamed: near !== undefined && isSaidBy(row.type, own, names),
    }
  })
  return { rows, candidates }
}

async function turnsAround(
  db: Kysely<Schema>,
  request: SearchRequest,
  found: readonly FoundRow[],
): Promise<FoundRow[]> {
  const scopeIds = [...new Set(found.map(({ scopeId }) => scopeId))]
  const sessionIds = (await sessionsAmong(db, scopeIds)).slice(0, MOST_SESSIONS)
  return sessionIds.length === 0 ? [] : await turnsOf(db, request, { sessionIds, limit: MOST_TURNS })
}

function aroundEach(
  turns: readonly FoundRow[],
  columns: ReadonlyMap<string, string[][]>,
): Map<string, Around[]> {
  const around = turns.map((turn, at) => {
    const near = AROUND.flatMap(({ step, weight }) => {
      const other = turns[at + step]
      return other?.scopeId === turn.scopeId ? [{ columns: columns.get(other.id) ?? [], weight }] : []
    })
    return [turn.id, near] as const
  })
  return new Map(around)
}

const CONTENT = 2
const MORE = 3

/** A logged turn has its speaker beside its text; in a note of a conversation he stands before it ("Ada: …"). */
function isSaidBy(
  type: string,
  columns: readonly (readonly string[])[],
  names: ReadonlySet<string>,
): boolean {
  const [first = ''] = columns[type === 'observation' ? MORE : CONTENT] ?? []
  return names.has(first)
}

type Read = Omit<Candidate, 'columns' | 'around' | 'isSaidByNamed'>

function reading(request: SearchRequest, rows: readonly FoundRow[]): (row: FoundRow) => Read {
  const table = wordTable()
  const asked = table ? textVector(request.query, table) : undefined
  const vectors = new Map(rows.map((row) => [row.id, vectorOf(row.terms)]))
  const distances = new Map(request.scopeIds.map((id, at) => [id, at]))
  return ({ id, scopeId, type, updatedAt }) => {
    const vector = vectors.get(id)
    return {
      id,
      updatedAt,
      group: `${scopeId} ${type}`,
      distance: distances.get(scopeId) ?? 0,
      likeness: asked && vector ? likeness(asked, vector) : null,
      likenessTo: (other) => likenessOf(vector, vectors.get(other)),
    }
  }
}
