import { canonicalJson } from './text/canonical-json.ts'

/** One thing that happened, as the audit keeps it: an event, and the hash of the row before. */
export interface AuditRow {
  /** Its place in the chain, from 1 on without a gap. */
  readonly seq: number
  readonly event_id: string
  /** The event as JSON, as it stood in the change log. */
  readonly event: string
  readonly prev_hash: string
  readonly hash: string
}

/** Where the chain ends, as was noted when its last row was sealed. */
export interface AuditHead {
  readonly seq: number
  readonly hash: string
}

export interface AuditProblem {
  readonly seq: number
  readonly kind: 'altered' | 'removed' | 'moved' | 'inserted' | 'cut_off' | 'log_altered' | 'unknown_head'
  readonly event_id: string | null
  readonly message: string
}

type Digest = (text: string) => string

/**
 * The part of a row that its hash covers. The row's position is left out, so that a check can tell a moved
 * row from an altered one.
 */
function auditHash(
  { event_id, event, prev_hash }: Pick<AuditRow, 'event_id' | 'event' | 'prev_hash'>,
  digest: Digest,
): string {
  return digest(canonicalJson([prev_hash, event_id, event]))
}

/** The rows for these events, behind that one. */
export function sealed(
  head: AuditHead,
  events: readonly { readonly event_id: string; readonly event: string }[],
  digest: Digest,
): AuditRow[] {
  let { seq, hash } = head
  return events.map(({ event_id, event }) => {
    const row = { seq: ++seq, event_id, event, prev_hash: hash }
    hash = auditHash(row, digest)
    return { ...row, hash }
  })
}

/** Reads a chain from its first row on, and names each row that is not as it was sealed. */
export class ChainCheck {
  readonly #digest: Digest
  readonly #placeOf = new Map<string, number>()
  readonly problems: AuditProblem[] = []
  #last: AuditHead = { seq: 0, hash: '' }

  constructor(digest: Digest) {
    this.#digest = digest
  }

  get last(): AuditHead {
    return this.#last
  }

  /** The next row by its place. */
  next(row: AuditRow): void {
    const { seq, event_id, prev_hash, hash } = row
    const missing = seq - this.#last.seq - 1
    if (seq < 1) {
      this.#found(seq, 'inserted', event_id, `Row ${seq} stands before the first one.`)
      return
    }
    if (missing > 0) this.#removed(this.#last.seq + 1, seq - 1)
    if (auditHash(row, this.#digest) !== hash)
      this.#found(seq, 'altered', event_id, `Row ${seq} is not what was sealed.`)
    if (prev_hash !== this.#last.hash && missing === 0) this.#outOfPlace(row)
    this.#placeOf.set(hash, seq)
    this.#last = { seq, hash }
  }

  /** The end, as it was noted. */
  end(head: AuditHead): void {
    if (head.seq > this.#last.seq) {
      const rows =
        head.seq === this.#last.seq + 1
          ? `Row ${head.seq} is`
          : `Rows ${this.#last.seq + 1} to ${head.seq} are`
      this.#found(this.#last.seq + 1, 'cut_off', null, `${rows} gone from the end.`)
    } else if (head.seq < this.#last.seq)
      this.#found(head.seq + 1, 'inserted', null, `Rows after ${head.seq} were never sealed.`)
    else if (head.hash !== this.#last.hash)
      this.#found(head.seq, 'altered', null, `Row ${head.seq} is not the last one that was sealed.`)
  }

  /** Whether a row of that hash was seen. */
  has(hash: string): boolean {
    return this.#placeOf.has(hash)
  }

  add(problem: AuditProblem): void {
    this.problems.push(problem)
  }

  #removed(first: number, last: number): void {
    const rows = first === last ? `Row ${first} is` : `Rows ${first} to ${last} are`
    this.#found(first, 'removed', null, `${rows} gone.`)
  }

  /** It does not follow the row before it: it was put there, or what it followed is elsewhere, or gone. */
  #outOfPlace({ seq, event_id, prev_hash }: AuditRow): void {
    const place = this.#placeOf.get(prev_hash)
    const message =
      place === undefined
        ? `Row ${seq} does not follow row ${seq - 1}: what stood between them is gone, or row ${seq - 1} was altered or moved.`
        : `Row ${seq} followed row ${place} when it was sealed: it was moved, or what stands between them was put there.`
    this.#found(seq, 'moved', event_id, message)
  }

  #found(seq: number, kind: AuditProblem['kind'], event_id: string | null, message: string): void {
    this.problems.push({ seq, kind, event_id, message })
  }
}
