import type { ServedFrom } from '../../coordination/cache.ts'
import { readable, type Withheld } from '../../domain/access/rights.ts'
import { type Clock, isoTime } from '../../domain/clock.ts'
import { dependenciesOf } from '../../domain/dependencies.ts'
import { textField } from '../../domain/entries/types/entry-type.ts'
import { ENTRY_TYPE_NAMES } from '../../domain/entries/types/index.ts'
import { badCursor, decodeNumberCursor, encodeCursor } from '../../domain/page.ts'
import { GLOBAL_SCOPE_ID, nearestRef, type Scope, type ScopeRef } from '../../domain/scope.ts'
import { questionOf } from '../../domain/words/asked/question.ts'
import type { Reader } from '../../store/access.ts'
import { nextBoundary } from '../../store/entries/in-force.ts'
import { spellingsOf } from '../../store/entries/tags.ts'
import { listScopes } from '../../store/scopes/scopes.ts'
import type { SearchIndex } from '../../store/search/index.ts'
import type { Store } from '../../store/store.ts'
import type { CachedReads, Found } from '../cached-reads.ts'
import type { Embeddings, Vectors } from '../embeddings/embeddings.ts'
import { withChangedFiles } from '../entries/anchors.ts'
import type { Caller, ScopeArgument } from '../running/caller.ts'
import type { Scopes } from '../scopes/scopes.ts'
import { type FoundEntry, loadSearchPage, type PageRequest, type SearchPage } from './search-page.ts'

export interface SearchArguments extends ScopeArgument {
  readonly query: string
  readonly types?: readonly string[] | undefined
  readonly tags: { readonly include: readonly string[]; readonly exclude: readonly string[] }
  readonly limit: number
  readonly cursor?: string | undefined
  readonly mode: 'auto' | 'lexical' | 'semantic' | 'hybrid'
  readonly inherit: boolean
  readonly everywhere?: boolean
  readonly include_sessions: boolean
  readonly turns_around: number
  readonly explain: boolean
  readonly include_superseded?: boolean | undefined
  readonly min_priority?: number | undefined
  readonly updated_after?: string | undefined
  readonly as_of?: string | undefined
  readonly consistency: 'eventual' | 'strong'
}

export interface SearchAnswer extends ScopeRef {
  readonly results: readonly FoundEntry[]
  /** Little of the question is met by what was found. */
  readonly answered?: 'unlikely'
  /** Why nothing was looked for. */
  readonly note?: string
  readonly next_cursor?: string
  readonly served_from: ServedFrom
}

interface Asked extends Vectors {
  readonly given: SearchArguments
  readonly chain: readonly Scope[]
  readonly types: readonly string[]
  readonly withheld: Withheld
  readonly offset: number
}

/** Full-text search over what a scope can see. */
export class Search {
  readonly #store: Store
  readonly #reads: CachedReads
  readonly #scopes: Scopes
  readonly #index: SearchIndex
  readonly #clock: Clock
  readonly #embeddings: Embeddings

  constructor(
    store: Store,
    options: {
      reads: CachedReads
      scopes: Scopes
      searchIndex: SearchIndex
      clock: Clock
      embeddings: Embeddings
    },
  ) {
    this.#store = store
    this.#reads = options.reads
    this.#scopes = options.scopes
    this.#index = options.searchIndex
    this.#clock = options.clock
    this.#embeddings = options.embeddings
  }

  async search(caller: Caller, given: SearchArguments): Promise<SearchAnswer> {
    const vectors = await this.#embeddings.vectorsFor(given.query, given.mode)
    if (given.everywhere) return this.#searchEverywhere(caller, given, vectors)
    const reachable = await this.#scopes.chainForRead(caller, given)
    const near = given.inherit ? reachable : reachable.slice(0, 1)
    const wanted = given.types ? [...new Set(given.types)].sort() : ENTRY_TYPE_NAMES
    // Decided first: cached answers are kept by what the caller may read, so that no caller gets what only
    // another may see.
    const { chain, types, withheld } = readable(caller.rights, near, wanted)
    const sessionsOf = given.include_sessions ? chain : []
    const { cursor, consistency, mode: _given, scope_type: _type, scope_id: _id, ...asked } = given
    const { mode, meaning } = vectors
    const by = [mode, meaning?.model, meaning?.progress]
    const question = ['search', chain.map(({ id }) => id), types, withheld, Object.entries(asked).sort(), by]
    const offset = offsetOf(cursor)
    const read = {
      question: [...question, offset],
      // Of all types: one of another may take the place of what is found.
      dependencies: dependenciesOf(chain, ENTRY_TYPE_NAMES, sessionsOf),
      strong: consistency === 'strong',
    }
    const { value, servedFrom } = await this.#reads.read(read, (db) =>
      this.#load(db, { given, chain, types, withheld, offset, ...vectors }),
    )
    const next = value.hasMore ? { next_cursor: encodeCursor([offset + given.limit]) } : {}
    const honest = offset === 0 ? honestyOf(given.query, value.results) : {}
    const results = await withChangedFiles(this.#scopes, caller, value.results)
    return { results, ...honest, ...next, served_from: servedFrom, ...nearestRef(chain) }
  }

  /** Not kept: the answer changes with any write. */
  async #searchEverywhere(caller: Caller, given: SearchArguments, vectors: Vectors): Promise<SearchAnswer> {
    // A caller that may read a type in the global scope may read it everywhere.
    const { types } = readable(caller.rights, [{ id: GLOBAL_SCOPE_ID }], given.types ?? ENTRY_TYPE_NAMES)
    const offset = offsetOf(given.cursor)
    const { results, hasMore } = await this.#store.snapshot(async (db) => {
      const places = await searchedScopes(db)
      const find = await this.#find(db, { given, places, types, withheld: {}, ...vectors })
      return loadSearchPage(db, this.#index, { find, chain: [], offset, ...pageOf(given) })
    })
    const next = hasMore ? { next_cursor: encodeCursor([offset + given.limit]) } : {}
    const honest = offset === 0 ? honestyOf(given.query, results) : {}
    return { results, ...honest, ...next, served_from: 'database', ...nearestRef([]) }
  }

  async #load(db: Reader, { given, chain, offset, ...asked }: Asked): Promise<Found<SearchPage>> {
    const find = await this.#find(db, { given, places: chain, ...asked })
    const page = await loadSearchPage(db, this.#index, { find, chain, offset, ...pageOf(given) })
    if (given.as_of !== undefined) return { value: page, changesAt: null }
    const boundary = await nextBoundary(db, find, find.validAt)
    const reviews = page.results.map((entry) => textField(entry, 'review_by'))
    const times = [boundary, ...reviews].filter((time) => time !== null && time > find.validAt)
    return { value: page, changesAt: times.sort()[0] ?? null }
  }

  async #find(
    db: Reader,
    {
      given,
      places,
      types,
      withheld,
      mode,
      meaning,
    }: Omit<Asked, 'chain' | 'offset'> & { readonly places: readonly Scope[] },
  ): Promise<PageRequest['find']> {
    const scopeIds = places.map(({ id }) => id)
    return {
      mode,
      meaning,
      explain: given.explain,
      query: given.query,
      scopeIds,
      sessionsOf: given.include_sessions ? scopeIds : [],
      types,
      withheld,
      tagsInclude: await spellingsOf(db, given.tags.include),
      tagsExclude: await spellingsOf(db, given.tags.exclude),
      minPriority: given.min_priority ?? null,
      updatedAfter: given.updated_after ?? null,
      updatedUntil: given.as_of ?? null,
      validAt: given.as_of ?? isoTime(this.#clock.now()),
      supersededIn: given.include_superseded ? null : given.everywhere ? [] : scopeIds,
    }
  }
}

/** The newest of each type; sessions are looked through with what they belong to. */
const MOST_SCOPES = 300

async function searchedScopes(db: Reader): Promise<Scope[]> {
  const found: Scope[] = []
  for (const type of ['global', 'org', 'project'] as const)
    found.push(...(await listScopes(db, { type, limit: MOST_SCOPES })))
  return found
}

/** Of the questions of the evaluation set that have no answer three of four stay below, of the others one of twelve. */
const UNLIKELY_BELOW = 0.4
const ONLY_COMMON_WORDS =
  'The question has only common words, which say nothing about what is looked for: name the thing itself.'

function honestyOf(query: string, results: readonly FoundEntry[]): Pick<SearchAnswer, 'answered' | 'note'> {
  const best = Math.max(0, ...results.map(({ score }) => score))
  if (best >= UNLIKELY_BELOW) return {}
  const hasWords = questionOf(query).words.length > 0
  return { answered: 'unlikely', ...(hasWords ? {} : { note: ONLY_COMMON_WORDS }) }
}

function pageOf({ limit, turns_around: turnsAround }: SearchArguments) {
  return { limit, turnsAround }
}

function offsetOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  const offset = decodeNumberCursor(cursor)
  if (offset < 0) throw badCursor()
  return offset
}
