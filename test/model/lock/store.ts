import { type AcquireDecision, decideAcquire, judgeClaim } from '../../../src/domain/leases/decisions.ts'
import {
  type Lease as RealLease,
  type Waiter as RealWaiter,
  SILENT_AFTER_MS,
  type StoredLease,
} from '../../../src/domain/leases/lease.ts'
import { later, type Moment } from '../../../src/domain/leases/time.ts'
import { type LockSetup, TTL } from './setup.ts'
import type { LateRelease, Lease, Reply, Server, Waiter } from './state.ts'
import { has, tokenOf } from './turn.ts'

// The scripts on leases. What is granted, and who may act on a lease, is decided by the product's own functions.

/** A waiter is silent after one of them. */
const TICK_MS = 1.5 * SILENT_AFTER_MS
const NOW: Moment = { bootId: 'model', monotonicMs: 1_000_000, wallMs: 1_000_000 }

export interface Checkout {
  readonly agent: number
  readonly paths: readonly number[]
  readonly request: number
  readonly waits: boolean
  /** The instance that asks. */
  readonly via: number
}

export interface Answer {
  readonly server: Server
  readonly reply: Reply
}

/** `acquire` of acts.lua */
export function acquire(setup: LockSetup, server: Server, checkout: Checkout): Answer {
  const decision = decide(setup, server, checkout)
  if (decision.kind === 'grant') return grant(setup, server, checkout, decision.fresh.map(Number))
  const isLeft = decision.kind === 'deadlock' || !checkout.waits
  if (isLeft) return { server: left(server, checkout.request), reply: { kind: 'refused' } }
  return { server: queued(setup, server, checkout, decision.wanted.map(Number)), reply: { kind: 'queued' } }
}

function decide(setup: LockSetup, server: Server, checkout: Checkout): AcquireDecision {
  const decision = decideAcquire(realState(setup, server, checkout), realRequest(checkout), NOW)
  if (decision.kind === 'deadlock' && has({ setup }, 'cycles are not looked for'))
    return decideAcquire(realState(setup, server, checkout), { ...realRequest(checkout), wait: false }, NOW)
  if (decision.kind !== 'blocked' || !has({ setup }, 'a part of the paths is granted')) return decision
  const free = decision.wanted.filter((path) => (server.leases[Number(path)]?.left ?? 0) === 0)
  return free.length > 0 ? { kind: 'grant', kept: [], fresh: free } : decision
}

function realRequest({ agent, paths, request, waits }: Checkout) {
  const ttlMs = TTL * TICK_MS
  return {
    requestToken: String(request),
    agentId: String(agent),
    paths: paths.map(String),
    ttlMs,
    purpose: null,
    wait: waits,
  }
}

function realState(setup: LockSetup, { leases, waiters }: Server, { agent }: Checkout) {
  const isHidden = (lease: Lease) =>
    (has({ setup }, 'a held path is granted') && lease.agent !== agent) ||
    (has({ setup }, 'a retry is a new request') && lease.agent === agent)
  return {
    leases: leases.flatMap((lease, path) => (lease && !isHidden(lease) ? realLease(lease, path) : [])),
    waiters: has({ setup }, 'barging past the queue')
      ? []
      : waiters.flatMap((waiter) => realWaiters(setup, waiter)),
  }
}

function realLease(lease: Lease, path: number): StoredLease {
  return {
    ...realClaim(lease),
    path: String(path),
    purpose: null,
    ttlMs: TTL * TICK_MS,
    acquiredAt: '',
    requestToken: String(lease.request),
    deadline: later(NOW, lease.left * TICK_MS),
    ended: false,
  }
}

function realClaim({ agent, token }: Pick<Lease, 'agent' | 'token'>): Pick<RealLease, 'agentId' | 'token'> {
  return { agentId: String(agent), token }
}

function realWaiters(setup: LockSetup, { agent, request, paths, ticket, age }: Waiter): RealWaiter[] {
  const heard = has({ setup }, 'a silent waiter is waited for') ? 0 : age
  const seen = later(NOW, -heard * TICK_MS)
  return paths.map((path) => ({
    path: String(path),
    requestToken: String(request),
    agentId: String(agent),
    ticket,
    seen,
  }))
}

function grant(setup: LockSetup, server: Server, checkout: Checkout, fresh: readonly number[]): Answer {
  const { agent, paths, request, via } = checkout
  const isOpen =
    server.recovery === 0 ||
    has({ setup }, 'granted while recovering') ||
    (fresh.length === 0 && has({ setup }, 'extended while recovering'))
  if (!isOpen) return { server: left(server, request), reply: { kind: 'refused' } }
  let { count } = server
  const leases = server.leases.map((lease, path): Lease | null => {
    if (fresh.includes(path)) {
      if (!has({ setup }, 'a token is given twice') || count === 0) count++
      const epoch = has({ setup }, 'tokens begin anew with each epoch') ? 0 : server.epoch
      return { agent, token: tokenOf(epoch, count), left: TTL, via, request }
    }
    if (lease?.agent !== agent || !paths.includes(path) || lease.request === request) return lease
    return { ...lease, left: TTL, via, request }
  })
  const granted = paths.flatMap((path) => {
    const lease = leases[path]
    return lease?.agent === agent ? [{ path, ...lease }] : []
  })
  return { server: { ...left(server, request), leases, count }, reply: { kind: 'granted', leases: granted } }
}

/** The place of a request is given up. */
export function left(server: Server, request: number): Server {
  if (!server.waiters.some((waiter) => waiter.request === request)) return server
  return { ...server, waiters: server.waiters.filter((waiter) => waiter.request !== request) }
}

/** A waiter that tries again has the place that it had, also when it was silent. */
function queued(setup: LockSetup, server: Server, checkout: Checkout, paths: readonly number[]): Server {
  const { agent, request } = checkout
  const others = server.waiters.filter((waiter) => waiter.request !== request)
  const last = Math.max(0, ...server.waiters.map(({ ticket }) => ticket))
  const own = server.waiters.find((waiter) => waiter.request === request)
  const keeps = own && !has({ setup }, 'who tries again goes to the end of the queue')
  const waiter = { agent, request, paths, ticket: keeps ? own.ticket : last + 1, age: 0 }
  return { ...server, waiters: [...others, waiter].sort((a, b) => a.ticket - b.ticket) }
}

/** `claim` of acts.lua, as far as it judges; with what verify asks. */
export function isHolder(
  server: Server,
  path: number,
  claim: { agent: number; token: number | null },
): boolean {
  const lease = server.leases[path]
  const live = lease && lease.left > 0 ? realClaim(lease) : null
  const former = lease ? realClaim(lease) : null
  return (
    judgeClaim({ lease: live, former }, { agentId: String(claim.agent), token: claim.token }).kind ===
    'holder'
  )
}

/** The same, to renew. */
export function renew(
  setup: LockSetup,
  server: Server,
  call: { agent: number; path: number; token: number; via: number; request: number },
): Answer {
  const { agent, path, token, via, request } = call
  const lease = server.leases[path] ?? null
  const isAllowed =
    isHolder(server, path, { agent, token }) ||
    (has({ setup }, 'renew re-creates') && (lease === null || lease.left === 0)) ||
    (has({ setup }, 'a renewal asks for no owner') && lease !== null && lease.left > 0)
  if (!isAllowed) return { server, reply: { kind: 'refused' } }
  const renewed: Lease = { agent, token, request, via, left: TTL }
  const leases = server.leases.with(path, renewed)
  return { server: { ...server, leases }, reply: { kind: 'renewed', leases: [{ path, ...renewed }] } }
}

/** The same, to release. What was asked for after the release is not ended by it, however late it comes. */
export function release(
  setup: LockSetup,
  server: Server,
  call: Pick<LateRelease, 'agent' | 'path' | 'request' | 'via'>,
): Answer {
  const { agent, path, request, via } = call
  const lease = server.leases[path] ?? null
  const isKnown =
    lease?.via === via || !has({ setup }, 'a late release counts the calls of its own instance only')
  const isLater = lease !== null && isKnown && lease.request <= request
  const isIgnored = has({ setup }, 'a late release ends what was asked for after it')
  const isAllowed =
    (isHolder(server, path, { agent, token: null }) && (!isLater || isIgnored)) ||
    (has({ setup }, 'a release asks for no owner') && lease !== null)
  if (!isAllowed) return { server, reply: { kind: 'refused' } }
  return { server: { ...server, leases: server.leases.with(path, null) }, reply: { kind: 'done' } }
}
