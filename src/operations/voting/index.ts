import type { ListedOperation } from '../define.ts'
import { getConsensus } from './get-consensus.ts'
import { getStats } from './get-stats.ts'
import { listTasks } from './list-tasks.ts'
import { listVotes } from './list-votes.ts'
import { recordVote } from './record-vote.ts'

export const VOTING_OPERATIONS = [
  recordVote,
  getConsensus,
  listVotes,
  listTasks,
  getStats,
] as const satisfies readonly ListedOperation[]
