import { AppError } from '../../domain/errors.ts'
import type { PathState } from '../../domain/leases/lease.ts'
import type { Leases } from '../leases/leases.ts'
import { leasePaths } from '../leases/paths.ts'
import type { Caller } from '../running/caller.ts'
import { changedText, lockedText, lostText } from './lock-texts.ts'
import type { HeldByHook, SessionMemory } from './session-memory.ts'

/** Who writes, on behalf of which session. */
export interface Writer {
  readonly caller: Caller
  /** The session's main agent: the same as the caller's, unless that is a sub-agent. */
  readonly main: string
  readonly memory: SessionMemory
  /** Other names of this very session: its locks under them are its own. */
  readonly aliases: readonly string[]
  /** Renew while this process lives: it ends with the session. */
  readonly keepAlive: boolean
}

interface Wanted {
  readonly paths: readonly string[]
  readonly purpose: string
}

type State = PathState & { readonly path: string }

/** The locks that hooks take before a write and give back when the turn or the session ends. */
export class HookLocks {
  readonly #leases: Leases

  constructor(leases: Leases) {
    this.#leases = leases
  }

  /** All of the files for the writer or none; a text says why not, and what to do. Throws where nobody can tell. */
  async take(writer: Writer, { paths, purpose }: Wanted): Promise<string | undefined> {
    const { caller, memory, keepAlive } = writer
    const states = await Promise.all(paths.map((path) => this.#leases.status(caller, path)))
    const remembered = memory.held(caller.agentId)
    await this.#handOver(writer, states)
    const wanted = states.filter(({ lease }) => !lease || !writer.aliases.includes(lease.agentId))
    if (wanted.length === 0) return undefined
    try {
      const request = { paths: wanted.map(({ path }) => path), purpose, waitMs: 0, keepAlive }
      const leases = await this.#leases.checkout(caller, request, new AbortController().signal)
      const ownBefore = states.filter((state) => isCheckedOut(state, caller, remembered))
      const taken = leases.filter(({ path }) => !ownBefore.some((state) => state.path === path))
      memory.hold(caller.agentId, taken)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      // Who comes back after the other one has written is told to look again.
      for (const { path } of wanted) memory.see(caller.agentId, path)
      if (error.errorName === 'FILE_LOCKED') return lockedText(error)
      if (error.errorName === 'DEADLOCK') return `${error.message} ${error.suggestion}`
      throw error
    }
    const lost = states.filter((state) => isLost(state, caller, remembered))
    if (lost.length > 0) return lostText(lost.map(({ path }) => path))
    const changed = wanted.map(({ path }) => path).filter((path) => memory.isChanged(caller.agentId, path))
    for (const path of changed) memory.see(caller.agentId, path)
    return changed.length > 0 ? changedText(changed) : undefined
  }

  /** These files are about to be read, or were written just now under their locks. */
  async see({ caller, memory }: Writer, paths: readonly string[]): Promise<void> {
    for (const path of await leasePaths(caller, paths)) memory.see(caller.agentId, path)
  }

  /** The write is done: its locks last their whole time from now. */
  async renew({ caller, memory }: Writer): Promise<void> {
    for (const { path, token } of memory.held(caller.agentId)) {
      await this.#leases.renew(caller, { paths: [path], token }).catch(passOver)
    }
  }

  /** Gives back all that hooks have taken for this agent, and nothing that it checked out itself. */
  async giveBack(caller: Caller, memory: SessionMemory): Promise<void> {
    for (const { path, token } of memory.held(caller.agentId)) {
      await this.#leases.checkin(caller, { paths: [path], token }).catch(passOver)
      memory.letGo(caller.agentId, [path])
    }
  }

  /** A sub-agent gets what its main agent has, which works on when the sub-agent is done. */
  async #handOver({ caller, main, memory }: Writer, states: readonly State[]): Promise<void> {
    if (main === caller.agentId) return
    for (const { path, lease } of states) {
      if (lease?.agentId !== main) continue
      await this.#leases.checkin({ ...caller, agentId: main }, { paths: [path] }).catch(passOver)
      memory.letGo(main, [path])
    }
  }
}

/** By the agent itself, not by its hooks: it gives it back itself. */
function isCheckedOut(
  { path, lease }: State,
  { agentId }: Caller,
  remembered: readonly HeldByHook[],
): boolean {
  return lease?.agentId === agentId && !remembered.some((held) => held.path === path)
}

/** The lock ran out or was ended, and somebody else may have written since. Run out and taken by nobody is no loss. */
function isLost(
  { path, lease, former }: State,
  { agentId }: Caller,
  remembered: readonly HeldByHook[],
): boolean {
  const held = remembered.find((each) => each.path === path)
  if (!held || lease?.agentId === agentId) return false
  return former?.agentId !== agentId || former.token !== held.token
}

/** Run out or taken over meanwhile: then there is nothing to keep or to give back. */
function passOver(error: unknown): void {
  const isGone =
    error instanceof AppError &&
    ['LOCK_NOT_FOUND', 'LOCK_EXPIRED', 'NOT_LOCK_OWNER'].includes(error.errorName)
  if (!isGone) throw error
}
