import { type Clock, isoTime } from '../../domain/clock.ts'
import { AppError } from '../../domain/errors.ts'
import type { Lease } from '../../domain/leases/lease.ts'
import { conflictLine, lockLine, type SituationLine, turnLine } from '../../domain/reading/situation.ts'
import { type Scope, UNMADE_SCOPE_ID } from '../../domain/scope.ts'
import { findEntries } from '../../store/entries/entries.ts'
import { newestEntries } from '../../store/entries/visible-entries.ts'
import { listScopes } from '../../store/scopes/scopes.ts'
import type { Store } from '../../store/store.ts'
import type { Conflicts } from '../entries/conflicts/conflicts.ts'
import type { Leases } from '../leases/leases.ts'
import type { Caller, ScopeArgument } from '../running/caller.ts'
import { inProject } from '../running/in-project.ts'

/** What goes on where a context is asked for. */
export interface Situation {
  /** What is in the way first. */
  readonly lines: readonly SituationLine[]
  /** Files that the caller itself has locked: absolute, or as their locks name them. */
  readonly held: readonly string[]
}

const MOST_LOCKS_READ = 200
const MOST_LOCKS = 5
const MOST_CONFLICTS = 5
/** A session may have been begun and never used. */
const SESSIONS_LOOKED_AT = 5
const TURNS_SHOWN = 2

/** What hinders an agent that begins a task: locks of others, open conflicts; and how the last session ended. */
export class Situations {
  readonly #store: Store
  readonly #conflicts: Conflicts
  readonly #leases: Leases
  readonly #clock: Clock

  constructor(
    store: Store,
    { conflicts, leases, clock }: { conflicts: Conflicts; leases: Leases; clock: Clock },
  ) {
    this.#clock = clock
    this.#store = store
    this.#conflicts = conflicts
    this.#leases = leases
  }

  async look(caller: Caller, argument: ScopeArgument, chain: readonly Scope[]): Promise<Situation> {
    const project = chain.find(({ type }) => type === 'project')
    const here = argument.scope_id === undefined ? caller.workspace?.pathRoot : undefined
    const root = here ?? project?.root_path ?? undefined
    const locks = project && root ? await this.#locksBelow(caller, root) : []
    const others = locks.filter(({ agentId }) => agentId !== caller.agentId)
    const lines = [
      ...others.slice(0, MOST_LOCKS).map((lock) => lockLine(lock, inProject(lock.path, root))),
      ...(await this.#openConflicts(caller, argument)),
      ...(project ? await this.#lastSession(caller, project, chain) : []),
    ]
    return { lines, held: locks.filter((lock) => !others.includes(lock)).map(({ path }) => path) }
  }

  /** None where the place of the locks cannot be reached. */
  async #locksBelow(caller: Caller, root: string): Promise<readonly Lease[]> {
    try {
      const prefix = root.endsWith('/') ? root : `${root}/`
      return (await this.#leases.list(caller, { prefix, limit: MOST_LOCKS_READ })).page
    } catch (error) {
      if (error instanceof AppError && error.errorName === 'LOCK_STORE_UNAVAILABLE') return []
      throw error
    }
  }

  async #openConflicts(caller: Caller, argument: ScopeArgument): Promise<SituationLine[]> {
    const { conflicts } = await this.#conflicts.list(caller, {
      scope_type: argument.scope_type,
      scope_id: argument.scope_id,
      status: 'open',
      limit: MOST_CONFLICTS,
    })
    if (conflicts.length === 0) return []
    const ids = [...new Set(conflicts.map(({ entry_id }) => entry_id))]
    const names = new Map(
      (await this.#store.read((db) => findEntries(db, ids))).map(({ id, name }) => [id, name]),
    )
    return conflicts.map((conflict) => conflictLine(conflict, names.get(conflict.entry_id) ?? ''))
  }

  /** The last turns of the newest session that has any, newest first; the one that is asked about shows its own. */
  async #lastSession({ rights }: Caller, project: Scope, chain: readonly Scope[]): Promise<SituationLine[]> {
    const isOpen = rights?.allows('read', chain.slice(chain.indexOf(project)), 'observation') ?? true
    if (!isOpen || project.id === UNMADE_SCOPE_ID) return []
    const filter = { type: 'session', parentId: project.id, limit: SESSIONS_LOOKED_AT } as const
    const at = isoTime(this.#clock.now())
    return this.#store.read(async (db) => {
      const newest = await listScopes(db, filter)
      for (const session of newest.filter(({ id }) => !chain.some((scope) => scope.id === id))) {
        const reach = { scopeIds: [session.id], types: ['observation'], at }
        const last = await newestEntries(db, reach, TURNS_SHOWN)
        if (last.length === 0) continue
        const turns = await findEntries(
          db,
          last.map(({ id }) => id),
        )
        return turns.map((turn) => turnLine(session, turn))
      }
      return []
    })
  }
}
