import { z } from 'zod'
import { LEASE_LIMITS } from '../../../domain/leases/lease.ts'
import { idText, text } from '../../../domain/text/text.ts'

/** The latest that a date can tell. */
const LATEST_MS = 8.64e15
const moment = z.number().min(0).max(LATEST_MS)

const leaseSchema = z.object({
  agent_id: idText,
  expires: moment,
  fencing_token: z.string().regex(/^\d{1,16}$/),
  ttl_ms: z.number().min(0).max(LEASE_LIMITS.maxTtlMs),
  acquired_at: moment,
  purpose: text(LEASE_LIMITS.purposeBytes).optional(),
})

const rowSchema = z.object({
  seq: z.int().positive(),
  type: z.enum(['lock.acquired', 'lock.released', 'lock.expired', 'lock.forced']),
  agent_id: idText,
  path: text(LEASE_LIMITS.pathBytes).min(1),
  lease: leaseSchema,
  reason: text(LEASE_LIMITS.reasonBytes).optional(),
})

export type OutboxRow = z.infer<typeof rowSchema>

/** A change of holder as it stands in the outbox; undefined where no instance of ours can have written it. */
export function readOutboxRow(row: string): OutboxRow | undefined {
  try {
    return rowSchema.safeParse(JSON.parse(row)).data
  } catch {
    return undefined
  }
}
