import type { Operation } from '../define.ts'
import { getConsensus } from './get-consensus.ts'
import { getStats } from './get-stats.ts'
import { listVotes } from './list-votes.ts'
import { recordVote } from './record-vote.ts'

export const VOTING_OPERATIONS: readonly Operation[] = [recordVote, getConsensus, listVotes, getStats]
