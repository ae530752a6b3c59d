import type { Lease, NumberedChange } from '../../../domain/leases/lease.ts'
import { loadScript } from '../script.ts'
import { type OutboxRow, readOutboxRow } from './outbox-row.ts'

/** The scripts on leases. Each file begins with what it needs of those before it, and what it gives to those behind it. */
export function loadLeaseScripts() {
  return {
    acts: loadScript('lease/call', 'lease/plain', 'lease/lease', 'lease/queue', 'lease/acts'),
    asks: loadScript('lease/call', 'lease/lease', 'lease/queue', 'lease/asks'),
  }
}

/** A lease as Redis keeps it; the first two fields are the guide's. */
export interface RedisLease {
  readonly agent_id: string
  /** Epoch milliseconds of Redis' clock. */
  readonly expires: number
  readonly fencing_token: string
  readonly ttl_ms: number
  readonly acquired_at: number
  readonly request: string
  /** The instance that puts it back should Redis forget it. */
  readonly via: string
  /** The number that the instance gave to the call that granted or renewed it last. */
  readonly asked?: number
  readonly purpose?: string
  /** Since it was granted it has been checked out again. */
  readonly extended?: boolean
}

/** What every lease script answers. */
export interface LeaseReply {
  readonly kind: string
  readonly leases: readonly Lease[]
  readonly extra: Readonly<Record<string, unknown>>
  readonly raw: readonly RawLease[]
  /** Epoch milliseconds of Redis' clock. */
  readonly now: number
  /** True when a change of holder was put into the outbox. */
  readonly hasTold: boolean
  /** The number of the latest change that it made in its epoch, 0 for none. */
  readonly lastChange: number
  /** Place → how many unreadable members were put aside. */
  readonly junk: Readonly<Record<string, number>>
}

export interface RawLease {
  readonly path: string
  readonly lease: RedisLease
}

interface PlainAnswer {
  readonly kind: 'granted' | 'done'
  readonly change: number
  readonly now: number
  readonly sentAt: number
  readonly receivedAt: number
}

/** The fields of a lease that are shown. */
interface ShownLease {
  readonly path: string
  readonly lease: Omit<OutboxRow['lease'], 'purpose'> & { readonly purpose?: string | undefined }
}

/** Reads replies. Times are put on this machine's wall clock where that of Redis differs by more than a moment. */
export class LeaseReplies {
  #aheadMs = 0

  /** `sentAt` and `receivedAt`: this machine's wall clock. */
  parse(reply: unknown, { sentAt, receivedAt }: { sentAt: number; receivedAt: number }): LeaseReply {
    const [kind, leases, extra, now, told, junk] = reply as [string, string, string, string, string, string?]
    const raw = JSON.parse(leases) as RawLease[]
    this.#learn(sentAt - Number(now), receivedAt - Number(now))
    return {
      kind,
      raw,
      now: Number(now),
      leases: raw.map((entry) => this.#shown(entry)),
      extra: JSON.parse(extra) as Record<string, unknown>,
      hasTold: told !== '0',
      lastChange: Number(told),
      // An older instance may have kept the answer that a retry finds.
      junk: junk ? (JSON.parse(junk) as Record<string, number>) : {},
    }
  }

  /** The reply to a request that was a plain one; `change` is the number of its first change. */
  plain(raw: readonly RawLease[], { kind, change, now, sentAt, receivedAt }: PlainAnswer): LeaseReply {
    this.#learn(sentAt - now, receivedAt - now)
    const extra = kind === 'granted' ? { fresh: raw.map(({ path }) => path) } : {}
    const lastChange = change + raw.length - 1
    return {
      kind,
      raw,
      now,
      leases: raw.map((each) => this.#shown(each)),
      extra,
      hasTold: true,
      lastChange,
      junk: {},
    }
  }

  /** Undefined where it cannot be read. */
  parseChange(text: string): NumberedChange | undefined {
    const row = readOutboxRow(text)
    if (!row) return undefined
    const { seq, type, agent_id: agentId, path, lease, reason } = row
    const change = {
      type,
      agentId,
      lease: this.#shown({ path, lease }),
      ...(reason === undefined ? {} : { reason }),
    }
    return { seq, change }
  }

  /**
   * This clock is ahead by something between the two: an answer that took long (this process was frozen) tells little. Kept
   * while it fits: the same lease must not be shown with other times each time it is asked for.
   */
  #learn(leastMs: number, mostMs: number): void {
    const isTooLow = this.#aheadMs < leastMs - SKEW_MS
    if (!isTooLow && this.#aheadMs <= mostMs + SKEW_MS) return
    const aheadMs = isTooLow ? leastMs : mostMs
    this.#aheadMs = Math.abs(aheadMs) > SKEW_MS ? aheadMs : 0
  }

  #shown({ path, lease }: ShownLease): Lease {
    const shown = (ms: number) => new Date(ms + this.#aheadMs).toISOString()
    return {
      path,
      agentId: lease.agent_id,
      token: Number(lease.fencing_token),
      purpose: lease.purpose ?? null,
      ttlMs: lease.ttl_ms,
      acquiredAt: shown(lease.acquired_at),
      expiresAt: shown(lease.expires),
    }
  }
}

const SKEW_MS = 1_000
