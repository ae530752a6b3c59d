import { type Clock, isoTime } from '../domain/clock.ts'
import { cutPage, decodeTextCursor } from '../domain/page.ts'
import { GLOBAL_SCOPE_ID } from '../domain/scope.ts'
import { type Consensus, type ConsensusRule, consensus, type TallyRow, type Vote } from '../domain/voting.ts'
import type { Store } from '../store/store.ts'
import { findVote, listVotes, putVote, tallyVotes, type VoteStats, voteStats } from '../store/votes.ts'
import type { Caller } from './running/caller.ts'

/** What an agent says of one task. */
export interface Ballot {
  readonly task_id: string
  readonly vote_value: unknown
  readonly confidence?: number | undefined
  readonly reasoning?: string | undefined
}

/** How many different values an answer lists; there is no end to what agents may say. */
const SHOWN_VALUES = 100

/** Agents voting on tasks. A task is a name that they agree on: it belongs to no scope. */
export class Votes {
  readonly #store: Store
  readonly #clock: Clock

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** Keeps the caller's vote; `replaced` says whether there was one before. */
  async record(caller: Caller, ballot: Ballot): Promise<Vote & { replaced: boolean }> {
    return this.#store.write(async ({ db, record }) => {
      const now = isoTime(this.#clock.now())
      const earlier = await findVote(db, ballot.task_id, caller.agentId)
      const vote: Vote = {
        task_id: ballot.task_id,
        agent_id: caller.agentId,
        vote_value: ballot.vote_value,
        confidence: ballot.confidence ?? null,
        reasoning: ballot.reasoning ?? null,
        created_at: earlier?.created_at ?? now,
        updated_at: now,
      }
      await putVote(db, vote)
      record({
        type: 'vote.recorded',
        scope: { type: 'global', id: GLOBAL_SCOPE_ID },
        detail: { task_id: vote.task_id },
        scopeKeys: [],
        agentId: caller.agentId,
      })
      return { ...vote, replaced: earlier !== undefined }
    })
  }

  /** Whether the votes, as they stand now, agree on a value. */
  async consensus(taskId: string, rule: ConsensusRule): Promise<Consensus & Tally & { task_id: string }> {
    const tally = await this.#store.read((db) => tallyVotes(db, taskId))
    return { task_id: taskId, ...consensus(tally, rule), ...shown(tally) }
  }

  async list(
    taskId: string,
    { limit, cursor }: { limit: number; cursor?: string | undefined },
  ): Promise<{ task_id: string; votes: Vote[]; next_cursor?: string }> {
    const afterAgent = decodeTextCursor(cursor)
    const rows = await this.#store.read((db) => listVotes(db, { taskId, afterAgent, limit: limit + 1 }))
    const { page, next } = cutPage(rows, limit, (vote) => vote.agent_id)
    return { task_id: taskId, votes: page, ...next }
  }

  /** Counts over one task with its tally, or over all tasks without one. */
  async stats(taskId: string | undefined): Promise<VoteStats & Partial<Tally> & { task_id?: string }> {
    if (taskId === undefined) return this.#store.read((db) => voteStats(db, null))
    return this.#store.snapshot(async (db) => {
      const stats = await voteStats(db, taskId)
      return { task_id: taskId, ...stats, ...shown(await tallyVotes(db, taskId)) }
    })
  }
}

interface Tally {
  readonly tally: readonly TallyRow[]
  /** How many different values there are, also those that the tally leaves out. */
  readonly values: number
}

function shown(tally: readonly TallyRow[]): Tally {
  return { tally: tally.slice(0, SHOWN_VALUES), values: tally.length }
}
