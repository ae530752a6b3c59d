import type { ClaimOutcome, Obstacle } from '../../coordination/lease-store.ts'
import { AppError } from '../../domain/errors.ts'
import type { Wait } from '../../domain/leases/queue.ts'

// Agents' ids and purposes are other agents' words: they go into the details, never into a sentence.

/** Another agent has the file, or is before the caller in its queue. */
export function fileLocked({ path, agentId, lease }: Obstacle, waitedMs: number): AppError {
  const waited = waitedMs > 0 ? ` (waited ${waitedMs} ms)` : ''
  const state = lease
    ? `is locked by another agent until ${lease.expiresAt}`
    : 'is free, but another agent is before you in its queue'
  return new AppError('FILE_LOCKED', `${path} ${state}${waited}.`, {
    details: {
      file_path: path,
      held_by: agentId,
      expires_at: lease?.expiresAt ?? null,
      purpose: lease?.purpose ?? null,
    },
  })
}

export function deadlock(cycle: readonly Wait[]): AppError {
  const [first] = cycle
  return new AppError(
    'DEADLOCK',
    `Waiting for ${first?.path} would never end: ${cycle.length} agents would wait for each other in a circle.`,
    {
      details: {
        circle: cycle.map((wait) => ({
          agent_id: wait.agentId,
          waits_for: wait.path,
          held_by: wait.heldBy,
        })),
      },
    },
  )
}

export function shuttingDown(): AppError {
  return new AppError('LOCK_STORE_UNAVAILABLE', 'The server is shutting down; nothing was locked.')
}

/** Why a lock was neither renewed nor checked in. */
export function claimRefused({ path, reason, lease }: Extract<ClaimOutcome, { kind: 'refused' }>): AppError {
  const details = { file_path: path }
  if (reason === 'not_found') return new AppError('LOCK_NOT_FOUND', `${path} is not locked.`, { details })
  const expired = { ...details, expires_at: lease?.expiresAt, fencing_token: lease?.token }
  if (reason === 'expired') {
    return new AppError('LOCK_EXPIRED', `Your lock on ${path} ran out at ${lease?.expiresAt}.`, {
      details: expired,
    })
  }
  if (reason === 'superseded') {
    return new AppError(
      'LOCK_EXPIRED',
      `The lock of that fencing_token on ${path} has ended; you hold a later one.`,
      {
        details: expired,
        suggestion: 'Use the fencing_token of the later lock, after reading the file anew.',
      },
    )
  }
  return new AppError('NOT_LOCK_OWNER', `${path} is locked by another agent until ${lease?.expiresAt}.`, {
    details: {
      ...details,
      held_by: lease?.agentId,
      expires_at: lease?.expiresAt,
      purpose: lease?.purpose ?? null,
    },
  })
}
