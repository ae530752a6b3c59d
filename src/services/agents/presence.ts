import type { LeaseReader, WaitingFor } from '../../coordination/lease-store.ts'
import { type Clock, isoTime } from '../../domain/clock.ts'
import { AppError } from '../../domain/errors.ts'
import type { Lease } from '../../domain/leases/lease.ts'
import { isWithin, normalisePath } from '../../domain/leases/path.ts'
import { GLOBAL_SCOPE_ID, type Scope, UNMADE_SCOPE_ID } from '../../domain/scope.ts'
import { type KnownAgent, listAgents } from '../../store/agents/agents.ts'
import { listScopes } from '../../store/scopes/scopes.ts'
import type { Store } from '../../store/store.ts'
import type { Sight } from '../access/sight.ts'
import type { Caller, ScopeArgument } from '../running/caller.ts'
import type { Scopes } from '../scopes/scopes.ts'
import { PRESENT_MS } from './arrivals.ts'

/** An agent, and what it is about. */
export interface AgentAtWork {
  readonly agentId: string
  readonly state: 'waiting' | 'editing' | 'active' | 'idle'
  /** Since when, without a longer silence. */
  readonly since: string
  readonly lastSeenAt: string | null
  readonly session: Scope | undefined
  readonly locks: readonly Lease[]
  readonly waitsFor: readonly { readonly path: string; readonly heldBy: string | null }[]
}

export interface PresenceReport {
  /** Null where it is about all projects. */
  readonly project: Scope | null
  /** Those that wait first, then those that hold files, then the last seen. */
  readonly agents: readonly AgentAtWork[]
  /** False while the place of the locks cannot be reached. */
  readonly locksKnown: boolean
}

interface Locks {
  readonly leases: readonly Lease[]
  readonly waits: readonly WaitingFor[]
}

interface PresenceParts {
  readonly sight: Sight
  readonly scopes: Scopes
  readonly leases: LeaseReader
  readonly clock: Clock
}

const MOST_AGENTS = 500
const MOST_LOCKS = 2_000
const LOCKS_AT_ONCE = 200
const MOST_SESSIONS = 500
/** One that was seen within this is in the middle of something. */
const ACTIVE_MS = 2 * 60_000
const ORDER = ['waiting', 'editing', 'active', 'idle']

/** Which agents are at work in a project: by what they have called, what they hold and what they wait for. */
export class Presence {
  readonly #store: Store
  readonly #scopes: Scopes
  readonly #leases: LeaseReader
  readonly #clock: Clock
  readonly #sight: Sight

  constructor(store: Store, { scopes, leases, sight, clock }: PresenceParts) {
    this.#store = store
    this.#sight = sight
    this.#scopes = scopes
    this.#leases = leases
    this.#clock = clock
  }

  /** Of the project that the scope is or is below; of all where it is none. */
  async look(caller: Caller, argument: ScopeArgument): Promise<PresenceReport> {
    const chain = await this.#scopes.chainForRead(caller, argument)
    const project = chain.find(({ type }) => type === 'project') ?? null
    const isHere = argument.scope_id === undefined && project !== null
    const roots = rootsOf(project, isHere ? caller : null)
    const projectId = project && project.id !== UNMADE_SCOPE_ID ? project.id : null
    const since = isoTime(this.#clock.now() - PRESENT_MS)
    const known = await this.#store.read((db) =>
      listAgents(db, { since, projectId, roots, limit: MOST_AGENTS }),
    )
    const locks = await this.#locks()
    const folders = [...new Set([...roots, ...known.flatMap(({ root }) => root ?? [])])].map(asFolder)
    const isOurs = (path: string) => project === null || folders.some((folder) => isWithin(path, folder))
    const seen = <T extends { readonly path: string }>(all: readonly T[] = []) =>
      this.#sight.of(
        caller,
        all.filter(({ path }) => isOurs(path)),
        ({ path }, places) => places.lock(path),
      )
    const ours = { leases: await seen(locks?.leases), waits: await seen(locks?.waits) }
    const sessions = await this.#sessions(project)
    return { project, locksKnown: locks !== undefined, agents: this.#agents(known, ours, sessions) }
  }

  #agents(known: readonly KnownAgent[], { leases, waits }: Locks, sessions: readonly Scope[]): AgentAtWork[] {
    const ids = [known.map((agent) => agent.agent_id), leases.map(agentOf), waits.map(agentOf)].flat()
    const agents = [...new Set(ids)].map((agentId): AgentAtWork => {
      const row = known.find((agent) => agent.agent_id === agentId)
      const locks = leases.filter((lease) => lease.agentId === agentId)
      const waitsFor = waits
        .filter((wait) => wait.agentId === agentId)
        .map(({ path }) => ({ path, heldBy: leases.find((lease) => lease.path === path)?.agentId ?? null }))
      const lastSeenAt = row?.seen_at ?? null
      const isActive = lastSeenAt !== null && lastSeenAt >= isoTime(this.#clock.now() - ACTIVE_MS)
      const idle = isActive ? 'active' : 'idle'
      const state = waitsFor.length > 0 ? 'waiting' : locks.length > 0 ? 'editing' : idle
      const since = row?.since ?? locks.map(({ acquiredAt }) => acquiredAt).sort()[0]
      const session = sessions.find(({ created_by: by }) => by === agentId)
      return {
        agentId,
        state,
        lastSeenAt,
        session,
        locks,
        waitsFor,
        since: since ?? isoTime(this.#clock.now()),
      }
    })
    return agents.sort((a, b) => rank(a) - rank(b) || (b.lastSeenAt ?? '').localeCompare(a.lastSeenAt ?? ''))
  }

  /** Undefined while the locks cannot be read: the agents at work are known all the same. */
  async #locks(): Promise<Locks | undefined> {
    try {
      const leases: Lease[] = []
      for (let after: string | null = null; leases.length < MOST_LOCKS; ) {
        const page = { prefix: null, agentId: null, afterPath: after, limit: LOCKS_AT_ONCE }
        const next = await this.#leases.list(page)
        leases.push(...next)
        after = next.at(-1)?.path ?? null
        if (next.length < LOCKS_AT_ONCE) break
      }
      return { leases, waits: await this.#leases.waits() }
    } catch (error) {
      if (error instanceof AppError && error.errorName === 'LOCK_STORE_UNAVAILABLE') return undefined
      throw error
    }
  }

  /** The open ones, newest first. */
  async #sessions(project: Scope | null): Promise<readonly Scope[]> {
    if (project?.id === UNMADE_SCOPE_ID) return []
    const parent = project ? { parentId: project.id } : {}
    return this.#store.read((db) =>
      listScopes(db, { type: 'session', status: 'active', ...parent, limit: MOST_SESSIONS }),
    )
  }
}

function agentOf({ agentId }: { readonly agentId: string }): string {
  return agentId
}

function rank({ state }: AgentAtWork): number {
  return ORDER.indexOf(state)
}

/** The folders that the project has, and in its own project those of the caller. */
function rootsOf(project: Scope | null, caller: Caller | null): string[] {
  if (project === null || project.id === GLOBAL_SCOPE_ID) return []
  const { root, pathRoot } = caller?.workspace ?? {}
  return [...new Set([project.root_path, root, pathRoot].flatMap((folder) => folder ?? []))]
}

/** As paths of locks begin. */
function asFolder(root: string): string {
  return normalisePath(root, null)
}
