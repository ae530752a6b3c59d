import { expect, test } from 'vitest'
import { LeaseReplies } from '../../../src/coordination/redis/leases/scripts.ts'

const HOUR = 3_600_000
const NOW = Date.parse('2026-01-01T00:00:00Z')

/** When a lease that Redis gave for a second is shown to end, by an answer that was sent and received then (ms from NOW). */
function endShown(replies: LeaseReplies, sent: number, received: number, redisAheadMs = 0): number {
  const lease = {
    agent_id: 'ann',
    expires: NOW + redisAheadMs + 1_000,
    fencing_token: '1',
    ttl_ms: 1_000,
    acquired_at: NOW + redisAheadMs,
    request: 'r',
    via: 'i',
  }
  const leases = JSON.stringify([{ path: '/a', lease }])
  const reply = ['granted', leases, '{}', String(NOW + redisAheadMs), '1']
  const shown = replies.parse(reply, { sentAt: NOW + sent, receivedAt: NOW + received }).leases[0]
  return Date.parse(shown?.expiresAt ?? '') - NOW
}

test('an answer that took long is no clock that is ahead: the lock does not end later than it does', () => {
  const replies = new LeaseReplies()
  expect(endShown(replies, -1, 3_000)).toBe(1_000)
  expect(endShown(replies, -3_000, 1)).toBe(1_000)
  expect(endShown(replies, -1, 1)).toBe(1_000)
})

test('times of a Redis whose clock is another one are shown on this clock', () => {
  for (const skew of [HOUR, -HOUR]) {
    const replies = new LeaseReplies()
    expect(Math.abs(endShown(replies, -2, 2, skew) - 1_000)).toBeLessThanOrEqual(2)
    // Also when one of the answers took long.
    expect(Math.abs(endShown(replies, -2, 3_000, skew) - 1_000)).toBeLessThanOrEqual(2)
  }
})
