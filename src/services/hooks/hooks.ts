import { isAbsolute } from 'node:path'
import { type Clock, isoTime } from '../../domain/clock.ts'
import { sessionAgentId, subAgentId } from '../../domain/hooks/agent.ts'
import { showsContext } from '../../domain/hooks/answer.ts'
import type { HookDecision, HookEvent } from '../../domain/hooks/event.ts'
import type { HookCall } from '../../domain/hooks/read.ts'
import { violationText } from '../../domain/hooks/rules.ts'
import { ownToolName, toolReads, toolWrites, toolWrote } from '../../domain/hooks/writes.ts'
import type { Lease } from '../../domain/leases/lease.ts'
import type { Arrivals } from '../agents/arrivals.ts'
import type { Notices } from '../agents/notices.ts'
import type { Refusals } from '../agents/refusals.ts'
import type { HolderRequest, Leases } from '../leases/leases.ts'
import type { Contexts } from '../reading/contexts.ts'
import type { Caller, Workspace } from '../running/caller.ts'
import { findWorkspace } from '../workspace/workspace.ts'
import { HookLocks, type Writer } from './hook-locks.ts'
import type { HookRules } from './hook-rules.ts'
import { leaveWord, offerOfLast } from './last-session.ts'
import { digest, SessionMemory } from './session-memory.ts'
import { isFirstMisread, memoryOf, onTrouble } from './trouble.ts'
import { absolutePaths, writtenFiles } from './written-files.ts'

export interface HookSettings {
  /** The agent's id, where one is set for all hooks. */
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
  readonly arrivals: Arrivals
  readonly notices: Notices
  readonly refusals: Refusals
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

const LOCK_TOOL = 'memory_file_lock'
/** The answer names at most so many of the rules that one call breaks. */
const MOST_VIOLATIONS = 3

/** What a client's hooks ask: may this tool run, what is to be known, what is to be given back. */
export class Hooks {
  readonly #locks: HookLocks
  readonly #contexts: Contexts
  readonly #rules: HookRules
  readonly #arrivals: Arrivals
  readonly #notices: Notices
  readonly #refusals: Refusals
  readonly #clock: Clock
  readonly #settings: HookSettings

  constructor({ leases, contexts, rules, arrivals, notices, refusals, clock, settings }: HookParts) {
    this.#locks = new HookLocks(leases)
    this.#contexts = contexts
    this.#rules = rules
    this.#arrivals = arrivals
    this.#notices = notices
    this.#refusals = refusals
    this.#clock = clock
    this.#settings = settings
  }

  /** The decision. Whatever is broken lets the work go on and is said once in a session, unless the project wants it otherwise. */
  async run(event: HookEvent, place: HookPlace): Promise<HookDecision> {
    const memory = memoryOf(this.#settings.folder, event)
    try {
      const session = this.#session(event, place, memory)
      if (!event.kind.endsWith('-end')) await this.#arrivals.note({ ...session.caller, stays: true })
      return await this.#told(session, await this.#decide(session))
    } catch (error) {
      return onTrouble(event, { memory, error, failClosed: place.failClosed || this.#settings.failClosed })
    }
  }

  /** Whether it is to be said that a payload was not understood, and why: once in a session. */
  isFirstMisread(call: HookCall, why: string): boolean {
    return isFirstMisread(this.#settings.folder, call, why)
  }

  /** An agent's own checkin, of which its hooks are to know. */
  checkin(caller: Caller, request: HolderRequest): Promise<readonly Lease[]> {
    return this.#locks.checkin(caller, request, SessionMemory.all(this.#settings.folder))
  }

  /** The decision, with what the agent should know, where its client shows that to the model. */
  async #told({ event, caller }: Session, decision: HookDecision): Promise<HookDecision> {
    if (!showsContext(event) && decision.block === undefined) return decision
    const notice = await this.#notices.peek(caller)
    if (!notice || !(await notice.claim())) return decision
    const told = notice.texts.map((text) => `agent-memory: ${text}`).join('\n')
    if (decision.block !== undefined) return { ...decision, block: `${decision.block}\n${told}` }
    return { ...decision, context: decision.context ? `${decision.context}\n\n${told}` : told }
  }

  #session(event: HookEvent, { projectDir, linkedAgent }: HookPlace, memory: SessionMemory): Session {
    const main = mainAgent(this.#settings, event)
    const workspace = workspaceOf([projectDir, event.cwd], this.#settings.project)
    const caller = { agentId: subAgentId(main, event.subAgent, digest), workspace }
    const namesakes = () => (this.#settings.agentId === undefined ? [] : memory.others())
    if (linkedAgent !== undefined && linkedAgent !== caller.agentId) memory.addAlias(linkedAgent)
    const aliases = memory.aliases()
    return { event, main, caller, memory, aliases, namesakes, keepAlive: linkedAgent !== undefined }
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
        return this.#end(
          session,
          session.event.subAgent === null
            ? [session.main, ...session.memory.agents()]
            : [session.caller.agentId],
        )
      case 'prompt':
        return {}
    }
  }

  /** Rules first: a write that breaks one takes no lock. */
  async #before(session: Session): Promise<HookDecision> {
    const { event, caller } = session
    if (ownToolName(event) !== undefined) return this.#asAgent(session)
    // Noted before it is read: what is written meanwhile counts as changed since.
    const read = toolReads(event)
    if (read.length > 0) await this.#locks.see(session, absolutePaths(event, read))
    const { texts, ...given } = toolWrites(event)
    const { paths, real, folders } = writtenFiles(event, caller, given)
    const violations = await this.#rules.violations(caller, {
      paths: [...new Set([...paths, ...real])],
      texts,
    })
    const told = violations.slice(0, MOST_VIOLATIONS).map(violationText).join('\n\n')
    const blocking = violations.filter(({ rule }) => rule.enforce === 'block').map(({ rule }) => rule.id)
    if (blocking.length > 0) {
      this.#refusals.toolBlocked(caller.agentId, event.tool?.name.slice(0, 64) ?? '', blocking)
      return { block: told }
    }
    const warning = told === '' ? {} : { context: told }
    if (real.length + folders.length === 0) return warning
    const purpose = `${event.tool?.name.slice(0, 64) ?? 'edit'} in ${event.client.title}`
    const block = await this.#locks.take(session, { paths: real, folders, purpose })
    return block === undefined ? warning : { block }
  }

  /**
   * A call of one of our own tools, as the agent that the hooks lock for; an agent that names itself in the
   * call is remembered as another name of it.
   */
  async #asAgent(session: Session): Promise<HookDecision> {
    const { event, caller, memory } = session
    const { agent_id, agentId, ...rest } = event.tool?.input ?? {}
    const asked = { paths: lockPaths(event), action: rest['action'] }
    const isOfHooks = await this.#locks.prepareCall(session, asked)
    const named = agent_id ?? agentId
    if (typeof named !== 'string' || named === '' || isOfHooks)
      return named === caller.agentId ? {} : { input: { ...rest, agent_id: caller.agentId } }
    if (named !== caller.agentId) memory.addAlias(named)
    return {}
  }

  async #after(session: Session): Promise<HookDecision> {
    const { event } = session
    const written = toolWrote(event)
    if (written.length > 0) await this.#locks.see(session, absolutePaths(event, written))
    await this.#locks.renew(session)
    return {}
  }

  async #start({ caller }: Session): Promise<HookDecision> {
    const { contextTokens, folder } = this.#settings
    SessionMemory.clean(folder, this.#clock.now())
    const beyond = await this.#rules.beyond(caller)
    const notice = beyond.length > 0 ? { notice: beyondText(beyond) } : {}
    const offer = caller.workspace ? offerOfLast(folder, caller.workspace.pathRoot) : undefined
    if (contextTokens === 0) return notice
    const { context } = await this.#contexts.pack(caller, {
      token_budget: contextTokens,
      format: 'markdown',
      inherit: true,
    })
    const told = [context, offer].filter(Boolean).join('\n\n')
    return { ...notice, ...(told && { context: told }) }
  }

  async #end({ caller, main, memory, event }: Session, agents: readonly string[]): Promise<HookDecision> {
    for (const agentId of new Set(agents)) await this.#locks.giveBack({ ...caller, agentId }, memory)
    if (event.kind === 'session-end') {
      for (const agentId of new Set(agents)) await this.#arrivals.leave(agentId)
      if (main === caller.agentId) this.#endSession(caller, memory)
    }
    return {}
  }

  #endSession({ agentId, workspace }: Caller, memory: SessionMemory): void {
    if (workspace) {
      const endedAt = isoTime(this.#clock.now())
      leaveWord(this.#settings.folder, workspace.pathRoot, { agentId, endedAt, files: memory.written() })
    }
    memory.forget()
  }
}

/** Said at the start: a rule that is not looked for must not pass for one that is. */
function beyondText(beyond: readonly (readonly [name: string, pattern: string])[]): string {
  const shown = beyond
    .slice(0, 5)
    .map(([name, pattern]) => `${JSON.stringify(pattern)} of ${JSON.stringify(name)}`)
  return `agent-memory: not looked for, since it could take for ever or is no pattern: ${shown.join(', ')}. Use plain globs, and expressions without look-around and back-references.`
}

/** The session as an agent, by its hooks and its server alike. */
function mainAgent({ agentId }: HookSettings, { client, sessionId }: HookEvent): string {
  return agentId ?? sessionAgentId(client.id, sessionId, digest)
}

/** The files that a call of our lock tool names; none for one of another tool. */
function lockPaths(event: HookEvent): string[] {
  if (ownToolName(event) !== LOCK_TOOL) return []
  const { file_path, filePath, file_paths, filePaths } = event.tool?.input ?? {}
  return [file_path, filePath, file_paths, filePaths].flat().filter((path) => typeof path === 'string')
}

/** The first of the folders that is there. */
function workspaceOf(
  folders: readonly (string | undefined)[],
  project: string | undefined,
): Workspace | null {
  for (const folder of folders) {
    try {
      if (folder !== undefined && isAbsolute(folder))
        return { ...findWorkspace(folder, project), isExact: true }
    } catch {
      // Gone, or not ours to read.
    }
  }
  return null
}
