import { createHash } from 'node:crypto'
import { type AuditHead, type AuditProblem, type AuditRow, ChainCheck, sealed } from '../../domain/audit.ts'
import type { MemoryEvent } from '../../domain/event.ts'
import { cutPage, decodeNumberCursor } from '../../domain/page.ts'
import { canonicalJson } from '../../domain/text/canonical-json.ts'
import {
  appendAudit,
  auditAfter,
  auditBefore,
  lastPlace,
  lockHead,
  loggedAfter,
  readHead,
  unsealed,
} from '../../store/agents/audit.ts'
import type { Store } from '../../store/store.ts'

/** A row with its event as it was. */
export interface AuditRecord extends Omit<AuditRow, 'event'> {
  readonly event: Readonly<Record<string, unknown>>
}

export interface AuditVerdict {
  readonly rows: number
  /** The hash of the last row: noted elsewhere, it proves later that nothing before it was changed. */
  readonly head: string
  readonly problems: readonly AuditProblem[]
}

/** A transaction of the sealer holds others up no longer than these rows take. */
const SEALED_AT_ONCE = 200
const READ_AT_ONCE = 500
/** More would not be read; the first says what happened. */
const MOST_PROBLEMS = 100

/** The change log for good, each row with the hash of the one before. Rows are sealed after their commit, by one instance at a time. */
export class Audit {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** Takes what the log has beyond the chain into it; with `isAll` also what was seen late. How many rows. */
  async seal(isAll = false): Promise<number> {
    for (let count = 0; ; ) {
      const more = await this.#sealSome(isAll)
      count += more
      if (more < SEALED_AT_ONCE) return count
    }
  }

  async list({
    limit,
    cursor,
  }: {
    limit: number
    cursor?: string | undefined
  }): Promise<{ records: AuditRecord[]; next_cursor?: string }> {
    await this.seal(true)
    const before = cursor === undefined ? null : decodeNumberCursor(cursor)
    const rows = await this.#store.read((db) => auditBefore(db, before, limit + 1))
    const { page, next } = cutPage(rows, limit, ({ seq }) => seq)
    return { records: page.map(recordOf), ...next }
  }

  /** Reads the whole chain. With `head`, a hash that was noted before, that the chain still holds it too. */
  async verify(head?: string): Promise<AuditVerdict> {
    await this.seal(true)
    const check = new ChainCheck(digest)
    const logged = await this.#logged()
    for (let last: number | null = null, isEnd = false; !isEnd; ) {
      const { rows, end } = await this.#page(last)
      for (const row of rows) {
        check.next(row)
        const kept = logged.get(row.event_id)
        if (kept !== undefined && kept !== digest(comparable(row.event))) check.add(logAltered(row))
      }
      last = rows.at(-1)?.seq ?? last
      isEnd = rows.length < READ_AT_ONCE
      if (isEnd) check.end(end)
    }
    if (head !== undefined && !check.has(head)) check.add(unknownHead(head))
    return { rows: check.last.seq, head: check.last.hash, problems: check.problems.slice(0, MOST_PROBLEMS) }
  }

  /** Rows and the end as they are at one moment: whatever stands behind that end was never sealed. */
  #page(after: number | null): Promise<{ rows: AuditRow[]; end: AuditHead }> {
    return this.#store.snapshot(async (db) => ({
      rows: await auditAfter(db, after, READ_AT_ONCE),
      end: await readHead(db),
    }))
  }

  async #sealSome(isAll: boolean): Promise<number> {
    return this.#store.write(
      async ({ db }) => {
        const head = await lockHead(db)
        const events = await unsealed(db, { logId: head.logId, isAll, limit: SEALED_AT_ONCE })
        // Behind rows that were put there: a chain that stops would keep no more.
        const seq = Math.max(head.seq, await lastPlace(db))
        const rows = sealed(
          { seq, hash: head.hash },
          events.map((event) => ({ event_id: event.id, event: eventText(event) })),
          digest,
        )
        await appendAudit(db, rows, Math.max(head.logId, ...events.map(({ seq }) => seq)))
        return rows.length
      },
      { changes: 'own rows' },
    )
  }

  /** Of what the log has kept, by its events' ids. */
  async #logged(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>()
    for (let last = -1; ; ) {
      const events = await this.#store.read((db) => loggedAfter(db, last, READ_AT_ONCE))
      for (const event of events) found.set(event.id, digest(comparable(eventText(event))))
      if (events.length < READ_AT_ONCE) return found
      last = events.at(-1)?.seq ?? last
    }
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** The numbers of versions are the cache's. */
function eventText({ v: _v, versions: _versions, ...event }: MemoryEvent): string {
  return canonicalJson(event)
}

/** After a restore the log is numbered anew. */
function comparable(text: string): string {
  try {
    const { seq: _seq, ...event } = JSON.parse(text) as Record<string, unknown>
    return canonicalJson(event)
  } catch {
    return text
  }
}

function recordOf({ event, ...row }: AuditRow): AuditRecord {
  try {
    return { ...row, event: JSON.parse(event) as Record<string, unknown> }
  } catch {
    return { ...row, event: { unreadable: true } }
  }
}

function logAltered({ seq, event_id }: AuditRow): AuditProblem {
  const message = `The event of row ${seq} was altered in the change log, or in the audit.`
  return { seq, kind: 'log_altered', event_id, message }
}

function unknownHead(head: string): AuditProblem {
  const message = `No row has the hash ${head.slice(0, 64)}: what was noted then is not this chain.`
  return { seq: 0, kind: 'unknown_head', event_id: null, message }
}
