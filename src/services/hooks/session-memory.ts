import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { makeFolder } from '../../make-folder.ts'

/** A lock that the hook took for an agent. */
export interface HeldByHook {
  readonly path: string
  readonly token: number
  /** The file as it was then. */
  readonly mark?: string
}

/** A session that called no hook for so long is over. */
const FORGOTTEN_MS = 7 * 86_400_000

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/**
 * What the hooks of one session know of each other: each is a process of its own, and the database may be away. One small
 * file for each fact, so that two at once lose nothing. Trouble with a file is as if it were not there.
 */
export class SessionMemory {
  readonly #session: string

  private constructor(folder: string) {
    this.#session = folder
  }

  /** `session` names it among all clients' sessions. */
  static of(folder: string, session: string): SessionMemory {
    return new SessionMemory(join(folder, digest(session).slice(0, 32)))
  }

  /** Whether this is the first time that it is to be said in the session. */
  isFirst(what: string): boolean {
    const name = `said-${digest(what).slice(0, 16)}`
    const places = [
      this.#session,
      join(tmpdir(), `agent-memory-hooks-${userId()}-${digest(this.#session).slice(0, 16)}`),
    ]
    for (const place of places) {
      try {
        makeFolder(place)
        writeFileSync(join(place, name), '', { flag: 'wx', mode: 0o600 })
        return true
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
      }
    }
    return true
  }

  /** The locks that the hook took for this agent and has not given back. */
  held(agentId: string): readonly HeldByHook[] {
    const folder = this.#agent(agentId)
    return namesIn(folder).flatMap((name) => {
      const held = readJson(join(folder, name))
      return isHeld(held) ? [held] : []
    })
  }

  hold(agentId: string, locks: readonly HeldByHook[]): void {
    for (const { path, token } of locks) {
      if (this.holds(agentId, { path, token })) continue
      this.#write(this.#file(agentId, path), { path, token, mark: markOf(path) })
    }
  }

  letGo(agentId: string, paths: readonly string[]): void {
    for (const path of paths) attempt(() => rmSync(this.#file(agentId, path), { force: true }))
  }

  /** Notes a file that some agent of the session writes. */
  noteWritten(path: string): void {
    this.#write(join(this.#session, 'written', digest(path).slice(0, 32)), path)
  }

  written(): readonly string[] {
    return this.#texts('written')
  }

  isSeen(agentId: string, path: string): boolean {
    return typeof readJson(this.#seenFile(agentId, path)) === 'string'
  }

  /** Notes the file as this agent knows it now, or as it was at that mark. */
  see(agentId: string, path: string, mark = markOf(path)): void {
    this.#write(this.#seenFile(agentId, path), mark)
  }

  /** The agent is about to change it: until it is seen again nothing is known of it. */
  unsee(agentId: string, path: string): void {
    attempt(() => rmSync(this.#seenFile(agentId, path), { force: true }))
  }

  /** Whether the file is another one by now than this agent has seen; one that it has not seen is not. */
  isChanged(agentId: string, path: string): boolean {
    const seen = readJson(this.#seenFile(agentId, path))
    return typeof seen === 'string' && seen !== markOf(path)
  }

  /** Other names under which the session has taken locks. */
  aliases(): readonly string[] {
    return this.#texts('aliases')
  }

  addAlias(agentId: string): void {
    this.#write(join(this.#session, 'aliases', digest(agentId).slice(0, 32)), agentId)
  }

  /** Every agent of the session that holds something by its hooks. */
  agents(): readonly string[] {
    const folder = join(this.#session, 'agents')
    return namesIn(folder).flatMap((name) => {
      const agentId = readJson(join(folder, name, 'agent'))
      return typeof agentId === 'string' ? [agentId] : []
    })
  }

  forget(): void {
    attempt(() => rmSync(this.#session, { recursive: true, force: true }))
  }

  /** Whether the file is the one that it was when that lock was taken, or is none; false where that is not known. */
  isUnchangedSince({ agentId, path, token }: HeldByHook & { readonly agentId: string }): boolean {
    const mark = markOf(path)
    if (mark === NO_FILE) return true
    return [this, ...this.others()].some((session) =>
      session.held(agentId).some((held) => held.path === path && held.token === token && held.mark === mark),
    )
  }

  /** Of all sessions but this one. */
  others(): readonly SessionMemory[] {
    return SessionMemory.all(dirname(this.#session)).filter((other) => other.#session !== this.#session)
  }

  /** Whether hooks of this session hold that very lock for the agent. */
  holds(agentId: string, { path, token }: HeldByHook): boolean {
    return this.held(agentId).some((held) => held.path === path && held.token === token)
  }

  /** Of every session that hooks have called for. */
  static all(folder: string): readonly SessionMemory[] {
    return namesIn(folder).map((name) => new SessionMemory(join(folder, name)))
  }

  /** Takes away what sessions have left that ended without a word. */
  static clean(folder: string, now: number): void {
    for (const name of namesIn(folder)) {
      const path = join(folder, name)
      const changed = attempt(() => statSync(path).mtimeMs)
      if (changed !== undefined && changed < now - FORGOTTEN_MS)
        attempt(() => rmSync(path, { recursive: true, force: true }))
    }
  }

  #texts(name: string): readonly string[] {
    const folder = join(this.#session, name)
    return namesIn(folder).flatMap((each) => {
      const text = readJson(join(folder, each))
      return typeof text === 'string' ? [text] : []
    })
  }

  #seenFile(agentId: string, path: string): string {
    return join(this.#session, 'seen', digest(`${agentId}\0${path}`).slice(0, 32))
  }

  #agent(agentId: string): string {
    return join(this.#session, 'agents', digest(agentId).slice(0, 32))
  }

  #file(agentId: string, path: string): string {
    const folder = this.#agent(agentId)
    if (readJson(join(folder, 'agent')) === undefined) this.#write(join(folder, 'agent'), agentId)
    return join(folder, digest(path).slice(0, 32))
  }

  #write(file: string, value: unknown): void {
    attempt(() => {
      makeFolder(join(file, '..'))
      writeFileSync(file, JSON.stringify(value), { mode: 0o600 })
    })
  }
}

const NO_FILE = 'none'

/** Moves with every write of the file. */
export function markOf(path: string): string {
  const found = attempt(() => statSync(path, { bigint: true }))
  return found ? `${found.ino}:${found.size}:${found.mtimeNs}` : NO_FILE
}

function namesIn(folder: string): readonly string[] {
  return attempt(() => readdirSync(folder)) ?? []
}

function readJson(file: string): unknown {
  return attempt(() => JSON.parse(readFileSync(file, 'utf8')) as unknown)
}

function isHeld(value: unknown): value is HeldByHook {
  if (typeof value !== 'object' || value === null || !('path' in value) || !('token' in value)) return false
  return typeof value.path === 'string' && typeof value.token === 'number'
}

function userId(): string {
  return attempt(() => String(userInfo().uid)) ?? 'user'
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
