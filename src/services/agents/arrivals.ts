import { type Clock, isoTime } from '../../domain/clock.ts'
import { GLOBAL_SCOPE_ID, UNMADE_SCOPE_ID } from '../../domain/scope.ts'
import { forgetAgent, forgetAgentsBefore, noteAgent } from '../../store/agents/agents.ts'
import type { Store } from '../../store/store.ts'
import type { Caller } from '../running/caller.ts'
import type { Scopes } from '../scopes/scopes.ts'

/** A sign of life is written down so often. */
const NOTE_EVERY_MS = 30_000
/** An agent that was silent for so long is not at work; when it comes back it begins anew. */
export const PRESENT_MS = 15 * 60_000
/** An agent that was away for so long is not expected back. */
const FORGOTTEN_MS = 7 * 86_400_000
/** More agents than a process sees within NOTE_EVERY_MS. */
const MOST_REMEMBERED = 10_000
/** A stop does not wait longer for a database that may be the reason for it. */
const PATIENCE_MS = 300

/** Notes which agents are at work, and where. A failed note stops no call. */
export class Arrivals {
  readonly #store: Store
  readonly #scopes: Scopes
  readonly #clock: Clock
  /** Agent and place → when it was written down last. */
  readonly #noted = new Map<string, number>()
  readonly #pending = new Set<Promise<void>>()
  #isClosed = false

  constructor(store: Store, { scopes, clock }: { scopes: Scopes; clock: Clock }) {
    this.#store = store
    this.#scopes = scopes
    this.#clock = clock
  }

  /** The agent is at work. Waits where it is new to this process: then what happens from now on is news to it. */
  async note(caller: Caller): Promise<void> {
    const place = `${caller.agentId}\0${caller.workspace?.pathRoot ?? ''}`
    const now = this.#clock.monotonic()
    const noted = this.#noted.get(place)
    if (this.#isClosed || (noted !== undefined && now - noted < NOTE_EVERY_MS)) return
    if (this.#noted.size >= MOST_REMEMBERED) this.#noted.clear()
    this.#noted.set(place, now)
    const written = this.#write(caller).catch(() => {})
    this.#pending.add(written)
    void written.finally(() => this.#pending.delete(written))
    if (noted === undefined) await written
  }

  /** Forgets an agent that is gone, and whose id no other agent can have. */
  async leave(agentId: string): Promise<void> {
    for (const place of this.#noted.keys()) if (place.startsWith(`${agentId}\0`)) this.#noted.delete(place)
    await this.#store.write(({ db }) => forgetAgent(db, agentId), { changes: 'own rows' }).catch(() => {})
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const timeUp = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref())
    await Promise.race([Promise.allSettled(this.#pending), timeUp])
  }

  async #write(caller: Caller): Promise<void> {
    const [scope] = caller.workspace ? await this.#scopes.chainForRead(byFolder(caller), {}) : []
    const isProject = scope !== undefined && scope.id !== GLOBAL_SCOPE_ID && scope.id !== UNMADE_SCOPE_ID
    const now = this.#clock.now()
    await this.#store.write(
      async ({ db }) => {
        await noteAgent(db, {
          agentId: caller.agentId,
          projectId: isProject ? scope.id : null,
          root: caller.workspace?.pathRoot ?? null,
          at: isoTime(now),
          staleBefore: isoTime(now - PRESENT_MS),
        })
        await forgetAgentsBefore(db, isoTime(now - FORGOTTEN_MS))
      },
      { changes: 'own rows' },
    )
  }
}

/** To be at work is no reason to start git: a project is taken by its folder here. */
function byFolder(caller: Caller): Caller {
  if (!caller.workspace) return caller
  const { repository: _repository, ...workspace } = caller.workspace
  return { ...caller, workspace }
}
