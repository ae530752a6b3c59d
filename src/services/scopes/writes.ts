import { type Clock, isoTime, isoTimeAfter } from '../../domain/clock.ts'
import { AppError } from '../../domain/errors.ts'
import { GLOBAL_SCOPE_ID, type Scope, type ScopeType } from '../../domain/scope.ts'
import { canonicalJson } from '../../domain/text/canonical-json.ts'
import { counted } from '../../domain/text/counted.ts'
import { listEntries } from '../../store/entries/list.ts'
import { buryEntry } from '../../store/entries/past/tombstones.ts'
import {
  countContents,
  deleteScope,
  findScope,
  findScopeByRoot,
  findScopesByName,
  insertScope,
  listScopes,
  scopeChain,
} from '../../store/scopes/scopes.ts'
import type { Store, WriteUnit } from '../../store/store.ts'
import { entryChange } from '../entry-changes.ts'
import type { Caller } from '../running/caller.ts'
import { scopeChange } from '../scope-changes.ts'
import { everythingIn } from './everything-in.ts'
import { type NewScope, newScope } from './new-scope.ts'
import { putScope } from './put-scope.ts'
import type { Scopes } from './scopes.ts'

/** Fields of a scope that may change; null takes one out. */
export interface ScopePatch {
  readonly name?: string | undefined
  readonly parent_id?: string | undefined
  readonly root_path?: string | null | undefined
  readonly purpose?: string | null | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
}

const DELETED_AT_ONCE = 500

/** Making, changing and removing orgs, projects and sessions. */
export class ScopeWrites {
  readonly #store: Store
  readonly #scopes: Scopes
  readonly #clock: Clock

  constructor(store: Store, scopes: Scopes, clock: Clock) {
    this.#store = store
    this.#scopes = scopes
    this.#clock = clock
  }

  async createOrg(caller: Caller, given: NewScope): Promise<Scope> {
    return this.#store.write((unit) =>
      this.#create(unit, caller, { type: 'org', parentId: GLOBAL_SCOPE_ID }, given),
    )
  }

  async createProject(caller: Caller, given: NewScope & { org_id?: string | undefined }): Promise<Scope> {
    return this.#store.write(async (unit) => {
      const parentId =
        given.org_id === undefined ? GLOBAL_SCOPE_ID : (await this.#require(unit, 'org', given.org_id)).id
      return this.#create(unit, caller, { type: 'project', parentId }, given)
    })
  }

  /** A session of that project, else of the current one, which is made if it is new. */
  async startSession(caller: Caller, given: NewScope & { project_id?: string | undefined }): Promise<Scope> {
    return this.#store.write(async (unit) => {
      const project =
        given.project_id === undefined ? {} : { scope_type: 'project' as const, scope_id: given.project_id }
      const [parent] = await this.#scopes.chainForWrite(unit, caller, project)
      return this.#create(unit, caller, { type: 'session', parentId: parent?.id ?? GLOBAL_SCOPE_ID }, given)
    })
  }

  /** After this nothing is written to the session; it can still be read. Ending it twice changes nothing. */
  async endSession(caller: Caller, id: string): Promise<Scope> {
    return this.#store.write(async (unit) => {
      const session = await this.#require(unit, 'session', id)
      if (session.status === 'ended') return session
      const ended_at = isoTimeAfter(session.updated_at, this.#clock.now())
      const after: Scope = { ...session, status: 'ended', ended_at }
      return this.#put(unit, caller, { before: session, after, event: 'scope.ended' })
    })
  }

  async update(
    caller: Caller,
    key: { type?: ScopeType | undefined; id: string; base_version?: number | undefined },
    patch: ScopePatch,
  ): Promise<Scope> {
    return this.#store.write(async (unit) => {
      const scope = await this.#require(unit, key.type, key.id)
      if (scope.id === GLOBAL_SCOPE_ID)
        throw new AppError('INVALID_SCOPE', 'The global scope cannot be changed.')
      const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
      const changed: Scope = { ...scope, ...given, ...keptMarks(scope, patch) }
      if (key.base_version !== undefined && key.base_version !== scope.version) {
        if (isOwnRepeat(caller, key.base_version, { scope, changed })) return scope
        throw movedOn(scope, key.base_version)
      }
      if (changed.parent_id !== scope.parent_id) await this.#refuseBadParent(unit, changed)
      await refuseTwin(unit, changed)
      return this.#put(unit, caller, { before: scope, after: changed })
    })
  }

  /** Removes an empty scope; with `cascade` also all that is in it, each entry with its own tombstone. */
  async delete(
    caller: Caller,
    key: { type?: ScopeType | undefined; id: string; cascade: boolean },
  ): Promise<{ scope: Scope; entries: number; scopes: number }> {
    return this.#store.write(async (unit) => {
      const scope = await this.#require(unit, key.type, key.id)
      if (scope.id === GLOBAL_SCOPE_ID)
        throw new AppError('INVALID_SCOPE', 'The global scope cannot be deleted.')
      const contents = await countContents(unit.db, scope.id)
      if (!key.cascade && contents.entries + contents.scopes + contents.votes > 0) {
        throw new AppError(
          'CONFLICT',
          `The ${scope.type} holds ${counted(contents.entries, 'entry')}, ${counted(contents.scopes, 'scope')} and ${counted(contents.votes, 'vote')}.`,
          {
            details: { id: scope.id, ...contents },
            suggestion:
              'Move or delete them first, or delete with cascade: true to remove all of it for good.',
          },
        )
      }
      return { scope, ...(await this.#deleteTree(unit, caller, scope)) }
    })
  }

  async #create(
    unit: WriteUnit,
    caller: Caller,
    place: { type: ScopeType; parentId: string },
    given: NewScope,
  ): Promise<Scope> {
    const now = this.#clock.now()
    const scope = newScope(caller.agentId, now, { ...place, ...given })
    await refuseTwin(unit, scope)
    await insertScope(unit.db, scope)
    unit.record(scopeChange('scope.created', scope, caller.agentId))
    return scope
  }

  #put(unit: WriteUnit, { agentId }: Caller, change: Parameters<typeof putScope>[1]): Promise<Scope> {
    return putScope(unit, change, { agentId, now: this.#clock.now() })
  }

  async #require(unit: WriteUnit, type: ScopeType | undefined, id: string): Promise<Scope> {
    const scope = await findScope(unit.db, id)
    if (!scope)
      throw new AppError('NOT_FOUND', `No ${type ?? 'scope'} has that id.`, {
        details: { scope_id: id.slice(0, 64) },
      })
    if (type === undefined || scope.type === type) return scope
    throw new AppError('INVALID_SCOPE', `The id is a ${scope.type}, not a ${type}.`, {
      details: { scope_id: id },
    })
  }

  async #refuseBadParent(unit: WriteUnit, scope: Scope): Promise<void> {
    const parent = await this.#require(unit, undefined, scope.parent_id ?? GLOBAL_SCOPE_ID)
    const allowed = scope.type === 'project' && (parent.type === 'org' || parent.type === 'global')
    if (!allowed)
      throw new AppError('INVALID_SCOPE', `A ${scope.type} cannot be moved into a ${parent.type}.`)
  }

  async #deleteTree(
    unit: WriteUnit,
    caller: Caller,
    scope: Scope,
  ): Promise<{ entries: number; scopes: number }> {
    const removed = { entries: 0, scopes: 0 }
    for (const type of ['session', 'project'] as const) {
      for (;;) {
        const children = await listScopes(unit.db, { type, parentId: scope.id, limit: DELETED_AT_ONCE })
        if (children.length === 0) break
        for (const child of children) {
          const below = await this.#deleteTree(unit, caller, child)
          removed.entries += below.entries
          removed.scopes += below.scopes + 1
        }
      }
    }
    removed.entries += await this.#deleteEntries(unit, caller, scope)
    await deleteScope(unit.db, scope)
    unit.record(scopeChange('scope.deleted', scope, caller.agentId))
    return removed
  }

  async #deleteEntries(unit: WriteUnit, caller: Caller, scope: Scope): Promise<number> {
    const chain = await scopeChain(unit.db, scope.id)
    const at = isoTime(this.#clock.now())
    for (let count = 0; ; ) {
      const entries = await listEntries(unit.db, { ...everythingIn(scope.id), limit: DELETED_AT_ONCE })
      if (entries.length === 0) return count
      for (const entry of entries) {
        await buryEntry(unit.db, entry, { ...caller, at })
        unit.record(entryChange('entry.deleted', entry, chain, { ...caller, detail: { name: entry.name } }))
      }
      count += entries.length
    }
  }
}

/**
 * A caller that replaces the metadata means its own fields; the repository's marks are dropped only when the
 * caller names them.
 */
function keptMarks(
  { metadata: { repository } }: Scope,
  { metadata }: ScopePatch,
): { metadata?: Scope['metadata'] } {
  return metadata === undefined || repository === undefined ? {} : { metadata: { repository, ...metadata } }
}

/** An agent sends an update again when its answer was lost: its version stands, and holds just these values. */
function isOwnRepeat(
  caller: Caller,
  base: number,
  { scope, changed }: { scope: Scope; changed: Scope },
): boolean {
  const isOwn = scope.version === base + 1 && scope.updated_by === caller.agentId
  return isOwn && canonicalJson(scope) === canonicalJson(changed)
}

function movedOn(scope: Scope, base: number): AppError {
  return new AppError('CONFLICT', `The ${scope.type} is at version ${scope.version}, not ${base}.`, {
    details: { id: scope.id, current_version: scope.version },
  })
}

/** Two projects of one root, or two orgs or projects of one name below the same parent, would be mixed up. */
async function refuseTwin(unit: WriteUnit, scope: Scope): Promise<void> {
  const sameRoot = scope.root_path === null ? undefined : await findScopeByRoot(unit.db, scope.root_path)
  if (sameRoot && sameRoot.id !== scope.id) throw twin(sameRoot, 'root_path')
  if (scope.type === 'session') return
  const key = { type: scope.type, name: scope.name, parentId: scope.parent_id ?? GLOBAL_SCOPE_ID }
  const sameName = (await findScopesByName(unit.db, key)).find((other) => other.id !== scope.id)
  if (sameName) throw twin(sameName, 'name')
}

function twin(other: Scope, field: 'name' | 'root_path'): AppError {
  return new AppError(
    'ALREADY_EXISTS',
    `${field}: ${other.type === 'org' ? 'an' : 'a'} ${other.type} with this ${field} exists (${other.id}).`,
    {
      details: { id: other.id },
      suggestion: 'Use its id, or choose another value.',
    },
  )
}
