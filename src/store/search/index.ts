import type { Kysely } from 'kysely'
import type { Entry } from '../../domain/entries/entry.ts'
import type { Schema } from '../schema.ts'

/** What to look for and where. `scopeIds` and `types` are never empty. */
export interface SearchRequest {
  /** The user's words as given: an index treats them as data, never as its own syntax. */
  readonly query: string
  /** Nearest first. */
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

/** One find: an entry's id, best first. */
export interface SearchHit {
  readonly id: string
  readonly scopeId: string
  readonly name: string
  readonly type: string
  /** The share of what was asked that the entry holds, 0 to 1. */
  readonly score: number
}

/** A term that some entries have. */
export interface CountedTerm {
  readonly term: string
  readonly rows: number
}

/** A row that may be an answer. */
export interface FoundRow {
  readonly id: string
  readonly scopeId: string
  readonly name: string
  readonly type: string
  readonly updatedAt: string
  /** The entry's terms (domain/words/document.ts). */
  readonly terms: string
}

/**
 * The index of one kind of database. It finds rows by terms and counts; what an answer is and in which order, is decided once for
 * all of them (match.ts). The database keeps the index itself; nobody writes to it.
 */
export interface TermIndex {
  /** In how many rows each term stands, up to a limit of the index. */
  count(db: Kysely<Schema>, terms: readonly string[]): Promise<number[]>
  /** Terms that begin with this letter. */
  startingWith(db: Kysely<Schema>, letter: string): Promise<string[]>
  /** Up to so many rows that fit the request and hold any of the terms, the most telling first; the rarest term first. */
  find(db: Kysely<Schema>, request: SearchRequest, terms: readonly CountedTerm[]): Promise<FoundRow[]>
  /** Rows of a version before, which its own index still finds. */
  findOlder(db: Kysely<Schema>, request: SearchRequest): Promise<FoundRow[]>
}

/** Search inside one database. */
export interface SearchIndex {
  /** What the database calls it. */
  readonly kind: 'fts5' | 'tsvector'
  /** `past` are entries as they were, which stand beside what the index finds. */
  match(db: Kysely<Schema>, request: SearchRequest, past?: readonly Entry[]): Promise<SearchHit[]>
}
