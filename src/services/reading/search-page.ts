import type { Entry } from '../../domain/entries/entry.ts'
import {
  isInForce,
  type NamedEntry,
  namedEntry,
  reviewMark,
  standingAmong,
} from '../../domain/entries/in-force.ts'
import { hasTag } from '../../domain/entries/tag.ts'
import type { Scope } from '../../domain/scope.ts'
import { withWordsOf } from '../../domain/words/found-words.ts'
import type { Why } from '../../domain/words/ranking/why.ts'
import { snippetOf } from '../../domain/words/snippet.ts'
import type { Reader } from '../../store/access.ts'
import { findEntries } from '../../store/entries/entries.ts'
import { entriesChangedSince } from '../../store/entries/past/revisions.ts'
import { supersededAmong } from '../../store/entries/superseded.ts'
import { findNamesakes } from '../../store/entries/visible-entries.ts'
import type { SearchIndex, SearchRequest } from '../../store/search/index.ts'
import { turnsAround } from '../../store/search/turns-around.ts'
import { type Overridden, overridden } from '../entries/lookup.ts'

export type FoundEntry = Entry & {
  readonly score: number
  readonly snippet: string
  readonly superseded_by?: string
  readonly review_due?: true
  readonly changed_files?: readonly string[]
  readonly overrides?: readonly Overridden[]
  /** Of a turn of a session, where they are asked for. */
  readonly around?: readonly TurnAround[]
  /** Where it is asked for. */
  readonly why?: Why
}

/** What was logged just before or after a turn. */
interface TurnAround {
  readonly id: string
  readonly name: string
  readonly content: string
  readonly [field: string]: unknown
}

export interface SearchPage {
  readonly results: readonly FoundEntry[]
  readonly hasMore: boolean
}

export interface PageRequest {
  readonly find: Omit<SearchRequest, 'limit'>
  /** Nearest first. */
  readonly chain: readonly Scope[]
  readonly offset: number
  readonly limit: number
  /** Turns before and after each turn that is found. */
  readonly turnsAround: number
}

interface Find {
  readonly id: string
  readonly score: number
  readonly why?: Why | undefined
  readonly overrides: readonly NamedEntry[]
}

interface Finds {
  readonly all: readonly Find[]
  /** Entries that read otherwise today. */
  readonly past: ReadonlyMap<string, Entry>
  readonly mayGoOn: boolean
}

/** No reader pages further; a deeper page would cost as much as all before it. */
const MOST_RESULTS = 1_000
/** Found beyond the page, in place of those that a nearer entry of the same name hides. */
const SPARE_HITS = 5

/** One page of what a search finds, on one snapshot of the database. */
export async function loadSearchPage(
  db: Reader,
  index: SearchIndex,
  request: PageRequest,
): Promise<SearchPage> {
  const end = Math.min(request.offset + request.limit, MOST_RESULTS)
  let depth = Math.min(end + 1 + SPARE_HITS, MOST_RESULTS)
  let finds = await findBest(db, index, request, depth)
  while (finds.all.length <= end && finds.mayGoOn) {
    depth = Math.min(depth * 4, MOST_RESULTS)
    finds = await findBest(db, index, request, depth)
  }
  const page = finds.all.slice(request.offset, end)
  const entries = await readEntries(db, page, finds.past)
  const { supersededIn, scopeIds, validAt: at } = request.find
  const ids = page.map(({ id }) => id)
  const superseded =
    supersededIn === null ? await supersededAmong(db, ids, { scopeIds, at }) : new Map<string, string>()
  const results = page.flatMap((find) => {
    const entry = entries.get(find.id)
    return entry ? [shown(entry, find, { ...request, by: superseded.get(find.id) })] : []
  })
  const withTurns = request.turnsAround === 0 ? results : await withTurnsAround(db, results, request)
  return { results: withTurns, hasMore: finds.all.length > end && end < MOST_RESULTS }
}

/** What stands around a turn is of its own scope and type: whoever reads the one may read the other. */
async function withTurnsAround(
  db: Reader,
  results: readonly FoundEntry[],
  { find, turnsAround: steps }: PageRequest,
): Promise<FoundEntry[]> {
  const all: FoundEntry[] = []
  for (const result of results) {
    const { id, type, scope_id: scopeId } = result
    if (type !== 'observation' || scopeId === null) {
      all.push(result)
      continue
    }
    const turns = await turnsAround(db, { id, scopeId, until: find.updatedUntil }, steps)
    const around = turns.map(({ id, name, content, ...turn }) => ({
      ...{ id, name, content },
      ...(turn['speaker'] !== undefined && { speaker: turn['speaker'] }),
      ...(turn['at'] !== undefined && { at: turn['at'] }),
    }))
    all.push({ ...result, around })
  }
  return all
}

async function findBest(
  db: Reader,
  index: SearchIndex,
  { find, chain }: PageRequest,
  limit: number,
): Promise<Finds> {
  const changed = find.updatedUntil === null ? [] : await entriesChangedSince(db, find, find.updatedUntil)
  const past = await inForceThen(db, find, changed)
  const hits = await index.match(
    db,
    { ...find, limit },
    past.filter((entry) => fits(entry, find)),
  )
  const namesakes = chain.length > 1 ? await namesakesOf(db, find, { hits, past }) : []
  const standing = standingAmong(namesakes, find.scopeIds)
  const all = hits.flatMap((hit) => {
    const { isHidden, overrides } = standing(hit)
    return isHidden ? [] : [{ id: hit.id, score: hit.score, why: hit.why, overrides }]
  })
  const mayGoOn = hits.length === limit && limit < MOST_RESULTS
  return { all, past: new Map(past.map((entry) => [entry.id, entry])), mayGoOn }
}

/** What is as it is no longer, as far as it was in force then. */
async function inForceThen(
  db: Reader,
  { validAt, supersededIn }: PageRequest['find'],
  changed: readonly Entry[],
): Promise<Entry[]> {
  const valid = changed.filter((entry) => isInForce(entry, validAt))
  if (supersededIn === null) return valid
  const ids = valid.map(({ id }) => id)
  const superseded = await supersededAmong(db, ids, { scopeIds: supersededIn, at: validAt })
  return valid.filter(({ id }) => !superseded.has(id))
}

async function namesakesOf(
  db: Reader,
  { scopeIds, types, withheld = {}, validAt, updatedUntil }: PageRequest['find'],
  { hits, past }: { hits: readonly NamedEntry[]; past: readonly Entry[] },
): Promise<NamedEntry[]> {
  const today = await findNamesakes(db, { scopeIds, types, withheld, at: validAt }, [...hits, ...past])
  const unchanged = today.filter(({ updatedAt }) => updatedUntil === null || updatedAt <= updatedUntil)
  return [...unchanged, ...past.map(namedEntry)]
}

async function readEntries(
  db: Reader,
  page: readonly Find[],
  past: ReadonlyMap<string, Entry>,
): Promise<Map<string, Entry>> {
  const ids = page.map(({ id }) => id)
  const current = await findEntries(
    db,
    ids.filter((id) => !past.has(id)),
  )
  return new Map([...past, ...current.map((entry) => [entry.id, entry] as const)])
}

/** The filters that the index applies, on an old version. */
function fits(entry: Entry, { tagsInclude, tagsExclude, minPriority, updatedAfter }: PageRequest['find']) {
  return (
    (tagsInclude.length === 0 || hasTag(entry.tags, tagsInclude)) &&
    !hasTag(entry.tags, tagsExclude) &&
    entry.priority >= (minPriority ?? 0) &&
    (updatedAfter === null || entry.updated_at > updatedAfter)
  )
}

function shown(
  entry: Entry,
  { score, why, overrides }: Find,
  { find, chain, by }: PageRequest & { by: string | undefined },
): FoundEntry {
  const found = {
    ...entry,
    score,
    snippet: snippetOf(entry.content, find.query),
    ...(by !== undefined && { superseded_by: by }),
    ...reviewMark(entry, find.validAt),
    ...(why && { why: withWordsOf(entry, why) }),
  }
  if (overrides.length === 0) return found
  return { ...found, overrides: overrides.map((other) => overridden(other, chain)) }
}
