import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { AuditHead, AuditRow } from '../../domain/audit.ts'
import type { MemoryEvent } from '../../domain/event.ts'
import type { Reader, Writer } from '../access.ts'
import { toEvent } from '../change-log.ts'
import type { AuditTableRow } from '../schema.ts'

/** Rows of the log may be seen a little later than those with higher numbers: so far back is looked each time. */
const LOOK_BACK = 1_000

export interface SealPosition extends AuditHead {
  /** The log was sealed up to about here. */
  readonly logId: number
}

const BEGINNING = { seq: 0, hash: '', log_id: 0 }

/** Takes the end of the chain for this transaction alone. */
export async function lockHead(db: Writer): Promise<SealPosition> {
  const row = await db
    .insertInto('audit_head')
    .values({ id: 1, ...BEGINNING })
    .onConflict((c) => c.column('id').doUpdateSet((eb) => ({ log_id: eb.ref('audit_head.log_id') })))
    .returningAll()
    .executeTakeFirstOrThrow()
  return positionOf(row)
}

export async function readHead(db: Reader): Promise<SealPosition> {
  const row = await db.selectFrom('audit_head').selectAll().where('id', '=', 1).executeTakeFirst()
  return positionOf(row ?? BEGINNING)
}

function positionOf({ seq, hash, log_id }: typeof BEGINNING): SealPosition {
  return { seq: Number(seq), hash, logId: Number(log_id) }
}

/** Events of the log that are not in the chain, in the log's order; from the log's begin on where `isAll`. */
export async function unsealed(
  db: Reader,
  { logId, isAll, limit }: { logId: number; isAll: boolean; limit: number },
): Promise<MemoryEvent[]> {
  const rows = await db
    .selectFrom('change_log')
    .selectAll()
    .where('id', '>', isAll ? 0 : logId - LOOK_BACK)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('audit')
            .select(sql.lit(1).as('one'))
            .whereRef('audit.event_id', '=', 'change_log.event_id'),
        ),
      ),
    )
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(toEvent)
}

const ROWS_AT_ONCE = 100

export async function appendAudit(db: Writer, rows: readonly AuditRow[], logId: number): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
    await db
      .insertInto('audit')
      .values([...rows.slice(start, start + ROWS_AT_ONCE)])
      .execute()
  const last = rows.at(-1)
  if (!last) return
  await db
    .updateTable('audit_head')
    .set({ seq: last.seq, hash: last.hash, log_id: logId })
    .where('id', '=', 1)
    .execute()
}

/** By their places, after that one; from the first on where it is null. */
export async function auditAfter(db: Reader, seq: number | null, limit: number): Promise<AuditRow[]> {
  let query = db.selectFrom('audit').selectAll()
  if (seq !== null) query = query.where('seq', '>', seq)
  return (await query.orderBy('seq').limit(limit).execute()).map(toAuditRow)
}

/** The place of the last row, whoever put it there; 0 where there is none. */
export async function lastPlace(db: Reader): Promise<number> {
  const { last } = await db
    .selectFrom('audit')
    .select((eb) => eb.fn.max('seq').as('last'))
    .executeTakeFirstOrThrow()
  return Number(last ?? 0)
}

/** The latest first, before that place. */
export async function auditBefore(db: Reader, before: number | null, limit: number): Promise<AuditRow[]> {
  let query = db.selectFrom('audit').selectAll()
  if (before !== null) query = query.where('seq', '<', before)
  return (await query.orderBy('seq', 'desc').limit(limit).execute()).map(toAuditRow)
}

/** What the log has kept, by its numbers. */
export async function loggedAfter(db: Reader, logId: number, limit: number): Promise<MemoryEvent[]> {
  const rows = await db
    .selectFrom('change_log')
    .selectAll()
    .where('id', '>', logId)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(toEvent)
}

function toAuditRow(row: Selectable<AuditTableRow>): AuditRow {
  return { ...row, seq: Number(row.seq) }
}
