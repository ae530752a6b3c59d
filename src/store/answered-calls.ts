import type { Reader, Writer } from './access.ts'
import type { AnsweredCallRow } from './schema.ts'

type CallKey = Pick<AnsweredCallRow, 'agent_id' | 'key'>

/** Takes the key for a call; the row of the call that has it already, or undefined. */
export async function claimCall(db: Writer, row: AnsweredCallRow): Promise<AnsweredCallRow | undefined> {
  for (;;) {
    const taken = await db
      .insertInto('answered_call')
      .values(row)
      .onConflict((c) => c.columns(['agent_id', 'key']).doNothing())
      .returning('key')
      .executeTakeFirst()
    if (taken) return undefined
    const earlier = await findCall(db, row)
    // Given back between the two statements: it is free again.
    if (earlier) return earlier
  }
}

async function findCall(db: Reader, { agent_id, key }: CallKey): Promise<AnsweredCallRow | undefined> {
  return db
    .selectFrom('answered_call')
    .selectAll()
    .where('agent_id', '=', agent_id)
    .where('key', '=', key)
    .executeTakeFirst()
}

export async function answerCall(
  db: Writer,
  { agent_id, key }: CallKey,
  answer: { status: number; body: string },
): Promise<void> {
  await db
    .updateTable('answered_call')
    .set(answer)
    .where('agent_id', '=', agent_id)
    .where('key', '=', key)
    .execute()
}

/** Gives the key back: the call has changed nothing and may be made anew. */
export async function releaseCall(db: Writer, { agent_id, key }: CallKey): Promise<void> {
  await db.deleteFrom('answered_call').where('agent_id', '=', agent_id).where('key', '=', key).execute()
}

export async function forgetCalls(db: Writer, before: string): Promise<void> {
  await db.deleteFrom('answered_call').where('created_at', '<', before).execute()
}
