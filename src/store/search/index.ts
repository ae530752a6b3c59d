import type { Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

/** What to look for and where. `scopeIds` and `types` are never empty. */
export interface SearchRequest {
  /** The user's words as given: an index treats them as data, never as its own syntax. */
  readonly query: string
  readonly scopeIds: readonly string[]
  /** Also what sessions directly below these scopes hold. */
  readonly sessionsOf: readonly string[]
  readonly types: readonly string[]
  readonly tagsInclude: readonly string[]
  readonly tagsExclude: readonly string[]
  readonly minPriority: number | null
  readonly updatedAfter: string | null
  /** Only entries that read today as they did then (ISO 8601). */
  readonly updatedUntil: string | null
  /** Validity windows are judged at this instant (ISO 8601). */
  readonly validAt: string
  readonly limit: number
}

/** One find: an entry's id, best first. Scores of two indexes don't compare; positions do. */
export interface SearchHit {
  readonly id: string
  readonly scopeId: string
  readonly name: string
  readonly type: string
}

/** Full-text search inside one database. The database keeps the index itself; nobody writes to it. */
export interface SearchIndex {
  /** What the database calls it. */
  readonly kind: 'fts5' | 'tsvector'
  match(db: Kysely<Schema>, request: SearchRequest): Promise<SearchHit[]>
}
