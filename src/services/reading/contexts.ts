import { type Clock, isoTime } from '../../domain/clock.ts'
import { dependenciesOf } from '../../domain/dependencies.ts'
import { standingAmong } from '../../domain/entries/in-force.ts'
import { ENTRY_TYPES } from '../../domain/entries/types/index.ts'
import {
  type ContextFormat,
  ContextPacker,
  type PackedContext,
  rankForContext,
} from '../../domain/reading/context.ts'
import type { ContextEntry } from '../../domain/reading/context-layout.ts'
import { type Scope, type ScopeRef, scopeRef } from '../../domain/scope.ts'
import type { Reader } from '../../store/access.ts'
import { findEntries } from '../../store/entries/entries.ts'
import { nextBoundary } from '../../store/entries/in-force.ts'
import {
  countVisible,
  type EntryOutline,
  findNamesakes,
  outlinesOf,
  type Reach,
  topEntries,
} from '../../store/entries/visible-entries.ts'
import type { SearchIndex } from '../../store/search/index.ts'
import type { CachedReads } from '../cached-reads.ts'
import type { Caller, ScopeArgument } from '../running/caller.ts'
import type { Scopes } from '../scopes/scopes.ts'

export interface ContextRequest extends ScopeArgument {
  readonly query?: string | undefined
  readonly token_budget: number
  readonly types?: readonly string[] | undefined
  readonly format: ContextFormat
  readonly inherit: boolean
}

/** What an agent should read first. `context` in markdown, `entries` in JSON. */
export interface ContextAnswer extends ScopeRef {
  readonly context?: string
  readonly entries?: readonly ContextEntry[]
  readonly tokens: number
  readonly token_budget: number
  /** Ids, highest value first. */
  readonly included: readonly string[]
  /** How many more entries can be seen, by type. */
  readonly omitted: Readonly<Record<string, number>>
  /** Ids of included entries of which only the beginning is given. */
  readonly shortened?: readonly string[]
}

interface Question {
  readonly chain: readonly Scope[]
  readonly types: readonly string[]
  readonly request: ContextRequest
}

type Candidate = EntryOutline & { readonly distance: number }

const READ_AT_ONCE = 50
const MOST_CANDIDATES = 2_000
const MOST_HITS = 100
/** An entry with its heading takes at least about so much of a budget. */
const BYTES_PER_ENTRY = 24

/** Packs what an agent should read first into a token budget. */
export class Contexts {
  readonly #reads: CachedReads
  readonly #scopes: Scopes
  readonly #searchIndex: SearchIndex
  readonly #clock: Clock

  constructor(reads: CachedReads, options: { scopes: Scopes; searchIndex: SearchIndex; clock: Clock }) {
    this.#reads = reads
    this.#scopes = options.scopes
    this.#searchIndex = options.searchIndex
    this.#clock = options.clock
  }

  async pack(caller: Caller, request: ContextRequest): Promise<ContextAnswer> {
    const reachable = await this.#scopes.chainForRead(caller, request)
    const chain = request.inherit ? reachable : reachable.slice(0, 1)
    const types = typesOf(chain, request.types)
    const { query, token_budget, format } = request
    const question = ['context', chain.map(({ id, name }) => [id, name]), types, query, token_budget, format]
    const read = { question, dependencies: dependenciesOf(chain, types) }
    const { value } = await this.#reads.read(read, (db) => this.#load(db, { chain, types, request }))
    return value
  }

  async #load(db: Reader, { chain, types, request }: Question) {
    const at = isoTime(this.#clock.now())
    const reach = { scopeIds: chain.map((scope) => scope.id), types, at }
    const candidates = await this.#candidates(db, reach, request)
    const packed = await packInOrder(db, reach, candidates, packerFor(chain, request))
    const visible = await countVisible(db, reach)
    const value = answer(packed, { chain, request, visible })
    return { value, changesAt: await nextBoundary(db, reach, at) }
  }

  /** The entries worth most, and those that the query finds, in the order in which they are offered. */
  async #candidates(db: Reader, reach: Reach, request: ContextRequest): Promise<Candidate[]> {
    const limit = Math.min(MOST_CANDIDATES, Math.ceil((request.token_budget * 4) / BYTES_PER_ENTRY))
    const top = await topEntries(db, reach, limit)
    const hits = request.query ? await this.#find(db, reach, request.query) : []
    const known = new Set(top.map(({ id }) => id))
    const found = await outlinesOf(
      db,
      hits.filter((id) => !known.has(id)),
    )
    const all = [...top, ...found].map((entry) => ({
      ...entry,
      distance: reach.scopeIds.indexOf(entry.scopeId),
    }))
    return rankForContext(all, hits)
  }

  async #find(db: Reader, { scopeIds, types, at }: Reach, query: string): Promise<string[]> {
    const filter = { sessionsOf: [], tagsInclude: [], tagsExclude: [], minPriority: null }
    const hits = await this.#searchIndex.match(db, {
      query,
      scopeIds,
      types,
      ...filter,
      updatedAfter: null,
      updatedUntil: null,
      validAt: at,
      limit: MOST_HITS,
    })
    return hits.map(({ id }) => id)
  }
}

/** Offers the candidates in order, reading the text only of those that may fit. */
async function packInOrder(
  db: Reader,
  reach: Reach,
  candidates: readonly Candidate[],
  packer: ContextPacker,
): Promise<PackedContext> {
  for (let place = 0; place < candidates.length && !packer.isFull; ) {
    const next: Candidate[] = []
    for (const candidate of candidates.slice(place)) {
      if (next.length === READ_AT_ONCE) break
      place++
      if (packer.mayTake(candidate.contentBytes)) next.push(candidate)
    }
    const namesakes = reach.scopeIds.length > 1 ? await findNamesakes(db, reach, next) : []
    const standing = standingAmong(namesakes, reach.scopeIds)
    const ids = next.filter((candidate) => !standing(candidate).isHidden).map(({ id }) => id)
    for (const entry of await findEntries(db, ids)) packer.offer(entry)
  }
  return packer.finish()
}

/** Without a choice: all that agents keep, and in a session also what happened there. */
function typesOf([scope]: readonly Scope[], chosen: readonly string[] | undefined): string[] {
  const wanted = ENTRY_TYPES.filter(({ name, keptBy }) =>
    chosen ? chosen.includes(name) : keptBy !== null || scope?.type === 'session',
  )
  return wanted.map(({ name }) => name)
}

function packerFor([scope]: readonly Scope[], { token_budget, format }: ContextRequest): ContextPacker {
  const title = !scope || scope.type === 'global' ? 'Memory' : `Memory of ${scope.type} ${scope.name}`
  const scopeId = scope ? scopeRef(scope).scope_id : null
  return new ContextPacker({ tokenBudget: token_budget, format, title, scopeId })
}

function answer(
  packed: PackedContext,
  { chain, request, visible }: Omit<Question, 'types'> & { visible: ReadonlyMap<string, number> },
): ContextAnswer {
  const { text, tokens, included, shortened, duplicates } = packed
  const left = new Map(visible)
  for (const { type } of [...included, ...duplicates]) left.set(type, (left.get(type) ?? 0) - 1)
  return {
    ...(request.format === 'json' ? { entries: JSON.parse(text) as ContextEntry[] } : { context: text }),
    tokens,
    token_budget: request.token_budget,
    included: included.map(({ id }) => id),
    omitted: Object.fromEntries([...left].filter(([, count]) => count > 0)),
    ...(shortened.length > 0 && { shortened }),
    ...scopeRef(chain[0] ?? { type: 'global', id: 'global' }),
  }
}
