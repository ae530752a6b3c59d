import { type Clock, isoTime, isoTimeAfter } from '../domain/clock.ts'
import type { Change } from '../domain/event.ts'
import { badCursor, cutPage, decodeNumberCursor, decodeTextCursor, encodeCursor } from '../domain/page.ts'
import { type Scope, type ScopeRef, scopeRef } from '../domain/scope.ts'
import { canonicalJson } from '../domain/text/canonical-json.ts'
import {
  type Consensus,
  type ConsensusRule,
  consensus,
  type TallyRow,
  type Task,
  type Vote,
} from '../domain/voting.ts'
import type { Store } from '../store/store.ts'
import {
  findDecision,
  findVote,
  listDissent,
  listVotes,
  listVoteTasks,
  putDecision,
  putVote,
  scopesWithVotes,
  tallyVotes,
  type VoteStats,
  type VoteTask,
  voteStats,
} from '../store/votes.ts'
import type { Sight } from './access/sight.ts'
import type { Caller, ScopeArgument } from './running/caller.ts'
import type { Scopes } from './scopes/scopes.ts'

/** What an agent says of one task. */
export interface Ballot {
  readonly task_id: string
  readonly vote_value: unknown
  readonly confidence?: number | undefined
  readonly reasoning?: string | undefined
}

interface AskedTask extends ScopeArgument {
  readonly task_id: string
}

/** A task as answers name it. */
interface NamedTask extends ScopeRef {
  readonly task_id: string
}

interface PageRequest {
  readonly limit: number
  readonly cursor?: string | undefined
}

export interface ConsensusAnswer extends NamedTask, Consensus, Tally {
  /** Votes since then are recorded, and flip nothing. */
  readonly decided_at?: string
  /** Who stands behind another value now, and why. */
  readonly dissent?: readonly Pick<Vote, 'agent_id' | 'vote_value' | 'reasoning'>[]
}

const SHOWN_DISSENT = 100

/** How many different values an answer lists; there is no end to what agents may say. */
const SHOWN_VALUES = 100

interface VoteParts {
  readonly scopes: Scopes
  readonly sight: Sight
  readonly clock: Clock
}

/** Agents voting on tasks. A task is a name that they agree on, in the global scope unless they name another: the same name in two scopes is two tasks. */
export class Votes {
  readonly #store: Store
  readonly #scopes: Scopes
  readonly #sight: Sight
  readonly #clock: Clock

  constructor(store: Store, { scopes, sight, clock }: VoteParts) {
    this.#store = store
    this.#scopes = scopes
    this.#sight = sight
    this.#clock = clock
  }

  /** Keeps the caller's vote; `replaced` says whether there was one before. */
  async record(
    caller: Caller,
    where: ScopeArgument,
    ballot: Ballot,
  ): Promise<Vote & ScopeRef & { replaced: boolean }> {
    return this.#store.write(async (unit) => {
      const { db, record } = unit
      const [scope] = await this.#scopes.chainForWrite(unit, caller, scopeOfTask(where))
      if (!scope) throw new RangeError('a scope chain is never empty')
      const task = { scopeId: scope.id, taskId: ballot.task_id }
      const at = this.#clock.now()
      const now = isoTime(at)
      const earlier = await findVote(db, task, caller.agentId)
      const vote: Vote = {
        task_id: ballot.task_id,
        agent_id: caller.agentId,
        vote_value: ballot.vote_value,
        confidence: ballot.confidence ?? null,
        reasoning: ballot.reasoning ?? null,
        created_at: earlier?.created_at ?? now,
        updated_at: earlier ? isoTimeAfter(earlier.updated_at, at) : now,
      }
      await putVote(db, task, vote)
      record({ ...ofTask(scope, vote.task_id), type: 'vote.recorded', agentId: caller.agentId })
      return { ...vote, ...scopeRef(scope), replaced: earlier !== undefined }
    })
  }

  /**
   * The first value that was found ahead by this rule, and the votes against it; the rest is of the votes as they
   * stand now. A caller that may vote decides by asking. What nobody may decide, or a database that cannot be
   * written to cannot keep, is answered without `decided_at`.
   */
  async consensus(caller: Caller, asked: AskedTask, rule: ConsensusRule): Promise<ConsensusAnswer> {
    const { task, named, chain } = await this.#find(caller, asked)
    const known = await this.#standing(task, rule)
    // What is answered as a consensus is one from then on: kept before it is said.
    if (!known.has_consensus || known.decided_at !== undefined || !mayVote(caller, chain))
      return { ...named, ...known }
    try {
      await this.#decide(caller, { task, scope: chain[0] }, rule)
    } catch (error) {
      if (!this.#store.isReadOnly(error)) throw error
      return { ...named, ...known }
    }
    return { ...named, ...(await this.#standing(task, rule)) }
  }

  /** Keeps the value that is ahead, unless another process has been first or the votes have changed. */
  async #decide(
    { agentId }: Caller,
    { task, scope }: { task: Task; scope: Scope },
    rule: ConsensusRule,
  ): Promise<void> {
    await this.#store.write(async ({ db, record }) => {
      const { has_consensus, winning_value } = consensus(await tallyVotes(db, task), rule)
      if (!has_consensus || (await findDecision(db, task, rule))) return
      const decision = { canonical: canonicalJson(winning_value), decided_at: isoTime(this.#clock.now()) }
      await putDecision(db, task, { ...rule, ...decision })
      record({ ...ofTask(scope, task.taskId, { ...rule }), type: 'vote.decided', agentId })
    })
  }

  async #standing(task: Task, rule: ConsensusRule): Promise<Omit<ConsensusAnswer, keyof NamedTask>> {
    return this.#store.snapshot(async (db) => {
      const tally = await tallyVotes(db, task)
      const now = { ...consensus(tally, rule), ...shown(tally) }
      const decision = await findDecision(db, task, rule)
      if (!decision) return now
      const { canonical, decided_at } = decision
      const dissent = await listDissent(db, task, { canonical, limit: SHOWN_DISSENT })
      return {
        ...now,
        has_consensus: true,
        winning_value: JSON.parse(canonical) as unknown,
        decided_at,
        dissent: dissent.map(({ agent_id, vote_value, reasoning }) => ({ agent_id, vote_value, reasoning })),
      }
    })
  }

  async list(
    caller: Caller,
    { limit, cursor, ...asked }: AskedTask & PageRequest,
  ): Promise<NamedTask & { votes: Vote[]; next_cursor?: string }> {
    const { task, named } = await this.#find(caller, asked)
    const afterAgent = decodeTextCursor(cursor)
    const rows = await this.#store.read((db) => listVotes(db, { ...task, afterAgent, limit: limit + 1 }))
    const { page, next } = cutPage(rows, limit, (vote) => vote.agent_id)
    return { ...named, votes: page, ...next }
  }

  /** What is voted on, the latest vote first: in that scope, else in all those that the caller may read. */
  async tasks(
    caller: Caller,
    { limit, cursor, ...where }: ScopeArgument & PageRequest,
  ): Promise<{ tasks: (VoteTask & Tally)[]; next_cursor?: string }> {
    const offset = cursor === undefined ? 0 : decodeNumberCursor(cursor)
    if (offset < 0) throw badCursor()
    const scopeIds = isNamed(where) ? [(await this.#chain(caller, where))[0].id] : await this.#seen(caller)
    return this.#store.snapshot(async (db) => {
      const found = await listVoteTasks(db, { scopeIds, offset, limit: limit + 1 })
      const tasks: (VoteTask & Tally)[] = []
      for (const { scopeId, taskId, ...task } of found.slice(0, limit))
        tasks.push({ ...task, ...shown(await tallyVotes(db, { scopeId, taskId })) })
      const next = found.length > limit ? { next_cursor: encodeCursor([offset + limit]) } : {}
      return { tasks, ...next }
    })
  }

  /** Counts over one task with its tally, over the tasks of a scope, or over all there are. */
  async stats(
    caller: Caller,
    { task_id, ...where }: ScopeArgument & { task_id?: string | undefined },
  ): Promise<VoteStats & Partial<Tally & NamedTask>> {
    if (task_id === undefined && !isNamed(where)) return this.#store.read((db) => voteStats(db, {}))
    if (task_id === undefined) {
      const [scope] = await this.#chain(caller, where)
      return { ...scopeRef(scope), ...(await this.#store.read((db) => voteStats(db, { scopeId: scope.id }))) }
    }
    const { task, named } = await this.#find(caller, { task_id, ...where })
    return this.#store.snapshot(async (db) => {
      const stats = await voteStats(db, task)
      return { ...named, ...stats, ...shown(await tallyVotes(db, task)) }
    })
  }

  async #chain(caller: Caller, where: ScopeArgument): Promise<readonly [Scope, ...Scope[]]> {
    const [scope, ...wider] = await this.#scopes.chainForRead(caller, scopeOfTask(where))
    if (!scope) throw new RangeError('a scope chain is never empty')
    return [scope, ...wider]
  }

  async #find(caller: Caller, { task_id, ...where }: AskedTask) {
    const chain = await this.#chain(caller, where)
    const task: Task = { scopeId: chain[0].id, taskId: task_id }
    const named: NamedTask = { task_id, ...scopeRef(chain[0]) }
    return { task, named, chain }
  }

  async #seen(caller: Caller): Promise<readonly string[]> {
    const all = await this.#store.read(scopesWithVotes)
    return this.#sight.of(caller, all, (id, places) => places.at(id, null))
  }
}

/** The scope that a call about votes means. Agents of several projects agree on a task by its name alone: unnamed it is the global one. */
export function scopeOfTask({ scope_type, scope_id }: ScopeArgument): ScopeArgument {
  return isNamed({ scope_type, scope_id }) ? { scope_type, scope_id } : { scope_type: 'global' }
}

function isNamed({ scope_type, scope_id }: ScopeArgument): boolean {
  return scope_type !== undefined || scope_id !== undefined
}

interface Tally {
  readonly tally: readonly TallyRow[]
  /** How many different values there are, also those that the tally leaves out. */
  readonly values: number
}

function mayVote({ rights }: Caller, chain: readonly Scope[]): boolean {
  return rights === undefined || rights.allows('write', chain, null)
}

/** What events of a task have in common. */
export function ofTask(
  { type, id }: Pick<Scope, 'type' | 'id'>,
  task_id: string,
  more: object = {},
): Omit<Change, 'type' | 'agentId'> {
  return { scope: { type, id }, detail: { task_id, ...more }, scopeKeys: [] }
}

function shown(tally: readonly TallyRow[]): Tally {
  return { tally: tally.slice(0, SHOWN_VALUES), values: tally.length }
}
