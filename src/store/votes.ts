import type { Selectable } from 'kysely'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { TallyRow, Vote } from '../domain/voting.ts'
import type { Reader, Writer } from './access.ts'
import type { VoteRow } from './schema.ts'

export function toVote({ canonical: _canonical, ...row }: Selectable<VoteRow>): Vote {
  return { ...row, vote_value: JSON.parse(row.vote_value) as unknown }
}

export async function findVote(db: Reader, taskId: string, agentId: string): Promise<Vote | undefined> {
  const row = await db
    .selectFrom('vote')
    .selectAll()
    .where('task_id', '=', taskId)
    .where('agent_id', '=', agentId)
    .executeTakeFirst()
  return row && toVote(row)
}

/** Keeps the vote, in place of the one that the agent gave before. */
export async function putVote(db: Writer, vote: Vote): Promise<void> {
  const row = {
    ...vote,
    vote_value: JSON.stringify(vote.vote_value),
    canonical: canonicalJson(vote.vote_value),
  }
  const { task_id: _task, agent_id: _agent, created_at: _created, ...changed } = row
  await db
    .insertInto('vote')
    .values(row)
    .onConflict((c) => c.columns(['task_id', 'agent_id']).doUpdateSet(changed))
    .execute()
}

/** In the order of the agents' names, which no vote changes. */
export async function listVotes(
  db: Reader,
  filter: { taskId: string; afterAgent: string | null; limit: number },
): Promise<Vote[]> {
  let query = db.selectFrom('vote').selectAll().where('task_id', '=', filter.taskId)
  if (filter.afterAgent !== null) query = query.where('agent_id', '>', filter.afterAgent)
  return (await query.orderBy('agent_id').limit(filter.limit).execute()).map(toVote)
}

/** Every value with its votes, most votes first. */
export async function tallyVotes(db: Reader, taskId: string): Promise<TallyRow[]> {
  const rows = await db
    .selectFrom('vote')
    .select((eb) => ['canonical', eb.fn.countAll<number>().as('votes')])
    .where('task_id', '=', taskId)
    .groupBy('canonical')
    .orderBy('votes', 'desc')
    .orderBy('canonical')
    .execute()
  return rows.map((row) => ({ value: JSON.parse(row.canonical) as unknown, votes: Number(row.votes) }))
}

/** Counts over one task, or over all of them. */
export interface VoteStats {
  readonly tasks: number
  readonly votes: number
  readonly agents: number
  readonly average_confidence: number | null
  readonly first_vote_at: string | null
  readonly last_vote_at: string | null
}

export async function voteStats(db: Reader, taskId: string | null): Promise<VoteStats> {
  let query = db
    .selectFrom('vote')
    .select(({ fn }) => [
      fn.count<number>('task_id').distinct().as('tasks'),
      fn.countAll<number>().as('votes'),
      fn.count<number>('agent_id').distinct().as('agents'),
      fn.avg<number | null>('confidence').as('confidence'),
      fn.min<string | null>('created_at').as('first_vote_at'),
      fn.max<string | null>('updated_at').as('last_vote_at'),
    ])
  if (taskId !== null) query = query.where('task_id', '=', taskId)
  const { tasks, votes, agents, confidence, first_vote_at, last_vote_at } =
    await query.executeTakeFirstOrThrow()
  return {
    tasks: Number(tasks),
    votes: Number(votes),
    agents: Number(agents),
    average_confidence: confidence === null ? null : Number(confidence),
    first_vote_at,
    last_vote_at,
  }
}
