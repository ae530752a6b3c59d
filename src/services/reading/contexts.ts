import { readable, type Withheld } from '../../domain/access/rights.ts'
import { type Clock, isoTime } from '../../domain/clock.ts'
import { dependenciesOf } from '../../domain/dependencies.ts'
import { standingAmong } from '../../domain/entries/in-force.ts'
import { ENTRY_TYPE_NAMES, ENTRY_TYPES } from '../../domain/entries/types/index.ts'
import {
  type ContextFormat,
  ContextPacker,
  type PackedContext,
  rankForContext,
} from '../../domain/reading/context.ts'
import type { ContextEntry } from '../../domain/reading/context-layout.ts'
import type { SituationLine } from '../../domain/reading/situation.ts'
import { type Scope, type ScopeRef, scopeRef } from '../../domain/scope.ts'
import { BYTES_PER_TOKEN } from '../../domain/text/tokens.ts'
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
import type { SearchHit, SearchIndex } from '../../store/search/index.ts'
import type { CachedReads } from '../cached-reads.ts'
import type { Embeddings, Vectors } from '../embeddings/embeddings.ts'
import type { Caller, ScopeArgument } from '../running/caller.ts'
import type { Scopes } from '../scopes/scopes.ts'
import { filesAtHand, type GuidelinesOfFiles, guidelinesOf } from './files-at-hand.ts'
import type { Situation, Situations } from './situations.ts'

export interface ContextRequest extends ScopeArgument {
  readonly query?: string | undefined
  readonly token_budget: number
  readonly types?: readonly string[] | undefined
  readonly format: ContextFormat
  readonly inherit: boolean
  /** What the task is about to touch. */
  readonly files?: readonly string[] | undefined
  readonly explain?: boolean | undefined
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
  /** What goes on there; in markdown the text has it too. */
  readonly now?: readonly SituationLine[]
}

interface Question {
  readonly chain: readonly Scope[]
  readonly types: readonly string[]
  readonly withheld: Withheld
  readonly request: ContextRequest
  readonly vectors: Vectors
  readonly files: readonly string[]
  readonly situation: readonly SituationLine[]
}

type Candidate = EntryOutline & { readonly distance: number; readonly why?: string | undefined }

const READ_AT_ONCE = 50
const MOST_CANDIDATES = 2_000
const MOST_HITS = 100
/** An entry with its heading takes at least about so much of a budget. */
const BYTES_PER_ENTRY = 24

interface ContextParts {
  readonly scopes: Scopes
  readonly searchIndex: SearchIndex
  readonly clock: Clock
  readonly embeddings: Embeddings
  readonly situations: Situations
}

/** Packs what an agent should read first into a token budget. */
export class Contexts {
  readonly #reads: CachedReads
  readonly #scopes: Scopes
  readonly #searchIndex: SearchIndex
  readonly #clock: Clock

  readonly #embeddings: Embeddings
  readonly #situations: Situations

  constructor(reads: CachedReads, options: ContextParts) {
    this.#situations = options.situations
    this.#embeddings = options.embeddings
    this.#reads = reads
    this.#scopes = options.scopes
    this.#searchIndex = options.searchIndex
    this.#clock = options.clock
  }

  async pack(caller: Caller, request: ContextRequest): Promise<ContextAnswer> {
    const reachable = await this.#scopes.chainForRead(caller, request)
    const near = request.inherit ? reachable : reachable.slice(0, 1)
    const { chain, types, withheld } = readable(caller.rights, near, typesOf(near, request.types))
    const { query, token_budget, format, explain } = request
    const vectors = await this.#embeddings.vectorsFor(query ?? '')
    const { model, progress } = vectors.meaning ?? {}
    // A caller that names types wants entries of these, and nothing beside them.
    const { lines, held } = request.types
      ? NOTHING_GOES_ON
      : await this.#situations.look(caller, request, reachable)
    const files = filesAtHand(caller, [...(request.files ?? []), ...held], query)
    const scopes = chain.map(({ id, name }) => [id, name])
    const asked = [query, token_budget, format, explain, files, lines]
    const question = ['context', scopes, types, withheld, asked, model, progress]
    // Of all types: one of another may take the place of what is shown.
    const read = { question, dependencies: dependenciesOf(chain, ENTRY_TYPE_NAMES) }
    const { value } = await this.#reads.read(read, (db) =>
      this.#load(db, { chain, types, withheld, request, vectors, files, situation: lines }),
    )
    return value
  }

  async #load(db: Reader, asked: Question) {
    const { chain, types, withheld, request, situation } = asked
    const at = isoTime(this.#clock.now())
    const reach = { scopeIds: chain.map((scope) => scope.id), types, withheld, at }
    const candidates = await this.#candidates(db, reach, asked)
    const packed = await packInOrder(db, reach, candidates, packerFor(chain, request, situation))
    const visible = await countVisible(db, reach)
    const value = answer(packed, { chain, request, visible })
    return { value, changesAt: await nextBoundary(db, reach, at) }
  }

  /** The entries worth most, those that the query finds and the guidelines of the files, in the order in which they are offered. */
  async #candidates(db: Reader, reach: Reach, { request, vectors, files }: Question): Promise<Candidate[]> {
    const { query, token_budget } = request
    const limit = Math.min(MOST_CANDIDATES, Math.ceil((token_budget * BYTES_PER_TOKEN) / BYTES_PER_ENTRY))
    const top = await topEntries(db, reach, limit)
    const found = query ? await this.#find(db, reach, { query, ...vectors }) : []
    const hits = found.map(({ id }) => id)
    const isAbout = files.length > 0 && reach.types.includes('guideline')
    const { applying, elsewhere } = isAbout ? await guidelinesOf(db, reach, files) : NO_GUIDELINES
    const known = new Set(top.map(({ id }) => id))
    const more = [...new Set([...hits, ...applying.keys()])].filter((id) => !known.has(id))
    const all = [...top, ...(await outlinesOf(db, more))].map((entry) => ({
      ...entry,
      distance: reach.scopeIds.indexOf(entry.scopeId),
    }))
    const ranked = rankForContext(all, { hits, applying: new Set(applying.keys()), elsewhere })
    if (!request.explain) return ranked
    return ranked.map((entry) => ({ ...entry, why: reasonFor(entry, { found, applying, elsewhere }) }))
  }

  async #find(
    db: Reader,
    { scopeIds, types, withheld = {}, at }: Reach,
    asked: Vectors & { query: string },
  ): Promise<SearchHit[]> {
    const filter = { sessionsOf: [], tagsInclude: [], tagsExclude: [], minPriority: null }
    return this.#searchIndex.match(db, {
      ...asked,
      scopeIds,
      types,
      withheld,
      ...filter,
      updatedAfter: null,
      updatedUntil: null,
      validAt: at,
      supersededIn: scopeIds,
      limit: MOST_HITS,
    })
  }
}

const NOTHING_GOES_ON: Situation = { lines: [], held: [] }
const NO_GUIDELINES: GuidelinesOfFiles = { applying: new Map(), elsewhere: new Set() }

/** Why an entry is offered where it is, in a few words. */
function reasonFor(
  { id, type, priority }: Candidate,
  { found, applying, elsewhere }: GuidelinesOfFiles & { readonly found: readonly SearchHit[] },
): string {
  const place = found.findIndex((hit) => hit.id === id)
  const reasons = [
    applying.get(id),
    ...(place < 0 ? [] : [`answer ${place + 1} to the question, score ${found[place]?.score}`]),
    ...(type === 'guideline' && !applying.has(id) && !elsewhere.has(id) ? ['a guideline for all files'] : []),
  ].filter((reason) => reason !== undefined)
  return reasons.length > 0 ? reasons.join('; ') : `priority ${priority}`
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
    const reasons = new Map(next.map(({ id, why }) => [id, why]))
    for (const entry of await findEntries(db, ids)) packer.offer(entry, reasons.get(entry.id))
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

function packerFor(
  [scope]: readonly Scope[],
  { token_budget, format }: ContextRequest,
  situation: readonly SituationLine[],
): ContextPacker {
  const title = !scope || scope.type === 'global' ? 'Memory' : `Memory of ${scope.type} ${scope.name}`
  const scopeId = scope ? scopeRef(scope).scope_id : null
  return new ContextPacker({ tokenBudget: token_budget, format, title, scopeId, situation })
}

function answer(
  packed: PackedContext,
  { chain, request, visible }: Pick<Question, 'chain' | 'request'> & { visible: ReadonlyMap<string, number> },
): ContextAnswer {
  const { text, tokens, included, shortened, duplicates, situation } = packed
  const left = new Map(visible)
  for (const { type } of [...included, ...duplicates]) left.set(type, (left.get(type) ?? 0) - 1)
  return {
    ...(request.format === 'json' ? { entries: JSON.parse(text) as ContextEntry[] } : { context: text }),
    tokens,
    token_budget: request.token_budget,
    included: included.map(({ id }) => id),
    omitted: Object.fromEntries([...left].filter(([, count]) => count > 0)),
    ...(shortened.length > 0 && { shortened }),
    ...(situation.length > 0 && { now: situation }),
    ...scopeRef(chain[0] ?? { type: 'global', id: 'global' }),
  }
}
