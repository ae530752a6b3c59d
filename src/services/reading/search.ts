import type { ServedFrom } from '../../coordination/cache.ts'
import { type Clock, isoTime } from '../../domain/clock.ts'
import { dependenciesOf } from '../../domain/dependencies.ts'
import { ENTRY_TYPE_NAMES } from '../../domain/entries/types/index.ts'
import { AppError } from '../../domain/errors.ts'
import { badCursor, decodeNumberCursor, encodeCursor } from '../../domain/page.ts'
import { nearestRef, type Scope, type ScopeRef } from '../../domain/scope.ts'
import { questionOf } from '../../domain/words/question.ts'
import type { Reader } from '../../store/access.ts'
import { nextBoundary } from '../../store/entries/in-force.ts'
import { spellingsOf } from '../../store/entries/tags.ts'
import type { SearchIndex } from '../../store/search/index.ts'
import type { CachedReads, Found } from '../cached-reads.ts'
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
  readonly include_sessions: boolean
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

interface Asked {
  readonly given: SearchArguments
  readonly chain: readonly Scope[]
  readonly types: readonly string[]
  readonly offset: number
}

/** Full-text search over what a scope can see. */
export class Search {
  readonly #reads: CachedReads
  readonly #scopes: Scopes
  readonly #index: SearchIndex
  readonly #clock: Clock

  constructor(reads: CachedReads, options: { scopes: Scopes; searchIndex: SearchIndex; clock: Clock }) {
    this.#reads = reads
    this.#scopes = options.scopes
    this.#index = options.searchIndex
    this.#clock = options.clock
  }

  async search(caller: Caller, given: SearchArguments): Promise<SearchAnswer> {
    refuseVectors(given.mode)
    const reachable = await this.#scopes.chainForRead(caller, given)
    const chain = given.inherit ? reachable : reachable.slice(0, 1)
    const types = given.types ? [...new Set(given.types)].sort() : ENTRY_TYPE_NAMES
    const sessionsOf = given.include_sessions ? chain : []
    const { cursor, consistency, mode: _mode, scope_type: _type, scope_id: _id, ...asked } = given
    const question = ['search', chain.map(({ id }) => id), types, Object.entries(asked).sort()]
    const offset = offsetOf(cursor)
    const read = {
      question: [...question, offset],
      dependencies: dependenciesOf(chain, types, sessionsOf),
      strong: consistency === 'strong',
    }
    const { value, servedFrom } = await this.#reads.read(read, (db) =>
      this.#load(db, { given, chain, types, offset }),
    )
    const next = value.hasMore ? { next_cursor: encodeCursor([offset + given.limit]) } : {}
    const honest = offset === 0 ? honestyOf(given.query, value.results) : {}
    return { results: value.results, ...honest, ...next, served_from: servedFrom, ...nearestRef(chain) }
  }

  async #load(db: Reader, { given, chain, types, offset }: Asked): Promise<Found<SearchPage>> {
    const at = given.as_of ?? isoTime(this.#clock.now())
    const find: PageRequest['find'] = {
      query: given.query,
      scopeIds: chain.map(({ id }) => id),
      sessionsOf: given.include_sessions ? chain.map(({ id }) => id) : [],
      types,
      tagsInclude: await spellingsOf(db, given.tags.include),
      tagsExclude: await spellingsOf(db, given.tags.exclude),
      minPriority: given.min_priority ?? null,
      updatedAfter: given.updated_after ?? null,
      updatedUntil: given.as_of ?? null,
      validAt: at,
    }
    const page = await loadSearchPage(db, this.#index, { find, chain, offset, limit: given.limit })
    const changesAt = given.as_of === undefined ? await nextBoundary(db, find, at) : null
    return { value: page, changesAt }
  }
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

function refuseVectors(mode: SearchArguments['mode']): void {
  if (mode === 'auto' || mode === 'lexical') return
  throw new AppError(
    'INVALID_PARAMETER',
    `mode: ${mode} needs a vector index, which this version does not have.`,
    {
      suggestion: 'Use mode auto: it takes what there is.',
    },
  )
}

function offsetOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  const offset = decodeNumberCursor(cursor)
  if (offset < 0) throw badCursor()
  return offset
}
