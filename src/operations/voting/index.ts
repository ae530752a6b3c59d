import type { ListedOperation } from '../define.ts'
import { getConsensus } from './get-consensus.ts'
import { getStats } from './get-stats.ts'
import { listVotes } from './list-votes.ts'
import { recordVote } from './record-vote.ts'

export const VOTING_OPERATIONS: readonly ListedOperation[] = [recordVote, getConsensus, listVotes, getStats]
