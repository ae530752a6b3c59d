import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'
import { instant } from './instant.ts'
import { idText, text } from './text/text.ts'

/** Limits of what one vote may hold. A vote is an answer to be compared, not a document. */
export const VOTE_LIMITS = {
  taskBytes: 512,
  valueBytes: 16_384,
  valueDepth: 64,
  reasoningBytes: 16_384,
} as const

/** One agent's vote on one task; voting again replaces it. */
export const voteSchema = z.strictObject({
  task_id: text(VOTE_LIMITS.taskBytes).min(1),
  agent_id: idText,
  vote_value: z.unknown().describe('The value as it was given'),
  confidence: z.number().min(0).max(1).nullable(),
  reasoning: text(VOTE_LIMITS.reasoningBytes).nullable(),
  created_at: instant,
  updated_at: instant.describe('When the vote was given or replaced'),
})

export type Vote = DeepReadonly<z.output<typeof voteSchema>>

/** A vote as it is kept and exported: with the scope that its task is one of. */
export const scopedVoteSchema = voteSchema.extend({ scope_id: idText.nullable().default(null) })

export type ScopedVote = DeepReadonly<z.output<typeof scopedVoteSchema>>

/** A question by its name, which is one of its scope: those of two projects have nothing to do with each other. */
export interface Task {
  readonly scopeId: string
  readonly taskId: string
}

/** How many agents stand behind one value. Values are equal when their canonical JSON is. */
export interface TallyRow {
  readonly value: unknown
  readonly votes: number
}

/** What must hold for a consensus. */
export interface ConsensusRule {
  /** How many votes the winner must be ahead of every other value. */
  readonly k: number
  /** How many votes there must be at all. */
  readonly quorum: number
}

export interface Consensus {
  readonly has_consensus: boolean
  /** Only with a consensus; may be null, which is a value like any other. */
  readonly winning_value?: unknown
  readonly votes: number
  /** Votes of the leading value less those of the next one; 0 in a tie. */
  readonly margin: number
}

/** The value that was answered first as the one ahead: it has won. */
export interface Decision {
  /** The value as canonical JSON. */
  readonly canonical: string
  readonly decided_at: string
}

/** The value that is ahead of every other by k, once enough have voted. With k ≥ 1 there is never more than one. */
export function consensus(tally: readonly TallyRow[], { k, quorum }: ConsensusRule): Consensus {
  const votes = tally.reduce((sum, row) => sum + row.votes, 0)
  const [leader, next] = tally.toSorted((a, b) => b.votes - a.votes)
  if (!leader) return { has_consensus: false, votes, margin: 0 }
  const margin = leader.votes - (next?.votes ?? 0)
  if (margin < k || votes < quorum) return { has_consensus: false, votes, margin }
  return { has_consensus: true, winning_value: leader.value, votes, margin }
}

/** True when arrays and objects are nested at most `limit` deep. Walks without recursion: the value may be hostile. */
export function isWithinDepth(value: unknown, limit: number): boolean {
  let level = [value].filter(isContainer)
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > limit) return false
    level = level.flatMap((part) => Object.values(part).filter(isContainer))
  }
  return true
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
