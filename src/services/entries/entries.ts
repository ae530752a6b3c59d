import { type Clock, isoTime } from '../../domain/clock.ts'
import type { Entry, EntryStatus } from '../../domain/entries/entry.ts'
import { isInForce, namedEntry, standingAmong, validityMark } from '../../domain/entries/in-force.ts'
import { ENTRY_TYPES } from '../../domain/entries/types/index.ts'
import { AppError } from '../../domain/errors.ts'
import { cutPage, decodeNumberCursor, decodeTextCursor } from '../../domain/page.ts'
import { nearestRef, type Scope, type ScopeRef } from '../../domain/scope.ts'
import type { Reader } from '../../store/access.ts'
import { listEntries } from '../../store/entries/list.ts'
import { findRevision, listRevisions } from '../../store/entries/revisions.ts'
import { spellingsOf } from '../../store/entries/tags.ts'
import { type EntryOutline, findNamesakes } from '../../store/entries/visible-entries.ts'
import type { Store } from '../../store/store.ts'
import { notableEntries } from '../reading/notable.ts'
import type { Caller, ScopeArgument } from '../running/caller.ts'
import type { Scopes } from '../scopes/scopes.ts'
import {
  type EntryArgument,
  entryById,
  entryByName,
  type Overridden,
  overridden,
  requireIdOrName,
} from './lookup.ts'

/** What `list` may be narrowed by. */
export interface ListRequest extends ScopeArgument {
  readonly inherit: boolean
  readonly status: EntryStatus | 'all'
  readonly tags: { readonly include: readonly string[]; readonly exclude: readonly string[] }
  readonly min_priority?: number | undefined
  readonly updated_after?: string | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

/** An entry, which farther ones of the same name it hides, and why it is not in force, if so. */
export type ShownEntry = Entry & {
  readonly overrides?: readonly Overridden[]
  readonly expired?: true
  readonly not_yet_valid?: true
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
  readonly #scopes: Scopes
  readonly #clock: Clock

  constructor(store: Store, { scopes, clock }: { scopes: Scopes; clock: Clock }) {
    this.#store = store
    this.#scopes = scopes
    this.#clock = clock
  }

  /** One entry, by id or as the name reads from a scope. `version` asks for an earlier one. */
  async get(caller: Caller, type: string, argument: GetRequest): Promise<ShownEntry> {
    requireIdOrName(argument)
    const shown =
      argument.id === undefined
        ? await this.#getByName(caller, type, argument)
        : await this.#getById(type, argument.id)
    if (argument.version === undefined || argument.version === shown.version) return shown
    return this.#getVersion(shown, argument.version)
  }

  /** Newest first; of two entries with one name, only the nearer. */
  async list(
    caller: Caller,
    types: readonly string[],
    request: ListRequest,
  ): Promise<{ entries: ShownEntry[]; next_cursor?: string } & ScopeRef> {
    const reachable = await this.#scopes.chainForRead(caller, request)
    const chain = request.inherit ? reachable : reachable.slice(0, 1)
    const at = this.#now()
    const rows = await this.#store.snapshot(async (db) => {
      const filter = { ...filterOf(request), ...(await tagsOf(db, request)), scopeIds: ids(chain), types, at }
      const entries = await listEntries(db, filter)
      return withOverrides(db, entries, { chain, types, at })
    })
    const { page, next } = cutPage(rows, request.limit, (entry) => entry.id)
    return { entries: page, ...next, ...nearestRef(chain) }
  }

  /** The most important and the newest entries in reach of the caller, without their texts; a bounded number. */
  async notable(caller: Caller): Promise<EntryOutline[]> {
    const chain = await this.#scopes.chainForRead(caller, {})
    const types = ENTRY_TYPES.flatMap(({ name, keptBy }) => (keptBy === null ? [] : name))
    const reach = { scopeIds: ids(chain), types, at: this.#now() }
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
    const { overrides: _overrides, expired: _expired, not_yet_valid: _later, ...newest } = current
    const all: Entry[] = before === null ? [newest as Entry, ...earlier] : earlier
    const { page, next } = cutPage(all, argument.limit, (entry) => entry.version)
    return { id: current.id, versions: page, ...next }
  }

  async #getById(type: string, id: string): Promise<ShownEntry> {
    const entry = await this.#store.read((db) => entryById(db, type, id))
    return { ...entry, ...validityMark(entry, this.#now()) }
  }

  async #getByName(caller: Caller, type: string, argument: GetRequest): Promise<ShownEntry> {
    const chain = await this.#scopes.chainForRead(caller, argument)
    const at = this.#now()
    const key = {
      chain: argument.inherit ? chain : chain.slice(0, 1),
      name: argument.name ?? '',
      at,
      reach: chain,
    }
    const { status = 'active' } = argument
    const { entry, overrides } = await this.#store.read((db) => entryByName(db, type, { ...key, status }))
    return { ...entry, ...(overrides.length > 0 && { overrides }), ...validityMark(entry, at) }
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
    beforeId: decodeTextCursor(request.cursor),
    limit: request.limit + 1,
  }
}

/** Says of each entry which farther ones it hides, and whether it is outside its validity window. */
async function withOverrides(
  db: Reader,
  entries: readonly Entry[],
  { chain, types, at }: { chain: readonly Scope[]; types: readonly string[]; at: string },
): Promise<ShownEntry[]> {
  const reach = { scopeIds: ids(chain), types, at }
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
