import { type Kysely, sql } from 'kysely'
import { alikeness, type Meaning } from '../../domain/words/vectors/embedding.ts'
import { isOneOf } from '../one-of.ts'
import type { Schema } from '../schema.ts'
import { isFound } from './filter.ts'
import type { SearchRequest } from './index.ts'

interface VectorRow {
  readonly id: string
  readonly vector: string
}

/** An entry, and how alike it is to what was asked, -1 to 1. */
export interface Alike {
  readonly id: string
  readonly like: number
}

/** How alike the entries in reach are to the question, by id, as far as they have a vector of its model. */
export async function alikeInReach(
  db: Kysely<Schema>,
  request: SearchRequest,
  meaning: Meaning,
): Promise<Alike[]> {
  const { rows } = await sql<VectorRow>`select entry.id as id, embedding.vector as vector
    from entry join embedding on embedding.entry_id = entry.id and embedding.model = ${meaning.model}
    where ${isFound(request)}`.execute(db)
  return likesOf(meaning, rows)
}

/** The same of these entries. */
export async function alikeOf(
  db: Kysely<Schema>,
  ids: readonly string[],
  meaning: Meaning,
): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<VectorRow>`select entry_id as id, vector from embedding
    where model = ${meaning.model} and ${isOneOf('entry_id', ids)}`.execute(db)
  return new Map(likesOf(meaning, rows).map(({ id, like }) => [id, like]))
}

function likesOf({ vector }: Meaning, rows: readonly VectorRow[]): Alike[] {
  const alike: Alike[] = []
  for (const row of rows) {
    const like = row.vector === '' ? null : alikeness(vector, row.vector)
    if (like !== null) alike.push({ id: row.id, like })
  }
  return alike
}
