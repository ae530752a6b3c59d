import { isAbsolute, resolve } from 'node:path'
import type { Clock } from '../../domain/clock.ts'
import { sessionAgentId, subAgentId } from '../../domain/hooks/agent.ts'
import type { HookDecision, HookEvent } from '../../domain/hooks/event.ts'
import { violationText } from '../../domain/hooks/rules.ts'
import { ownToolName, toolReads, toolWrites, toolWrote } from '../../domain/hooks/writes.ts'
import type { Leases } from '../leases/leases.ts'
import type { Contexts } from '../reading/contexts.ts'
import type { Workspace } from '../running/caller.ts'
import { findWorkspace } from '../running/workspace.ts'
import { HookLocks, type Writer } from './hook-locks.ts'
import type { HookRules } from './hook-rules.ts'
import { digest, SessionMemory } from './session-memory.ts'
import { memoryOf, onTrouble } from './trouble.ts'

export interface HookSettings {
  /** Who calls, where that is set for all. */
  readonly agentId: string | undefined
  readonly project: string | undefined
  /** Where what hooks know of their session is kept. */
  readonly folder: string
  readonly keep: 'turn' | 'session'
  readonly failClosed: boolean
  /** Of what a session reads first; 0 for nothing. */
  readonly contextTokens: number
}

interface HookParts {
  readonly leases: Leases
  readonly contexts: Contexts
  readonly rules: HookRules
  readonly clock: Clock
  readonly settings: HookSettings
}

/** Where a hook was called. */
export interface HookPlace {
  /** The folder that the client was started in, where it says so: its working directory follows the model's `cd`. */
  readonly projectDir?: string | undefined
  /** Instead of the setting. */
  readonly failClosed?: boolean | undefined
  /** The agent that this process' own server calls are made as, where it belongs to the session. */
  readonly linkedAgent?: string | undefined
}

export interface Session extends Writer {
  readonly event: HookEvent
}

/** Of what one call breaks so many are told at once. */
const MOST_VIOLATIONS = 3

/** What a client's hooks ask: may this tool run, what is to be known, what is to be given back. */
export class Hooks {
  readonly #locks: HookLocks
  readonly #contexts: Contexts
  readonly #rules: HookRules
  readonly #clock: Clock
  readonly #settings: HookSettings

  constructor({ leases, contexts, rules, clock, settings }: HookParts) {
    this.#locks = new HookLocks(leases)
    this.#contexts = contexts
    this.#rules = rules
    this.#clock = clock
    this.#settings = settings
  }

  /** The decision. Whatever is broken lets the work go on and is said once in a session, unless the project wants it otherwise. */
  async run(event: HookEvent, place: HookPlace): Promise<HookDecision> {
    const memory = memoryOf(this.#settings.folder, event)
    try {
      return await this.#decide(this.#session(event, place, memory))
    } catch (error) {
      return onTrouble(event, { memory, error, failClosed: place.failClosed || this.#settings.failClosed })
    }
  }

  #session(event: HookEvent, { projectDir, linkedAgent }: HookPlace, memory: SessionMemory): Session {
    const main = mainAgent(this.#settings, event)
    const workspace = workspaceOf([projectDir, event.cwd], this.#settings.project)
    const caller = { agentId: subAgentId(main, event.subAgent, digest), workspace }
    if (linkedAgent !== undefined && linkedAgent !== caller.agentId) memory.addAlias(linkedAgent)
    return { event, main, caller, memory, aliases: memory.aliases(), keepAlive: linkedAgent !== undefined }
  }

  #decide(session: Session): HookDecision | Promise<HookDecision> {
    switch (session.event.kind) {
      case 'tool-before':
        return this.#before(session)
      case 'tool-after':
        return this.#after(session)
      case 'session-start':
        return this.#start(session)
      case 'turn-end':
        return this.#settings.keep === 'turn' ? this.#end(session, [session.caller.agentId]) : {}
      case 'agent-end':
        return this.#end(session, [session.caller.agentId])
      case 'session-end':
        return this.#end(session, [session.main, ...session.memory.agents()])
      case 'prompt':
        return {}
    }
  }

  /** Rules first: a write that breaks one takes no lock. */
  async #before(session: Session): Promise<HookDecision> {
    const { event, caller } = session
    if (ownToolName(event) !== undefined) return asAgent(session)
    // Noted before it is read: what is written meanwhile counts as changed since.
    const read = toolReads(event)
    if (read.length > 0) await this.#locks.see(session, absolutePaths(event, read))
    const { paths: given, texts } = toolWrites(event)
    const paths = absolutePaths(event, given)
    const violations = await this.#rules.violations(caller, { paths, texts })
    const told = violations.slice(0, MOST_VIOLATIONS).map(violationText).join('\n\n')
    if (violations.some(({ rule }) => rule.enforce === 'block')) return { block: told }
    const warning = told === '' ? {} : { context: told }
    if (paths.length === 0) return warning
    const purpose = `${event.tool?.name.slice(0, 64) ?? 'edit'} in ${event.client.title}`
    const block = await this.#locks.take(session, { paths, purpose })
    return block === undefined ? warning : { block }
  }

  async #after(session: Session): Promise<HookDecision> {
    const { event } = session
    const written = toolWrote(event)
    if (written.length > 0) await this.#locks.see(session, absolutePaths(event, written))
    if (toolWrites(event).paths.length > 0) await this.#locks.renew(session)
    return {}
  }

  async #start({ caller }: Session): Promise<HookDecision> {
    const { contextTokens, folder } = this.#settings
    SessionMemory.clean(folder, this.#clock.now())
    const beyond = await this.#rules.beyond(caller)
    const notice = beyond.length > 0 ? { notice: beyondText(beyond) } : {}
    if (contextTokens === 0) return notice
    const { context, included } = await this.#contexts.pack(caller, {
      token_budget: contextTokens,
      format: 'markdown',
      inherit: true,
    })
    return { ...notice, ...(context && included.length > 0 && { context }) }
  }

  async #end({ caller, main, memory, event }: Session, agents: readonly string[]): Promise<HookDecision> {
    for (const agentId of new Set(agents)) await this.#locks.giveBack({ ...caller, agentId }, memory)
    if (event.kind === 'session-end' && main === caller.agentId) memory.forget()
    return {}
  }
}

/** Said at the start: a rule that is not looked for must not pass for one that is. */
function beyondText(beyond: readonly (readonly [name: string, pattern: string])[]): string {
  const shown = beyond
    .slice(0, 5)
    .map(([name, pattern]) => `${JSON.stringify(pattern)} of ${JSON.stringify(name)}`)
  return `agent-memory: not looked for, since it could take for ever or is no pattern: ${shown.join(', ')}. Use plain globs, and expressions without look-around and back-references.`
}

function absolutePaths({ cwd }: HookEvent, paths: readonly string[]): string[] {
  return paths.map((path) => (isAbsolute(path) ? path : resolve(cwd, path)))
}

/** The session as an agent, by its hooks and its server alike. */
function mainAgent({ agentId }: HookSettings, { client, sessionId }: HookEvent): string {
  return agentId ?? sessionAgentId(client.id, sessionId, digest)
}

/** A call of one of our own tools, as the agent that the hooks lock for; one who names itself is remembered as another name of it. */
function asAgent({ event: { tool }, caller, memory }: Session): HookDecision {
  const named = tool?.input['agent_id'] ?? tool?.input['agentId']
  if (typeof named === 'string' && named !== '') {
    if (named !== caller.agentId) memory.addAlias(named)
    return {}
  }
  return { input: { ...tool?.input, agent_id: caller.agentId } }
}

/** The first of the folders that is there. */
function workspaceOf(
  folders: readonly (string | undefined)[],
  project: string | undefined,
): Workspace | null {
  for (const folder of folders) {
    try {
      if (folder !== undefined && isAbsolute(folder)) return findWorkspace(folder, project)
    } catch {
      // Gone, or not ours to read.
    }
  }
  return null
}
