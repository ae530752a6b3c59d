import type { CallClaim } from '../domain/call-claim.ts'
import { AppError } from '../domain/errors.ts'
import type { Reader, Writer } from './access.ts'
import type { AnsweredCallRow } from './schema.ts'

/** Takes the key for a call; the row of the call that has it already, or undefined. */
export async function claimCall(
  db: Writer,
  row: AnsweredCallRow,
  now: number,
): Promise<AnsweredCallRow | undefined> {
  for (;;) {
    const taken = await db
      .insertInto('answered_call')
      .values(row)
      .onConflict((c) => c.columns(['agent_id', 'key']).doNothing())
      .returning('key')
      .executeTakeFirst()
    if (taken || (await takeOver(db, row, now))) return undefined
    const earlier = await findCall(db, row)
    // Given back between the statements: it is free again.
    if (earlier) return { ...earlier, claimed_until: Number(earlier.claimed_until) }
  }
}

/** True where the same call had the key, has given no sign of life, and has changed nothing: nor can it from now on. */
async function takeOver(db: Writer, row: AnsweredCallRow, now: number): Promise<boolean> {
  const { agent_id, key, request_hash, ...anew } = row
  const taken = await db
    .updateTable('answered_call')
    .set(anew)
    .where('agent_id', '=', agent_id)
    .where('key', '=', key)
    .where('request_hash', '=', request_hash)
    .where('status', 'is', null)
    .where('effect', '=', 'none')
    .where('claimed_until', '<', now)
    .returning('key')
    .executeTakeFirst()
  return taken !== undefined
}

async function findCall(
  db: Reader,
  { agent_id, key }: AnsweredCallRow,
): Promise<AnsweredCallRow | undefined> {
  return db
    .selectFrom('answered_call')
    .selectAll()
    .where('agent_id', '=', agent_id)
    .where('key', '=', key)
    .executeTakeFirst()
}

/** A sign of life, an answer, the end of the claim. Nothing where the claim has gone to another try. */
export async function setCall(
  db: Writer,
  claim: CallClaim,
  values: Partial<Pick<AnsweredCallRow, 'claimed_until' | 'status' | 'body'>>,
): Promise<void> {
  await claimed(db.updateTable('answered_call').set(values), claim).execute()
}

/** Gives the key back where the call has changed nothing. */
export async function releaseCall(db: Writer, claim: CallClaim): Promise<void> {
  await claimed(db.deleteFrom('answered_call'), claim).where('effect', '<>', 'done').execute()
}

/**
 * Part of the transaction in which the call changes something: from its commit on it has taken effect. Throws, so that the transaction
 * is taken back, where the claim has gone to another try.
 */
export async function takeEffect(db: Reader, claim: CallClaim): Promise<void> {
  const mark = db.updateTable('answered_call').set({ effect: 'done' })
  const marked = await claimed(mark, claim).returning('key').executeTakeFirst()
  if (marked) return
  throw new AppError(
    'DATABASE_ERROR',
    'The call took too long, and a later one with its key took its place.',
    {
      suggestion:
        'Nothing was changed by this one. Send the same request again for the answer of the later one.',
    },
  )
}

export async function forgetCalls(db: Writer, before: string): Promise<void> {
  await db.deleteFrom('answered_call').where('created_at', '<', before).execute()
}

interface Filtered {
  where(column: 'agent_id' | 'key' | 'claim_id', operator: '=', value: string): this
}

function claimed<Q extends Filtered>(query: Q, { agentId, key, id }: CallClaim): Q {
  return query.where('agent_id', '=', agentId).where('key', '=', key).where('claim_id', '=', id)
}
