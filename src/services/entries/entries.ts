import { type Readable, readable } from '../../domain/access/rights.ts'
import { type Clock, isoTime } from '../../domain/clock.ts'
import type { Entry, EntryStatus } from '../../domain/entries/entry.ts'
import {
  isInForce,
  namedEntry,
  reviewMark,
  standingAmong,
  validityMark,
} from '../../domain/entries/in-force.ts'
import { ENTRY_TYPES } from '../../domain/entries/types/index.ts'
import { AppError } from '../../domain/errors.ts'
import { cutPage, decodeNumberCursor, decodeTextCursor } from '../../domain/page.ts'
import { nearestRef, type Scope, type ScopeRef } from '../../domain/scope.ts'
import type { Reader } from '../../store/access.ts'
import { listEntries } from '../../store/entries/list.ts'
import { findRevision, listRevisions } from '../../store/entries/past/revisions.ts'
import { supersededAmong } from '../../store/entries/superseded.ts'
import { spellingsOf } from '../../store/entries/tags.ts'
import { type EntryOutline, findNamesakes } from '../../store/entries/visible-entries.ts'
import type { Store } from '../../store/store.ts'
import type { Sight } from '../access/sight.ts'
import { notableEntries } from '../reading/notable.ts'
import type { Caller, ScopeArgument } from '../running/caller.ts'
import type { Scopes } from '../scopes/scopes.ts'
import { withChangedFiles } from './anchors.ts'
import type { EntryReads, KnownEntry } from './entry-reads.ts'
import {
  type EntryArgument,
  entryByName,
  type Overridden,
  overridden,
  requireIdOrName,
  requireType,
} from './lookup.ts'
import { unknownId } from './unknown-id.ts'

/** What `list` may be narrowed by. */
export interface ListRequest extends ScopeArgument {
  readonly inherit: boolean
  /** In every scope; then none hides another. */
  readonly everywhere?: boolean
  readonly status: EntryStatus | 'all'
  readonly tags: { readonly include: readonly string[]; readonly exclude: readonly string[] }
  readonly min_priority?: number | undefined
  readonly updated_after?: string | undefined
  readonly review_due?: boolean | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

/** An entry, which farther ones of the same name it hides, and why it is not in force, if so. */
export type ShownEntry = Entry & {
  readonly overrides?: readonly Overridden[]
  readonly expired?: true
  readonly not_yet_valid?: true
  /** The entry that is read in its place. */
  readonly superseded_by?: string
  readonly review_due?: true
  /** Files it speaks of that read otherwise now. */
  readonly changed_files?: readonly string[]
}

/** What `get` takes: by id any entry; by name what is in force, else an inactive one, with `status: all` an expired one too. */
export interface GetRequest extends EntryArgument {
  readonly inherit: boolean
  readonly status?: 'active' | 'all'
  readonly version?: number | undefined
}

/** Reading memories. */
export class Entries {
  readonly #store: Store
  readonly #reads: EntryReads
  readonly #scopes: Scopes
  readonly #sight: Sight
  readonly #clock: Clock

  constructor(
    store: Store,
    { reads, scopes, sight, clock }: { reads: EntryReads; scopes: Scopes; sight: Sight; clock: Clock },
  ) {
    this.#store = store
    this.#reads = reads
    this.#sight = sight
    this.#scopes = scopes
    this.#clock = clock
  }

  /** One entry, by id or as the name reads from a scope. `version` asks for an earlier one. */
  async get(caller: Caller, type: string, argument: GetRequest): Promise<ShownEntry> {
    requireIdOrName(argument)
    if (argument.id === undefined) return this.#getByName(caller, type, argument)
    const { id } = argument
    const known = await this.#reads.find(id)
    if (!known) throw await this.#unknown(caller, { id, type })
    const entry = requireType(known.entry, { type, id })
    if (isOther(entry, argument.version)) return this.#getVersion(entry, argument.version)
    return this.#known(caller, { entry, supersededBy: known.supersededBy })
  }

  /** One entry by id, whatever it is. */
  async ofAnyType(caller: Caller, id: string): Promise<ShownEntry> {
    const known = await this.#reads.find(id)
    if (known) return this.#known(caller, known)
    throw await this.#unknown(caller, { id })
  }

  #unknown({ rights }: Caller, asked: { id: string; type?: string }): Promise<AppError> {
    return this.#store.read((db) => unknownId(db, { ...asked, rights }))
  }

  /** Newest first; of two entries with one name, only the nearer. */
  async list(
    caller: Caller,
    wanted: readonly string[],
    request: ListRequest,
  ): Promise<{ entries: ShownEntry[]; next_cursor?: string } & ScopeRef> {
    const { chain, types, withheld } = await this.#listed(caller, wanted, request)
    const at = this.#now()
    const rows = await this.#store.snapshot(async (db) => {
      const scopeIds = request.everywhere ? null : ids(chain)
      const filter = { ...filterOf(request), ...(await tagsOf(db, request)), scopeIds, types, withheld, at }
      const entries = await listEntries(db, filter)
      return withOverrides(db, entries, {
        chain: request.everywhere ? [] : chain,
        types,
        withheld,
        at,
      })
    })
    const { page, next } = cutPage(rows, request.limit, (entry) => entry.id)
    return { entries: await this.#allMarked(caller, page), ...next, ...nearestRef(chain) }
  }

  /** What of the list the caller may read: everywhere what it may read in the global scope. */
  async #listed(caller: Caller, wanted: readonly string[], request: ListRequest): Promise<Readable<Scope>> {
    const argument = request.everywhere ? { scope_type: 'global' as const } : request
    const reachable = await this.#scopes.chainForRead(caller, argument)
    return readable(caller.rights, request.inherit ? reachable : reachable.slice(0, 1), wanted)
  }

  /** The most important and the newest entries in reach of the caller, without their texts; a bounded number. */
  async notable(caller: Caller): Promise<EntryOutline[]> {
    const reachable = await this.#scopes.chainForRead(caller, {})
    const listed = ENTRY_TYPES.flatMap(({ name, keptBy }) => (keptBy === null ? [] : name))
    const { chain, types, withheld } = readable(caller.rights, reachable, listed)
    const reach = { scopeIds: ids(chain), types, withheld, at: this.#now() }
    return this.#store.snapshot((db) => notableEntries(db, reach))
  }

  /** Every version, newest first, the current one included. */
  async history(
    caller: Caller,
    type: string,
    argument: EntryArgument & { limit: number; cursor?: string | undefined },
  ): Promise<{ id: string; versions: Entry[]; next_cursor?: string }> {
    const current = await this.get(caller, type, { ...argument, inherit: true, status: 'all' })
    const before = argument.cursor === undefined ? null : decodeNumberCursor(argument.cursor)
    const wanted = { beforeVersion: before, limit: argument.limit + 1 }
    const earlier = await this.#store.read((db) => listRevisions(db, current.id, wanted))
    const { overrides: _overrides, expired: _expired, not_yet_valid: _later, ...rest } = current
    const { superseded_by: _by, review_due: _due, changed_files: _files, ...newest } = rest
    const all: Entry[] = before === null ? [newest as Entry, ...earlier] : earlier
    const { page, next } = cutPage(all, argument.limit, (entry) => entry.version)
    return { id: current.id, versions: page, ...next }
  }

  async #getByName(caller: Caller, type: string, argument: GetRequest): Promise<ShownEntry> {
    const reachable = await this.#scopes.chainForRead(caller, argument)
    const { chain } = readable(caller.rights, reachable, [type])
    const at = this.#now()
    const key = {
      chain: argument.inherit ? chain : chain.slice(0, 1),
      name: argument.name ?? '',
      at,
      reach: chain,
      rights: caller.rights,
    }
    const { status = 'active' } = argument
    const { entry, overrides } = await this.#store.read((db) => entryByName(db, type, { ...key, status }))
    if (isOther(entry, argument.version)) return this.#getVersion(entry, argument.version)
    const shown = { ...entry, ...(overrides.length > 0 && { overrides }), ...validityMark(entry, at) }
    const [marked = shown] = await this.#allMarked(caller, [shown])
    return marked
  }

  /** An entry that was read by its id, as the caller may see it. */
  async #known(caller: Caller, { entry, supersededBy: by }: KnownEntry): Promise<ShownEntry> {
    const at = this.#now()
    const seen = by === null ? [] : await this.#sight.of(caller, [by], (id, places) => places.entry(id))
    const shown = {
      ...entry,
      ...validityMark(entry, at),
      ...(by !== null && seen.length > 0 && { superseded_by: by }),
      ...reviewMark(entry, at),
    }
    const [marked = shown] = await withChangedFiles(this.#scopes, caller, [shown])
    return marked
  }

  async #allMarked(caller: Caller, entries: readonly ShownEntry[]): Promise<ShownEntry[]> {
    const at = this.#now()
    const ids = entries.map(({ id }) => id)
    const superseded = await this.#store.read((db) => supersededAmong(db, ids, { scopeIds: null, at }))
    const known = new Set(
      await this.#sight.of(caller, [...superseded.values()], (id, places) => places.entry(id)),
    )
    const marked = entries.map((entry) => {
      const by = superseded.get(entry.id)
      return {
        ...entry,
        ...(by !== undefined && known.has(by) && { superseded_by: by }),
        ...reviewMark(entry, at),
      }
    })
    return withChangedFiles(this.#scopes, caller, marked)
  }

  async #getVersion(current: Entry, version: number): Promise<Entry> {
    const found = await this.#store.read((db) => findRevision(db, current.id, version))
    if (found) return found
    throw new AppError('NOT_FOUND', `There is no version ${version}; the newest is ${current.version}.`, {
      details: { id: current.id, version, current_version: current.version },
    })
  }

  #now(): string {
    return isoTime(this.#clock.now())
  }
}

function isOther(entry: Entry, version: number | undefined): version is number {
  return version !== undefined && version !== entry.version
}

function ids(chain: readonly Scope[]): string[] {
  return chain.map(({ id }) => id)
}

async function tagsOf(db: Reader, { tags: { include, exclude } }: ListRequest) {
  return { tagsInclude: await spellingsOf(db, include), tagsExclude: await spellingsOf(db, exclude) }
}

function filterOf(request: ListRequest) {
  const statuses = { active: 'in force', inactive: 'inactive', all: null } as const
  return {
    status: statuses[request.status],
    minPriority: request.min_priority ?? null,
    updatedAfter: request.updated_after ?? null,
    isReviewDue: request.review_due ?? false,
    beforeId: decodeTextCursor(request.cursor),
    limit: request.limit + 1,
  }
}

/** Says of each entry which farther ones it hides, and whether it is outside its validity window. */
async function withOverrides(
  db: Reader,
  entries: readonly Entry[],
  { chain, types, withheld, at }: Readable<Scope> & { readonly at: string },
): Promise<ShownEntry[]> {
  const reach = { scopeIds: ids(chain), types, withheld, at }
  const namesakes = chain.length > 1 ? await findNamesakes(db, reach, entries) : []
  const standing = standingAmong(namesakes, reach.scopeIds)
  return entries.map((entry) => {
    const { overrides } = standing(namedEntry(entry))
    const hides = overrides.length > 0 && isInForce(entry, at)
    return {
      ...entry,
      ...(hides && { overrides: overrides.map((other) => overridden(other, chain)) }),
      ...validityMark(entry, at),
    }
  })
}
