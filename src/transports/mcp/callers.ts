import { randomBytes } from 'node:crypto'
import type { Config } from '../../config.ts'
import { sessionAgentId, subAgentId } from '../../domain/hooks/agent.ts'
import { HOOK_CLIENTS, type HookClient } from '../../domain/hooks/clients.ts'
import { workingFolder } from '../../domain/places/working-folder.ts'
import { digest } from '../../services/hooks/session-memory.ts'
import type { Caller, Workspace } from '../../services/running/caller.ts'
import { findWorkspace } from '../../services/workspace/workspace.ts'
import type { Asked } from '../hook/answer.ts'
import type { McpRequest } from './request.ts'

type Env = Readonly<Record<string, string | undefined>>

/** The session of a client, by what both its hooks and its server can see. */
interface ClientSession {
  readonly client: HookClient
  readonly id: string
}

/**
 * The agent that calls over a connection of its own, and its project: by the settings, else by what the
 * client says.
 */
export class Connection {
  readonly #config: Config
  readonly #here: Workspace
  readonly #random = randomBytes(4).toString('hex')
  readonly #known = new Map<string, Workspace>()
  readonly #sessions: readonly ClientSession[]
  readonly #own = new Set<string>()
  readonly #ofSessions = new Set<string>()
  #clientName: string | undefined

  /** `env` may name the session of the client that has started this. */
  constructor(config: Config, env: Env = {}) {
    this.#config = config
    this.#here = findWorkspace(config.root ?? workingFolder(), config.project)
    this.#sessions = HOOK_CLIENTS.flatMap((client) => {
      const id = client.sessionVariable && env[client.sessionVariable]
      return id ? [{ client, id }] : []
    })
  }

  readonly callerOf = async (request: McpRequest): Promise<Caller> => {
    this.#clientName = request.clientName
    const { root } = this.#config
    return {
      agentId: this.#agentIn(request.meta) ?? this.#agent(),
      stays: true,
      workspace: root === undefined ? this.#workspaceOf(await request.clientRoot()) : this.#here,
    }
  }

  /** The agents that only this connection can have been: no other connection knows their names. */
  get own(): ReadonlySet<string> {
    return this.#own
  }

  /** The agents that a session of the client is over this connection; its hooks are the same ones. */
  get sessions(): ReadonlySet<string> {
    return this.#ofSessions
  }

  /** The agent of this connection, where a hook's question is of the session that it belongs to. */
  link({ client_pid, payload }: Asked, parent: number): string | undefined {
    const isChild = client_pid !== undefined && client_pid === parent
    const session = this.#session()
    const isSession = session !== undefined && payload.slice(0, SEEN_CHARACTERS).includes(session.id)
    return isChild || isSession ? this.#agent() : undefined
  }

  #agent(): string {
    const session = this.#session()
    if (this.#config.agentId !== undefined) return this.#config.agentId
    if (session) return this.#ofSession(sessionAgentId(session.client.id, session.id, digest))
    const name = `${shortName(this.#clientName)}-${this.#random}`
    this.#own.add(name)
    return name
  }

  /** Codex names the session and the sub-agent with every call, and has one server for each of its agents. */
  #agentIn({ sessionId, threadId }: Readonly<Record<string, unknown>>): string | undefined {
    if (this.#config.agentId !== undefined || !this.#clientName?.startsWith('codex')) return undefined
    if (typeof sessionId !== 'string') return undefined
    const main = sessionAgentId('codex', sessionId, digest)
    const thread = typeof threadId === 'string' && threadId !== sessionId ? threadId : null
    return this.#ofSession(subAgentId(main, thread, digest))
  }

  #ofSession(agentId: string): string {
    this.#ofSessions.add(agentId)
    return agentId
  }

  /** Variables are inherited: a client that another one has started must not pass for that one. */
  #session(): ClientSession | undefined {
    const name = this.#clientName?.toLowerCase() ?? ''
    return this.#sessions.find(({ client }) => name.includes(client.id.split('-')[0] ?? client.id))
  }

  #workspaceOf(root: string | undefined): Workspace {
    if (root === undefined) return this.#here
    const workspace = this.#known.get(root) ?? workspaceAt(root, this.#config.project) ?? this.#here
    this.#known.set(root, workspace)
    return workspace
  }
}

/** A payload names its session in its first lines. */
const SEEN_CHARACTERS = 4_096

/** The client may name a folder that is not there, or not ours to read. */
function workspaceAt(root: string, project: string | undefined): Workspace | undefined {
  try {
    return findWorkspace(root, project)
  } catch {
    return undefined
  }
}

function shortName(clientName = 'client'): string {
  return clientName.trim().slice(0, 200).toWellFormed().replaceAll('\0', '') || 'client'
}
