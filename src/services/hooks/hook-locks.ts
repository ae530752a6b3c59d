import { AppError } from '../../domain/errors.ts'
import type { Lease, PathState } from '../../domain/leases/lease.ts'
import type { HolderRequest, Leases } from '../leases/leases.ts'
import { leasePaths } from '../leases/paths.ts'
import type { Caller } from '../running/caller.ts'
import { belowText, changedText, lockedText, lostText, sameNameText } from './lock-texts.ts'
import { type HeldByHook, markOf, type SessionMemory } from './session-memory.ts'
import type { WrittenFolder } from './written-files.ts'

/** The agent that writes, and the session it writes for. */
export interface Writer {
  readonly caller: Caller
  /** The session's main agent: the same as the caller's, unless that is a sub-agent. */
  readonly main: string
  readonly memory: SessionMemory
  /** Other names of this very session: its locks under them are its own. */
  readonly aliases: readonly string[]
  /** Renew while this process lives: it ends with the session. */
  readonly keepAlive: boolean
  /** Sessions that are an agent of this very name, where the settings give one: the locks alone do not tell them apart. */
  readonly namesakes: () => readonly SessionMemory[]
}

interface Wanted {
  readonly paths: readonly string[]
  /** Folders in which more is changed than these. */
  readonly folders: readonly WrittenFolder[]
  readonly purpose: string
}

/** What is to be checked out, as it stood before. */
interface Asked {
  readonly wanted: readonly State[]
  readonly purpose: string
  readonly remembered: readonly HeldByHook[]
}

type State = PathState & { readonly path: string }

/** The locks that hooks take before a write and give back when the turn or the session ends. */
export class HookLocks {
  readonly #leases: Leases

  constructor(leases: Leases) {
    this.#leases = leases
  }

  /**
   * Locks all of the files for the writer or none; a text says why not, and what to do. Throws where the
   * locks cannot be read.
   */
  async take(writer: Writer, { paths, folders, purpose }: Wanted): Promise<string | undefined> {
    const { caller, memory } = writer
    for (const folder of folders) {
      const below = await this.#heldBelow(writer, folder)
      if (below) return belowText(folder, below)
    }
    const states = await this.#states(caller, paths)
    const remembered = memory.held(caller.agentId)
    const before = heldByNamesake(
      writer,
      states.flatMap(({ lease }) => lease ?? []),
    )
    if (before) return sameNameText(before)
    await this.#handOver(writer, states)
    const wanted = states.filter(({ lease }) => !lease || !writer.aliases.includes(lease.agentId))
    if (wanted.length === 0) return undefined
    const refused = await this.#checkout(writer, { wanted, purpose, remembered })
    if (refused !== undefined) return refused
    const lost = states.filter((state) => isLost(state, caller, remembered))
    if (lost.length > 0) return lostText(lost.map(({ path }) => path))
    const changed = wanted.map(({ path }) => path).filter((path) => memory.isChanged(caller.agentId, path))
    for (const path of changed) memory.see(caller.agentId, path)
    if (changed.length > 0) return changedText(changed)
    // Until the lock is given back a change is the agent's own; not every client tells when its tool is done.
    for (const { path } of wanted) {
      memory.unsee(caller.agentId, path)
      memory.noteWritten(path)
    }
    return undefined
  }

  async #checkout(writer: Writer, { wanted, purpose, remembered }: Asked): Promise<string | undefined> {
    const { caller, memory, keepAlive } = writer
    try {
      const request = { paths: wanted.map(({ path }) => path), purpose, waitMs: 0, keepAlive }
      const leases = await this.#leases.checkout(caller, request, new AbortController().signal)
      const ownBefore = wanted.filter((state) => isCheckedOut(state, caller, remembered))
      const taken = leases.filter(({ path }) => !ownBefore.some((state) => state.path === path))
      memory.hold(caller.agentId, taken)
      // Where two took it at the same moment each finds the other one here, and both try again.
      const namesake = heldByNamesake(writer, leases)
      if (!namesake) return undefined
      memory.letGo(
        caller.agentId,
        taken.map(({ path }) => path),
      )
      return sameNameText(namesake)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      for (const state of wanted) noteRefused(writer, state)
      if (error.errorName === 'FILE_LOCKED') return lockedText(error)
      if (error.errorName === 'DEADLOCK') return `${error.message} ${error.suggestion}`
      throw error
    }
  }

  /** These files are about to be read, or were written just now under their locks. */
  async see({ caller, memory }: Writer, paths: readonly string[]): Promise<void> {
    for (const path of leasePaths(caller, paths)) memory.see(caller.agentId, path)
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
      const mark = markOf(path)
      const given = await this.#leases.checkin(caller, { paths: [path], token }).catch(passOver)
      // A lock that had ended is kept in mind: another agent may write before this one's next write.
      if (!given) continue
      memory.see(caller.agentId, path, mark)
      memory.letGo(caller.agentId, [path])
    }
  }

  /**
   * A checkin by the agent itself: what its hooks had locked is theirs no more, so it is not missed at the next write.
   * What others write from now on counts as changed.
   */
  async checkin(
    caller: Caller,
    request: HolderRequest,
    memories: readonly SessionMemory[],
  ): Promise<readonly Lease[]> {
    const { agentId } = caller
    const concerned = memories.filter((memory) => memory.held(agentId).length > 0)
    if (concerned.length === 0) return this.#leases.checkin(caller, request)
    const paths = leasePaths(caller, request.paths)
    for (const memory of concerned) for (const path of held(memory, agentId, paths)) memory.see(agentId, path)
    const leases = await this.#leases.checkin(caller, request)
    for (const memory of concerned) memory.letGo(agentId, paths)
    return leases
  }

  /**
   * A call of our lock tool by the session: a sub-agent that locks a file gets what its main agent has. True where the
   * session's hooks hold all of these files: then the call is about their locks, whatever agent it names.
   */
  async prepareCall(writer: Writer, { paths, action }: { paths: readonly string[]; action: unknown }) {
    const { caller, main, memory } = writer
    const real = pathsAsTyped(caller, paths)
    const takes = action === 'checkout' && main !== caller.agentId
    if (takes) await this.#handOver(writer, await this.#states(caller, real))
    return real.length > 0 && held(memory, caller.agentId, real).length === real.length
  }

  #states(caller: Caller, paths: readonly string[]): Promise<State[]> {
    return Promise.all(paths.map((path) => this.#leases.status(caller, path)))
  }

  /** What another agent holds in that folder, of what is changed in it. */
  async #heldBelow({ caller, main, aliases }: Writer, folder: WrittenFolder): Promise<Lease | undefined> {
    const own = [caller.agentId, main, ...aliases]
    const prefix = `${folder.path}/`
    const isMeant = (path: string) => folder.isMeant?.(path.slice(prefix.length)) ?? true
    for (let cursor: string | undefined, isMore = true; isMore; ) {
      const request = { prefix, limit: PAGE, cursor }
      const { page, next } = await this.#leases.list(caller, request)
      const found = page.find(({ agentId, path }) => !own.includes(agentId) && isMeant(path))
      if (found) return found
      cursor = next.next_cursor
      isMore = cursor !== undefined
    }
    return undefined
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

const PAGE = 100

/** Of these locks one that another session of the agent's name has taken. */
function heldByNamesake({ caller, namesakes }: Writer, leases: readonly Lease[]): Lease | undefined {
  const own = leases.filter(({ agentId }) => agentId === caller.agentId)
  if (own.length === 0) return undefined
  const others = namesakes()
  return own.find((lease) => others.some((other) => other.holds(caller.agentId, lease)))
}

/** When the agent tries again, and the other one has written, it is asked to read the file again. */
function noteRefused({ caller: { agentId }, memory }: Writer, { path, lease }: State): void {
  // What it has seen last is still what it knows.
  if (memory.isSeen(agentId, path)) return
  const isAsItWas = lease === null || memory.isUnchangedSince(lease)
  memory.see(agentId, path, isAsItWas ? undefined : CHANGED)
}

/** No file's mark. */
const CHANGED = 'changed'

/** Of paths that a model wrote; none where one of them is no path, which the server refuses with its reason. */
function pathsAsTyped(caller: Caller, paths: readonly string[]): string[] {
  const workspace = caller.workspace && { ...caller.workspace, isExact: false }
  try {
    return leasePaths({ ...caller, workspace }, paths)
  } catch {
    return []
  }
}

function held(memory: SessionMemory, agentId: string, paths: readonly string[]): string[] {
  return memory.held(agentId).flatMap(({ path }) => (paths.includes(path) ? [path] : []))
}

/** By the agent itself, not by its hooks: it gives it back itself. */
function isCheckedOut(
  { path, lease }: State,
  { agentId }: Caller,
  remembered: readonly HeldByHook[],
): boolean {
  return lease?.agentId === agentId && !remembered.some((held) => held.path === path)
}

/**
 * The lock ran out or was ended, and another agent may have written since. A lock that ran out and that no
 * other agent took is no loss.
 */
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
function passOver(error: unknown): undefined {
  const isGone =
    error instanceof AppError &&
    ['LOCK_NOT_FOUND', 'LOCK_EXPIRED', 'NOT_LOCK_OWNER'].includes(error.errorName)
  if (!isGone) throw error
  return undefined
}
