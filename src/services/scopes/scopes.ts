import type { Clock } from '../../domain/clock.ts'
import { AppError } from '../../domain/errors.ts'
import { callReads } from '../../domain/reading/call-reads.ts'
import {
  GLOBAL_SCOPE_ID,
  type Scope,
  type ScopeRef,
  type ScopeType,
  scopeRef,
  UNMADE_SCOPE_ID,
} from '../../domain/scope.ts'
import type { Reader } from '../../store/access.ts'
import { findScopeRevision, findScopesByName, scopeChain, scopeNames } from '../../store/scopes/scopes.ts'
import type { Store, WriteUnit } from '../../store/store.ts'
import type { CachedReads } from '../cached-reads.ts'
import type { Caller, ScopeArgument, Workspace } from '../running/caller.ts'
import { SCOPES_KEY } from '../scope-changes.ts'
import { checked, isImplied, isNowhere, missingId, unnamedScope } from './asked-scope.ts'
import { createProject, findProject, isKnownTo, learn, projectToBe } from './current-project.ts'
import { whereItMayBe } from './hints.ts'
import { type ChainOfIds, LastChains } from './last-chains.ts'
import {
  type CountedScope,
  countedScopes,
  type PageRequest,
  type ScopeListRequest,
  type ScopePage,
  scopesOfType,
} from './listed-scopes.ts'
import { idOfScope, noneNamed, severalNamed } from './named-scope.ts'

/** The scope that calls of this connection mean when they name none. */
export interface CurrentScope {
  readonly id: string | null
  readonly scope_type: ScopeType
  readonly name: string
  readonly root_path: string | null
  readonly exists: boolean
  readonly inherits: readonly (ScopeRef & { readonly name: string })[]
  /** Where the memory may be that the caller misses here, and what to do. */
  readonly hint?: string
}

/** Finds out which scope a call means, and makes the current project at its first write. */
export class Scopes {
  readonly #store: Store
  readonly #reads: CachedReads
  readonly #clock: Clock
  readonly #last = new LastChains()

  constructor(store: Store, reads: CachedReads, clock: Clock) {
    this.#store = store
    this.#reads = reads
    this.#clock = clock
  }

  /** The scope that a read means and those it inherits from, nearest first. A project without any write yet is there too, empty. */
  async chainForRead(caller: Caller, argument: ScopeArgument): Promise<readonly Scope[]> {
    const question = ['chain', argument.scope_type, argument.scope_id, ...placeOf(caller)]
    const { value } = await this.#reads.read(
      { question, dependencies: [SCOPES_KEY], isOwn: true },
      async (db) => ({ value: await this.#chain(db, caller, argument), changesAt: null }),
    )
    return value
  }

  async #chain(db: Reader, caller: Caller, argument: ScopeArgument): Promise<Scope[]> {
    const id = await this.#findTarget(db, caller, argument)
    const chain = await scopeChain(db, id ?? GLOBAL_SCOPE_ID)
    const reach = id === undefined ? [await this.#unmadeProject(db, caller), ...chain] : chain
    return checked(reach, argument, caller.workspace)
  }

  /** The names of these scopes, and under '' that of the current project, which need not have been made. */
  async namesOf(caller: Caller, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const written = this.#last.names(caller, ids)
    if (written) return written
    const question = ['names', [...ids].sort(), ...placeOf(caller)]
    const { value } = await this.#reads.read(
      { question, dependencies: [SCOPES_KEY], isOwn: true },
      async (db) => {
        const [here] = await this.#chain(db, caller, {})
        const named: [id: string, name: string][] = [
          ...(await scopeNames(db, ids)),
          [UNMADE_SCOPE_ID, here?.name ?? ''],
        ]
        return { value: named, changesAt: null }
      },
    )
    return new Map(value)
  }

  /** Before anything is locked: git says what the repository is known by, where the project does not know that yet. */
  async askRepository(caller: Caller): Promise<void> {
    const { workspace } = caller
    if (!workspace?.repository || workspace.project !== null) return
    const [scope] = await this.chainForRead(caller, {})
    if (!scope || !isKnownTo(scope, workspace)) await workspace.repository.marks()
  }

  /** The scope that a write goes to, with its chain; the current project is created here if it is new. */
  async chainForWrite(unit: WriteUnit, caller: Caller, argument: ScopeArgument): Promise<Scope[]> {
    if (isImplied(argument) && !caller.workspace) throw unnamedScope()
    const guess = this.#last.target(caller, argument)
    const ahead = guess === undefined ? undefined : claimed(unit, guess)
    const id = await this.#targetForWrite(unit, caller, argument)
    const chain = checked(
      await (ahead && id === guess ? ahead : claimed(unit, id)),
      argument,
      caller.workspace,
    )
    this.#last.keep(caller, argument, chain)
    if (chain[0]?.status === 'ended') {
      throw new AppError(
        'INVALID_SCOPE',
        `The ${chain[0].type} ${chain[0].id} has ended; nothing is written to it any more.`,
      )
    }
    return chain
  }

  /** The chain that a write with these words for its scope went to last: what is read by it may have to be read anew. */
  lastChain(caller: Caller, argument: ScopeArgument): ChainOfIds | undefined {
    return this.#last.chain(caller, argument)
  }

  /** A write of this call has read that chain: what its answer says of these scopes need not be read again. */
  hasRead(caller: Caller, chain: readonly Scope[]): void {
    this.#last.read(caller, chain)
  }

  /** One scope, by id or (orgs and projects) by name; without either the one that a read means. */
  async get(
    caller: Caller,
    argument: ScopeArgument & { name?: string | undefined; version?: number | undefined },
  ): Promise<Scope> {
    const scope = await this.#getCurrent(caller, argument)
    const { version } = argument
    if (version === undefined || version === scope.version) return scope
    const earlier = await this.#store.read((db) => findScopeRevision(db, scope.id, version))
    if (earlier) return earlier
    throw new AppError('NOT_FOUND', `There is no version ${version}; the newest is ${scope.version}.`, {
      details: { scope_id: scope.id, version, current_version: scope.version },
    })
  }

  async #getCurrent(caller: Caller, argument: ScopeArgument & { name?: string | undefined }): Promise<Scope> {
    if (argument.name === undefined) return firstOf(await this.chainForRead(caller, argument))
    const key = { type: argument.scope_type ?? 'project', name: argument.name }
    const named = await this.#named(caller, key)
    if (named.length > 1) throw severalNamed('name', key.type, named)
    const [scope] = named
    if (!scope) throw await this.#store.read((db) => noneNamed(db, key, caller.rights))
    return scope
  }

  /** Those of that name that the caller may know of. */
  async #named({ rights }: Caller, key: { type: ScopeType; name: string }): Promise<Scope[]> {
    const named = await this.#store.read((db) => findScopesByName(db, key))
    if (!rights) return named
    const chains = await Promise.all(named.map(({ id }) => this.#store.read((db) => scopeChain(db, id))))
    return named.filter((_scope, at) => rights.sees(chains[at] ?? []))
  }

  /** Scopes of one type that the caller may know of, newest first. */
  list({ rights }: Caller, request: ScopeListRequest): Promise<ScopePage<Scope>> {
    return this.#store.read((db) => scopesOfType(db, rights, request))
  }

  /** Scopes of every type with what each holds itself, the global one first, then the newest. */
  tree({ rights }: Caller, page: PageRequest): Promise<ScopePage<CountedScope>> {
    return this.#store.snapshot((db) => countedScopes(db, rights, page))
  }

  /** What a call without a scope means; `exists` is false for a project without any write yet. */
  async current(caller: Caller): Promise<CurrentScope> {
    const [scope, ...wider] = await this.chainForRead(caller, {})
    if (!scope) throw new RangeError('a scope chain is never empty')
    const { scope_type, scope_id } = scopeRef(scope)
    const { name, root_path } = scope
    const exists = scope.id !== UNMADE_SCOPE_ID
    const hint = await this.#hint(caller, exists)
    const shown = { id: scope_id, scope_type, name, root_path, exists, inherits: wider.map(inherited) }
    return hint === undefined ? shown : { ...shown, hint }
  }

  /** What to say of an answer that was read from the current project, which is not there. */
  async unmadeHint(caller: Caller): Promise<string | undefined> {
    // It follows from folders too, and those come and go without a write.
    callReads()?.spoil()
    return this.#hint(caller, false)
  }

  async #hint({ workspace, rights }: Caller, exists: boolean): Promise<string | undefined> {
    // Who has rights does not learn the names of other projects.
    return workspace === null || rights
      ? undefined
      : this.#store.read((db) => whereItMayBe(db, workspace, exists))
  }

  /** The scope's id; undefined when it is the current project and that does not exist yet. */
  async #findTarget(
    db: Reader,
    caller: Caller,
    { scope_type: type, scope_id: id }: ScopeArgument,
  ): Promise<string | undefined> {
    if (id !== undefined && type !== 'global') return idOfScope(db, { type, id }, caller.rights)
    if (type === 'global') {
      if (id === undefined || id === GLOBAL_SCOPE_ID) return GLOBAL_SCOPE_ID
      throw new AppError('INVALID_SCOPE', 'scope_type global has no scope_id.')
    }
    if (type === 'session')
      throw missingId('session', 'Start one with memory_scope start; log and end name it.')
    const workspace = caller.workspace
    if (type === 'org') return this.#currentOrg(db, workspace)
    const isLost = async (at: Workspace) => isNowhere(at) && !(await findProject(db, at)).project
    if (type === 'project' && (!workspace || (await isLost(workspace)))) {
      throw missingId('project', 'Here is no current project: list the projects with memory_scope list.')
    }
    if (!workspace) return GLOBAL_SCOPE_ID
    const { project: found } = await findProject(db, workspace)
    return found?.id ?? (isNowhere(workspace) ? GLOBAL_SCOPE_ID : undefined)
  }

  async #currentOrg(db: Reader, workspace: Workspace | null): Promise<string> {
    const project = workspace && (await findProject(db, workspace)).project
    const parent = project?.parent_id
    if (!project) throw missingId('org', 'Here is no current project: list the orgs with memory_scope list.')
    if (!parent || parent === GLOBAL_SCOPE_ID)
      throw missingId('org', 'The current project belongs to no org.')
    return parent
  }

  /** The current project is made here if it is new, and takes along what is known of its repository by now. */
  async #targetForWrite(unit: WriteUnit, caller: Caller, argument: ScopeArgument): Promise<string> {
    const found = await this.#findTarget(unit.db, caller, argument)
    const { workspace, agentId } = caller
    const isNamed = argument.scope_id !== undefined || argument.scope_type === 'global'
    if (found !== undefined && (!workspace || isNamed)) return found
    if (!workspace) throw missingId('project', 'List the projects with memory_scope list.')
    const author = { agentId, now: this.#clock.now() }
    if (found === undefined) return (await createProject(unit, workspace, author)).id
    if (workspace.project !== null || !workspace.repository) return found
    const { project } = await findProject(unit.db, workspace)
    if (project?.id === found) await learn(unit, project, workspace, author)
    return found
  }

  /** The current project as it will be: it inherits already, and holds nothing. */
  async #unmadeProject(db: Reader, { workspace, agentId }: Caller): Promise<Scope> {
    if (!workspace) throw new RangeError('without a workspace nothing is implied')
    return { ...(await projectToBe(db, workspace, { agentId, now: 0 })), id: UNMADE_SCOPE_ID }
  }
}

/** The chain of a scope, once no other writer can change what is in it. */
function claimed(unit: WriteUnit, id: string): Promise<Scope[]> {
  const chain = Promise.all([unit.claim(id), scopeChain(unit.db, id)]).then(([, found]) => found)
  // Where the scope turns out to be another one, nothing waits for this.
  chain.catch(() => {})
  return chain
}

/** All of a caller that the scopes which it means without naming them depend on. */
function placeOf({ workspace }: Caller): readonly unknown[] {
  const { project, root, pathRoot, repository } = workspace ?? {}
  return [project, root, pathRoot, repository?.remotes]
}

function firstOf(chain: readonly Scope[]): Scope {
  const [scope] = chain
  if (!scope) throw new RangeError('a scope chain is never empty')
  return scope
}

function inherited(scope: Scope): ScopeRef & { name: string } {
  return { ...scopeRef(scope), name: scope.name }
}
