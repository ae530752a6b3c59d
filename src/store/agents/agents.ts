import type { Selectable } from 'kysely'
import type { Reader, Writer } from '../access.ts'
import { lastSeq } from '../change-log.ts'
import type { AgentRow } from '../schema.ts'

/** Where an agent works, as it is noted. */
export interface AgentNote {
  readonly agentId: string
  readonly projectId: string | null
  readonly root: string | null
  readonly at: string
  /** One that was not heard of since then begins anew. */
  readonly staleBefore: string
}

/** An agent that was heard of. */
export type KnownAgent = Pick<Selectable<AgentRow>, 'agent_id' | 'root' | 'since' | 'seen_at'>

/** Notes that the agent is at work. A new agent gets no event from before it. */
export async function noteAgent(db: Writer, { agentId, projectId, root, ...note }: AgentNote): Promise<void> {
  const known = await db
    .selectFrom('agent')
    .select(['since', 'seen_at'])
    .where('agent_id', '=', agentId)
    .executeTakeFirst()
  const isBack = known !== undefined && known.seen_at >= note.staleBefore
  const changed = { project_id: projectId, root, seen_at: note.at, since: isBack ? known.since : note.at }
  const toldSeq = known ? 0 : await lastSeq(db)
  await db
    .insertInto('agent')
    .values({ agent_id: agentId, ...changed, told_seq: toldSeq })
    .onConflict((c) => c.column('agent_id').doUpdateSet(changed))
    .execute()
}

export async function forgetAgent(db: Writer, agentId: string): Promise<void> {
  await db.deleteFrom('agent').where('agent_id', '=', agentId).execute()
}

/** Forgets the agents that made no call since then. */
export async function forgetAgentsBefore(db: Writer, before: string): Promise<void> {
  await db.deleteFrom('agent').where('seen_at', '<', before).execute()
}

/**
 * The agents that made a call since then, in this project or in one of these folders; all agents where
 * neither is given. The latest first.
 */
export async function listAgents(
  db: Reader,
  {
    since,
    projectId,
    roots,
    limit,
  }: { since: string; projectId: string | null; roots: readonly string[]; limit: number },
): Promise<KnownAgent[]> {
  let query = db
    .selectFrom('agent')
    .select(['agent_id', 'root', 'since', 'seen_at'])
    .where('seen_at', '>=', since)
  if (projectId !== null || roots.length > 0)
    query = query.where((eb) =>
      eb.or([
        ...(projectId === null ? [] : [eb('project_id', '=', projectId)]),
        ...(roots.length === 0 ? [] : [eb('root', 'in', roots)]),
      ]),
    )
  return query.orderBy('seen_at', 'desc').orderBy('agent_id').limit(limit).execute()
}

/** The last event that was passed on to the agent; undefined for an agent that is not known. */
export async function toldSeq(db: Reader, agentId: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('agent')
    .select('told_seq')
    .where('agent_id', '=', agentId)
    .executeTakeFirst()
  return row && Number(row.told_seq)
}

/** Claims the events up to `seq` for telling the agent; false where another process has claimed since `before` was read. */
export async function claimTelling(
  db: Writer,
  { agentId, before, seq }: { agentId: string; before: number; seq: number },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('agent')
    .set({ told_seq: seq })
    .where('agent_id', '=', agentId)
    .where('told_seq', '=', before)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}
