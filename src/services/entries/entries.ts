import type { Entry, EntryStatus } from '../../domain/entries/entry.ts'
import { AppError } from '../../domain/errors.ts'
import { cutPage, decodeNumberCursor, decodeTextCursor } from '../../domain/page.ts'
import { nearestRef, type ScopeRef } from '../../domain/scope.ts'
import { findByNames } from '../../store/entries/entries.ts'
import { listEntries } from '../../store/entries/list.ts'
import { findRevision, listRevisions } from '../../store/entries/revisions.ts'
import type { Store } from '../../store/store.ts'
import type { Caller, ScopeArgument } from '../running/caller.ts'
import type { Scopes } from '../scopes/scopes.ts'
import {
  type EntryArgument,
  entryById,
  entryByName,
  type Overridden,
  requireIdOrName,
  withOverrides,
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

/** An entry, and which farther ones of the same name it hides. */
export type ShownEntry = Entry & { readonly overrides?: readonly Overridden[] }

/** Reading memories. */
export class Entries {
  readonly #store: Store
  readonly #scopes: Scopes

  constructor(store: Store, scopes: Scopes) {
    this.#store = store
    this.#scopes = scopes
  }

  /** One entry, by id or as the name reads from a scope. `version` asks for an earlier one. */
  async get(
    caller: Caller,
    type: string,
    argument: EntryArgument & { inherit: boolean; version?: number | undefined },
  ): Promise<ShownEntry> {
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
    const scopeIds = chain.map((scope) => scope.id)
    const rows = await this.#store.snapshot(async (db) => {
      const entries = await listEntries(db, {
        scopeIds,
        types,
        status: request.status === 'all' ? null : request.status,
        tagsInclude: request.tags.include,
        tagsExclude: request.tags.exclude,
        minPriority: request.min_priority ?? null,
        updatedAfter: request.updated_after ?? null,
        beforeId: decodeTextCursor(request.cursor),
        limit: request.limit + 1,
      })
      const sameNames = chain.length > 1 ? await findByNames(db, scopeIds, entries) : []
      return entries.map((entry) => withOverrides(entry, sameNames, scopeIds))
    })
    const { page, next } = cutPage(rows, request.limit, (entry) => entry.id)
    return { entries: page, ...next, ...nearestRef(chain) }
  }

  /** Every version, newest first, the current one included. */
  async history(
    caller: Caller,
    type: string,
    argument: EntryArgument & { limit: number; cursor?: string | undefined },
  ): Promise<{ id: string; versions: Entry[]; next_cursor?: string }> {
    const current = await this.get(caller, type, { ...argument, inherit: true })
    const before = argument.cursor === undefined ? null : decodeNumberCursor(argument.cursor)
    const wanted = { beforeVersion: before, limit: argument.limit + 1 }
    const earlier = await this.#store.read((db) => listRevisions(db, current.id, wanted))
    const { overrides: _overrides, ...newest } = current
    const all: Entry[] = before === null ? [newest as Entry, ...earlier] : earlier
    const { page, next } = cutPage(all, argument.limit, (entry) => entry.version)
    return { id: current.id, versions: page, ...next }
  }

  #getById(type: string, id: string): Promise<ShownEntry> {
    return this.#store.read((db) => entryById(db, type, id))
  }

  async #getByName(
    caller: Caller,
    type: string,
    argument: EntryArgument & { inherit: boolean },
  ): Promise<ShownEntry> {
    const chain = await this.#scopes.chainForRead(caller, argument)
    const key = { chain: argument.inherit ? chain : chain.slice(0, 1), name: argument.name ?? '' }
    const { entry, overrides } = await this.#store.read((db) => entryByName(db, type, key))
    return overrides.length > 0 ? { ...entry, overrides } : entry
  }

  async #getVersion(current: Entry, version: number): Promise<Entry> {
    const found = await this.#store.read((db) => findRevision(db, current.id, version))
    if (found) return found
    throw new AppError('NOT_FOUND', `There is no version ${version}; the newest is ${current.version}.`, {
      details: { id: current.id, version, current_version: current.version },
    })
  }
}
