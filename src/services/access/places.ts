import type { Kind } from '../../domain/access/rights.ts'
import { AppError } from '../../domain/errors.ts'
import { isWithin } from '../../domain/leases/path.ts'
import { GLOBAL_SCOPE_ID, type Scope } from '../../domain/scope.ts'
import { findConflict } from '../../store/entries/conflicts.ts'
import { findRelation } from '../../store/entries/relations.ts'
import { listProjectRoots } from '../../store/scopes/scopes.ts'
import type { Store } from '../../store/store.ts'
import type { CachedReads } from '../cached-reads.ts'
import type { EntryReads } from '../entries/entry-reads.ts'
import { leasePath } from '../leases/paths.ts'
import type { Caller, ScopeArgument } from '../running/caller.ts'
import { SCOPES_KEY } from '../scope-changes.ts'
import type { Scopes } from '../scopes/scopes.ts'

/** Where something stands that permissions are about. */
export interface Place {
  readonly chain: readonly Scope[]
  readonly kind: Kind
}

const NOWHERE: Caller = { agentId: '', workspace: null }

/** Finds out where things stand: what a permission must have been granted for. */
export class Places {
  readonly #store: Store
  readonly #reads: CachedReads
  readonly #entries: EntryReads
  readonly #scopes: Scopes

  constructor(
    store: Store,
    { reads, entries, scopes }: { reads: CachedReads; entries: EntryReads; scopes: Scopes },
  ) {
    this.#store = store
    this.#reads = reads
    this.#entries = entries
    this.#scopes = scopes
  }

  /** The scope that an argument means, with its chain; undefined where there is none with that id. */
  async scope(
    caller: Caller,
    { scope_type, scope_id }: ScopeArgument,
  ): Promise<readonly Scope[] | undefined> {
    // Looked up by its id alone: a caller that may not see the id must not learn that it is of another type.
    const argument = scope_id === undefined || scope_id === GLOBAL_SCOPE_ID ? { scope_type } : { scope_id }
    try {
      return await this.#scopes.chainForRead(caller, argument)
    } catch (error) {
      if (error instanceof AppError && error.errorName === 'NOT_FOUND') return undefined
      throw error
    }
  }

  /** The scope with that id; undefined for one that is gone. */
  chainOf(scopeId: string | null): Promise<readonly Scope[] | undefined> {
    return this.scope(NOWHERE, scopeId === null ? { scope_type: 'global' } : { scope_id: scopeId })
  }

  async entry(id: string): Promise<Place | undefined> {
    const known = await this.#entries.find(id)
    return known && this.at(known.entry.scope_id, known.entry.type)
  }

  async conflict(id: string): Promise<Place | undefined> {
    const conflict = await this.#store.read((db) => findConflict(db, id))
    return conflict && this.at(conflict.scope_id, conflict.entry_type)
  }

  /** Both ends of a relation, and what it says of them. */
  async relation(id: string): Promise<{ type: string; from: Place; to: Place } | undefined> {
    const relation = await this.#store.read((db) => findRelation(db, id))
    if (!relation) return undefined
    const [from, to] = [await this.entry(relation.from_id), await this.entry(relation.to_id)]
    return from && to ? { type: relation.relation_type, from, to } : undefined
  }

  /** A path as a caller gives it: it stands in the project whose folder it is in, else in the global scope. */
  async path(caller: Caller, path: string): Promise<Place> {
    return this.lock(leasePath(caller, path))
  }

  /** A path as a lock has it. */
  async lock(path: string): Promise<Place> {
    const roots = await this.#projectRoots()
    const own = roots.find(([root]) => isWithin(path, root))
    const chain = (own && (await this.chainOf(own[1]))) ?? (await this.chainOf(null)) ?? []
    return { chain, kind: null }
  }

  /** Folders of projects, each with its project, the longest first. */
  async #projectRoots(): Promise<readonly (readonly [root: string, scopeId: string])[]> {
    const { value } = await this.#reads.read(
      { question: ['project roots'], dependencies: [SCOPES_KEY], isOwn: true },
      async (db) => ({ value: await listProjectRoots(db), changesAt: null }),
    )
    return value
  }

  /** What is of that kind in that scope; undefined where the scope is gone. */
  async at(scopeId: string | null, kind: Kind): Promise<Place | undefined> {
    const chain = await this.chainOf(scopeId)
    return chain && { chain, kind }
  }
}
