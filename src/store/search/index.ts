import type { Kysely, RawBuilder } from 'kysely'
import type { Withheld } from '../../domain/access/rights.ts'
import type { Entry } from '../../domain/entries/entry.ts'
import type { Why } from '../../domain/words/ranking/why.ts'
import type { Meaning } from '../../domain/words/vectors/embedding.ts'
import type { Schema } from '../schema.ts'

export type SearchMode = 'lexical' | 'semantic' | 'hybrid'

/** What to look for and where. `scopeIds` and `types` are never empty. */
export interface SearchRequest {
  /** The user's words as given: an index treats them as data, never as its own syntax. */
  readonly query: string
  /** Nearest first. */
  readonly scopeIds: readonly string[]
  /** Also what sessions directly below these scopes hold. */
  readonly sessionsOf: readonly string[]
  /** All those scopes and sessions by their ids, once they are known. */
  readonly within?: readonly string[]
  readonly types: readonly string[]
  /** Types that are not looked for in a scope and in its sessions, by its id. */
  readonly withheld?: Withheld
  readonly tagsInclude: readonly string[]
  readonly tagsExclude: readonly string[]
  readonly minPriority: number | null
  readonly updatedAfter: string | null
  /** Only entries that read today as they did then (ISO 8601). */
  readonly updatedUntil: string | null
  /** Validity windows are judged at this instant (ISO 8601). */
  readonly validAt: string
  /** Entries of these scopes, and of an entry's own, may stand in its place; null finds superseded entries too. */
  readonly supersededIn: readonly string[] | null
  readonly limit: number
  /** By words, by what the vectors say, or by both. */
  readonly mode: SearchMode
  /** The question as a model understands it; null leaves it to the word vectors. */
  readonly meaning: Meaning | null
  /** Each find says what makes its rank. */
  readonly explain?: boolean
}

/** One find: an entry's id, best first. */
export interface SearchHit {
  readonly id: string
  readonly scopeId: string
  readonly name: string
  readonly type: string
  /** The share of what was asked that the entry holds, 0 to 1. */
  readonly score: number
  readonly why?: Why
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
  /** Of a turn of a session the beginning and the end of its text. */
  readonly said?: string | null
}

/** How much there is to search. */
export interface Size {
  /** Many entries in the scopes that are searched. */
  readonly isLarge: boolean
  /** Entries that the database has or has had. */
  readonly total: number
  /** As in the request, also where that is too large to be told its scopes one by one. */
  readonly within: readonly string[] | undefined
}

/** The word vector of an entry, if it has one of the table that is used now. */
export interface StoredVector {
  readonly id: string
  readonly vector: Uint8Array | undefined
}

/** What of the database a request may find. */
export interface Reach {
  /** Few rows, and a small part of the database: each of them may be looked at. */
  readonly isSmall: boolean
  /** About which part of the database it is, above 0 to 1; 1 where the index cannot tell. */
  readonly share: number
  /** What all its rows match in the index, in the index's own syntax; null where that would not help. */
  readonly place: string | null
}

/** A row by its number, and what the terms that it holds are worth together. */
export interface Holding {
  readonly seq: number
  readonly worth: number
}

/**
 * The index of one kind of database. It finds rows by terms and counts; which rows are ranked (find.ts), what
 * an answer is and in which order (match.ts), is decided once for all of them. The database keeps the index
 * itself; no code writes to it.
 */
export interface TermIndex {
  /** In how many rows each term stands: of common ones about. */
  count(db: Kysely<Schema>, terms: readonly string[], total: number): Promise<number[]>
  reachOf(db: Kysely<Schema>, request: SearchRequest, size: Size): Promise<Reach>
  /** Whether the scopes that are searched hold more entries than this, whatever the filters leave of them. */
  isLarger(db: Kysely<Schema>, request: SearchRequest, most: number): Promise<boolean>
  /** Of all entries in reach, which are not many. */
  vectorsInReach(db: Kysely<Schema>, request: SearchRequest): Promise<StoredVector[]>
  /** Rows in reach that hold any of some terms, and what those and others that each holds are worth. */
  holding(
    db: Kysely<Schema>,
    wanted: {
      readonly request: SearchRequest
      readonly reach: Reach
      readonly either: readonly CountedTerm[]
      readonly also: readonly CountedTerm[]
      /** Of `either`, then of `also`. */
      readonly worths: readonly number[]
      readonly total: number
    },
  ): Promise<Holding[]>
  /** The newest rows in reach that hold all terms, from a row on. */
  newestWithAll(
    db: Kysely<Schema>,
    reach: Reach,
    terms: readonly CountedTerm[],
    limits: { readonly most: number; readonly from: number; readonly total: number },
  ): Promise<number[]>
  /** The newest rows that fit the request and hold any of the terms, however old they are: a last resort. */
  newestFitting(
    db: Kysely<Schema>,
    request: SearchRequest,
    reach: Reach,
    terms: readonly CountedTerm[],
  ): Promise<FoundRow[]>
  /** These numbers as rows `listed(value)`, for a FROM clause that begins with them. */
  listed(seqs: readonly number[]): RawBuilder<unknown>
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
