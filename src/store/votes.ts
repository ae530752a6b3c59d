import { type Selectable, sql } from 'kysely'
import { outsideScopeId, type ScopeRef } from '../domain/scope.ts'
import { canonicalJson } from '../domain/text/canonical-json.ts'
import type { ConsensusRule, Decision, ScopedVote, TallyRow, Task, Vote } from '../domain/voting.ts'
import type { Reader, Writer } from './access.ts'
import type { VoteRow } from './schema.ts'

type Row = Selectable<VoteRow>

function toVote({ canonical: _canonical, scope_id: _scope, ...row }: Row): Vote {
  return { ...row, vote_value: JSON.parse(row.vote_value) as unknown }
}

export function toScopedVote(row: Row): ScopedVote {
  return { ...toVote(row), scope_id: outsideScopeId(row.scope_id) }
}

function votesOn(db: Reader, { scopeId, taskId }: Task) {
  return db.selectFrom('vote').where('scope_id', '=', scopeId).where('task_id', '=', taskId)
}

export async function findVote(db: Reader, task: Task, agentId: string): Promise<Vote | undefined> {
  const row = await votesOn(db, task).selectAll().where('agent_id', '=', agentId).executeTakeFirst()
  return row && toVote(row)
}

/** Keeps the vote, in place of the one that the agent gave before. */
export async function putVote(db: Writer, { scopeId }: Pick<Task, 'scopeId'>, vote: Vote): Promise<void> {
  const row = {
    ...vote,
    scope_id: scopeId,
    vote_value: JSON.stringify(vote.vote_value),
    canonical: canonicalJson(vote.vote_value),
  }
  const { scope_id: _scope, task_id: _task, agent_id: _agent, created_at: _created, ...changed } = row
  await db
    .insertInto('vote')
    .values(row)
    .onConflict((c) => c.columns(['scope_id', 'task_id', 'agent_id']).doUpdateSet(changed))
    .execute()
}

/** The tasks of one scope become the other's. Of an agent's votes on a task of both the later one stands, and what was decided first there. */
export async function moveVotes(db: Writer, { from, to }: { from: string; to: string }): Promise<void> {
  const later = sql<boolean>`excluded.updated_at > vote.updated_at`
  await db
    .insertInto('vote')
    .columns(['scope_id', 'task_id', 'agent_id', ...VOTE_COLUMNS])
    .expression((eb) =>
      eb
        .selectFrom('vote')
        .select((own) => [own.val(to).as('scope_id'), 'task_id', 'agent_id', ...VOTE_COLUMNS])
        .where('scope_id', '=', from),
    )
    .onConflict((c) =>
      c
        .columns(['scope_id', 'task_id', 'agent_id'])
        .doUpdateSet((eb) =>
          Object.fromEntries(VOTE_COLUMNS.map((name) => [name, eb.ref(`excluded.${name}`)])),
        )
        .where(later),
    )
    .execute()
  await db
    .insertInto('vote_decision')
    .columns(['scope_id', ...DECISION_COLUMNS])
    .expression((eb) =>
      eb
        .selectFrom('vote_decision')
        .select((own) => [own.val(to).as('scope_id'), ...DECISION_COLUMNS])
        .where('scope_id', '=', from),
    )
    .onConflict((c) => c.doNothing())
    .execute()
}

const VOTE_COLUMNS = [
  'vote_value',
  'canonical',
  'confidence',
  'reasoning',
  'created_at',
  'updated_at',
] as const
const DECISION_COLUMNS = ['task_id', 'k', 'quorum', 'canonical', 'decided_at'] as const

/** What was decided by this rule; undefined where nothing was yet. */
export async function findDecision(
  db: Reader,
  { scopeId, taskId }: Task,
  { k, quorum }: ConsensusRule,
): Promise<Decision | undefined> {
  return db
    .selectFrom('vote_decision')
    .select(['canonical', 'decided_at'])
    .where('scope_id', '=', scopeId)
    .where('task_id', '=', taskId)
    .where('k', '=', k)
    .where('quorum', '=', quorum)
    .executeTakeFirst()
}

/** Keeps what was decided by a rule that nothing was decided by before. */
export async function putDecision(
  db: Writer,
  { scopeId, taskId }: Task,
  { canonical, decided_at, ...rule }: Decision & ConsensusRule,
): Promise<void> {
  await db
    .insertInto('vote_decision')
    .values({ scope_id: scopeId, task_id: taskId, ...rule, canonical, decided_at })
    .execute()
}

/** The votes for other values than this one, by agent. */
export async function listDissent(
  db: Reader,
  task: Task,
  { canonical, limit }: { canonical: string; limit: number },
): Promise<Vote[]> {
  const rows = await votesOn(db, task)
    .selectAll()
    .where('canonical', '!=', canonical)
    .orderBy('agent_id')
    .limit(limit)
    .execute()
  return rows.map(toVote)
}

/** In the order of the agents' names, which no vote changes. */
export async function listVotes(
  db: Reader,
  filter: Task & { afterAgent: string | null; limit: number },
): Promise<Vote[]> {
  let query = votesOn(db, filter).selectAll()
  if (filter.afterAgent !== null) query = query.where('agent_id', '>', filter.afterAgent)
  return (await query.orderBy('agent_id').limit(filter.limit).execute()).map(toVote)
}

/** Every value with its votes, most votes first. */
export async function tallyVotes(db: Reader, task: Task): Promise<TallyRow[]> {
  const rows = await votesOn(db, task)
    .select((eb) => ['canonical', eb.fn.countAll<number>().as('votes')])
    .groupBy('canonical')
    .orderBy('votes', 'desc')
    .orderBy('canonical')
    .execute()
  return rows.map((row) => ({ value: JSON.parse(row.canonical) as unknown, votes: Number(row.votes) }))
}

/** One question that is voted on. */
export interface VoteTask extends ScopeRef {
  readonly scope_name: string
  readonly task_id: string
  readonly votes: number
  readonly first_vote_at: string
  readonly last_vote_at: string
}

/** The scopes that have questions. */
export async function scopesWithVotes(db: Reader): Promise<string[]> {
  const rows = await db.selectFrom('vote').select('scope_id').distinct().orderBy('scope_id').execute()
  return rows.map(({ scope_id }) => scope_id)
}

/** The one with the latest vote first, of these scopes. */
export async function listVoteTasks(
  db: Reader,
  { scopeIds, offset, limit }: { scopeIds: readonly string[]; offset: number; limit: number },
): Promise<(Task & VoteTask)[]> {
  const rows = await db
    .selectFrom('vote')
    .innerJoin('scope', 'scope.id', 'vote.scope_id')
    .select(({ fn }) => [
      'vote.scope_id',
      'scope.type as scope_type',
      'scope.name as scope_name',
      'task_id',
      fn.countAll<number>().as('votes'),
      fn.min<string>('vote.created_at').as('first_vote_at'),
      fn.max<string>('vote.updated_at').as('last_vote_at'),
    ])
    // An empty list is no SQL.
    .where('vote.scope_id', 'in', [...scopeIds, ''])
    .groupBy(['vote.scope_id', 'scope.type', 'scope.name', 'task_id'])
    .orderBy('last_vote_at', 'desc')
    .orderBy('task_id')
    .orderBy('vote.scope_id')
    .offset(offset)
    .limit(limit)
    .execute()
  return rows.map(({ scope_id, ...row }) => ({
    ...row,
    scopeId: scope_id,
    taskId: row.task_id,
    scope_id: outsideScopeId(scope_id),
    votes: Number(row.votes),
  }))
}

/** Counts over one task, over those of a scope, or over all of them. */
export interface VoteStats {
  readonly tasks: number
  readonly votes: number
  readonly agents: number
  readonly average_confidence: number | null
  readonly first_vote_at: string | null
  readonly last_vote_at: string | null
}

export async function voteStats(db: Reader, { scopeId, taskId }: Partial<Task>): Promise<VoteStats> {
  let query = db
    .selectFrom('vote')
    .select(({ fn }) => [
      sql<number>`count(distinct scope_id || ' ' || task_id)`.as('tasks'),
      fn.countAll<number>().as('votes'),
      fn.count<number>('agent_id').distinct().as('agents'),
      fn.avg<number | null>('confidence').as('confidence'),
      fn.min<string | null>('created_at').as('first_vote_at'),
      fn.max<string | null>('updated_at').as('last_vote_at'),
    ])
  if (scopeId !== undefined) query = query.where('scope_id', '=', scopeId)
  if (taskId !== undefined) query = query.where('task_id', '=', taskId)
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
