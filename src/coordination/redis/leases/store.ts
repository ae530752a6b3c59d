import { AppError } from '../../../domain/errors.ts'
import type { AcquireRequest } from '../../../domain/leases/decisions.ts'
import type { Lease, LeaseFilter, LeaseName, PathState } from '../../../domain/leases/lease.ts'
import type { Wait } from '../../../domain/leases/queue.ts'
import type {
  AcquireOutcome,
  Claim,
  ClaimOutcome,
  LeaseStore,
  Obstacle,
  QueuedRequest,
  WaitingFor,
} from '../../lease-store.ts'
import { withDeadline } from '../connection/deadline.ts'
import { describeRedisError, RedisAwayError, remedyOf } from '../connection/errors.ts'
import type { RedisLink, Send } from '../connection/link.ts'
import { type LeaseCallParts, LeaseCalls, type Reply, type Request } from './calls.ts'
import type { ExpiryNote } from './expiry-note.ts'
import { GrantedLeases } from './granted.ts'
import { LeaseOutbox, type LeaseOutboxParts } from './outbox.ts'
import { LeaseReplies, type LeaseReply } from './scripts.ts'

export interface RedisLeaseParts extends Omit<LeaseCallParts, 'replies' | 'onTold'> {
  /** Writes down changes of holders; see LeaseOutbox. */
  readonly record: LeaseOutboxParts['record']
  /** The number of the last change that was written down. */
  readonly lastChange: () => Promise<number>
  /** Of these leases those that have ended, or were followed by another one, by what was written down. */
  readonly endedLeases: (leases: readonly LeaseName[]) => Promise<readonly LeaseName[]>
  /** How long leases of before may live, as the database knows it (ms from now). */
  readonly recoveryMs: () => Promise<number>
  /** Where it is written down how long leases may live: so long a Redis that lost them waits. */
  readonly expiry: ExpiryNote
}

type Operation = Exclude<keyof LeaseCalls, 'acquire' | 'release' | 'reassertion' | 'outbox' | 'learnRecorded'>

const CLOSE_MS = 500
const REASSERTED_AT_ONCE = 200
/** Between the database's answer and Redis' own clock some time may pass. */
const RECOVERY_SLACK_MS = 1_000

/**
 * Leases in Redis, each operation one script. Without Redis nothing is granted, and nothing else decides in
 * its place: every method throws LOCK_STORE_UNAVAILABLE. After Redis lost its memory new grants wait
 * (LOCK_RECOVERING) until every lease from before has run out, while instances put back what they granted.
 */
export class RedisLeaseStore implements LeaseStore {
  readonly backend = 'redis'
  readonly #parts: RedisLeaseParts
  readonly #calls: LeaseCalls
  readonly #granted: GrantedLeases
  readonly #outbox: LeaseOutbox
  readonly #watchers = new Map<string, () => void>()

  constructor(parts: RedisLeaseParts) {
    this.#parts = parts
    this.#granted = new GrantedLeases(parts.clock)
    const replies = new LeaseReplies()
    this.#calls = new LeaseCalls({ ...parts, replies, onTold: () => this.#outbox.wake() })
    const look = () => this.#calls.outbox()
    this.#outbox = new LeaseOutbox({
      ...parts,
      replies,
      look,
      onJunk: (count) => parts.junk.found('lock:outbox', count),
    })
  }

  /** Subscribes to wake-ups, and to which leases another instance looks after. */
  async start(feed: RedisLink): Promise<void> {
    this.#outbox.start()
    await feed.subscribe(this.#parts.keys.leaseChannel, (message) => this.#hear(message))
  }

  /** Writes the last changes down, as far as that is possible at once. */
  async close(): Promise<void> {
    await withDeadline(this.#outbox.drain(), CLOSE_MS).catch(() => {})
    this.#outbox.close()
  }

  /** Part of the handshake of a connection, before its first use: puts right what Redis may have forgotten. */
  async reassert(send: Send): Promise<void> {
    // While the database is away nothing is granted.
    this.#calls.learnRecorded(await this.#parts.lastChange().catch(() => 0))
    await this.#forgetEnded()
    const say = (request: Request) => send(this.#calls.reassertion(request))
    const claims = this.#granted.reassertions()
    await say({ live: claims.map(({ path }) => path), claims: [] })
    for (let start = 0; start < claims.length; start += REASSERTED_AT_ONCE)
      await say({ claims: claims.slice(start, start + REASSERTED_AT_ONCE) })
  }

  /** The news that a lease has ended may have been lost with the connection. */
  async #forgetEnded(): Promise<void> {
    const held = this.#granted
      .reassertions()
      .map(({ path, fencing_token }) => ({ path, token: Number(fencing_token) }))
    if (held.length === 0) return
    const ended = await this.#parts.endedLeases(held).catch(() => [])
    for (const { path, token } of ended) this.#granted.dropUntil(path, token)
  }

  async acquire(request: AcquireRequest): Promise<AcquireOutcome> {
    const { requestToken, agentId, paths, ttlMs, purpose, wait } = request
    const reply = await this.#calls
      .acquire({
        request: requestToken,
        agent_id: agentId,
        paths,
        ttl_ms: ttlMs,
        wait,
        ...(purpose === null ? {} : { purpose }),
      })
      .catch(refuse)
    if (reply.kind === 'granted') return this.#granting(reply, agentId)
    if (reply.kind === 'deadlock') return { kind: 'deadlock', cycle: cycleOf(reply) }
    if (reply.kind === 'recovering') throw recovering(await this.#recoveryMs(Number(reply.extra['retry_ms'])))
    if (reply.kind === 'held') return { kind: 'held', ...obstacleOf(reply) }
    return { kind: 'queued', ...obstacleOf(reply), retryInMs: Number(reply.extra['retry_ms']) }
  }

  async renew({ ttlMs, ...claim }: Claim & { ttlMs: number | null }): Promise<ClaimOutcome> {
    const ttl = ttlMs === null ? {} : { ttl_ms: ttlMs }
    const reply = await this.#ask('renew', { ...requestOf(claim), ...ttl })
    if (reply.kind !== 'done') return refusalOf(reply)
    await this.#keep(reply)
    return { kind: 'done', leases: reply.leases }
  }

  async release(claim: Claim): Promise<ClaimOutcome> {
    const leases = this.#granted.claimed(claim)
    this.#granted.drop(claim.paths, claim.agentId)
    const reply = await this.#calls.release(requestOf(claim), leases).catch(refuse)
    if (reply.kind !== 'done') return refusalOf(reply)
    return { kind: 'done', leases: reply.leases }
  }

  async forceRelease({
    path,
    agentId,
    reason,
  }: {
    path: string
    agentId: string
    reason: string
  }): Promise<Lease | null> {
    this.#granted.drop([path], null)
    const { leases } = await this.#ask('force', { paths: [path], agent_id: agentId, reason })
    const [lease = null] = leases
    // An operator who forces a release wants it on record. Should the write fail now, it is repeated within a
    // second or so.
    if (lease) await this.#outbox.drain().catch(() => {})
    return lease
  }

  async leave(requestToken: string): Promise<void> {
    await this.#ask('leave', { request: requestToken, paths: [] })
  }

  async find(path: string): Promise<PathState> {
    const { kind, leases, extra } = await this.#ask('find', { paths: [path] })
    const [lease = null] = leases
    const isHeld = kind === 'held'
    return { lease: isHeld ? lease : null, former: isHeld ? null : lease, waiting: Number(extra['waiting']) }
  }

  async list({ prefix, agentId, afterPath, limit }: LeaseFilter): Promise<Lease[]> {
    const { leases } = await this.#ask('list', {
      paths: [],
      limit,
      ...(prefix === null ? {} : { prefix }),
      ...(agentId === null ? {} : { agent_id: agentId }),
      ...(afterPath === null ? {} : { after: afterPath }),
    })
    return [...leases]
  }

  async count(): Promise<number> {
    return (await this.condition()).held
  }

  async waits(): Promise<readonly WaitingFor[]> {
    const { extra } = await this.#ask('waits', { paths: [] })
    const waiters = extra['waiters'] as readonly { agent_id: string; paths: readonly string[] }[]
    return waiters.flatMap(({ agent_id: agentId, paths }) => paths.map((path) => ({ agentId, path })))
  }

  /** For health: how many leases live, and for how long new ones are still refused after Redis lost its memory. */
  async condition(): Promise<{ held: number; recoveringMs: number }> {
    const { extra } = await this.#ask('list', { paths: [], count_only: true, limit: 0 })
    return { held: Number(extra['count']), recoveringMs: Number(extra['recovering_ms']) }
  }

  watch({ requestToken }: QueuedRequest, wake: () => void): () => void {
    this.#watchers.set(requestToken, wake)
    // What was released before it was watched would be missed.
    void this.#lookFor(requestToken, wake)
    return () => {
      if (this.#watchers.get(requestToken) === wake) this.#watchers.delete(requestToken)
    }
  }

  async #lookFor(requestToken: string, wake: () => void): Promise<void> {
    try {
      const { kind } = await this.#ask('turn', { request: requestToken, paths: [] })
      if (kind === 'yes' && this.#watchers.get(requestToken) === wake) wake()
    } catch {
      // It tries for itself after a while, and meets the same trouble as an answer.
    }
  }

  /**
   * What Redis says of the time until leases from before have run out, as far as the database agrees: a clock
   * that was set back, or a client that wrote another end, must not keep every waiter waiting.
   */
  async #recoveryMs(retryMs: number): Promise<number> {
    const knownMs = await this.#parts.recoveryMs().catch(() => retryMs)
    if (retryMs <= knownMs + RECOVERY_SLACK_MS) return retryMs
    await this.#ask('settle', { recover_ms: Math.ceil(knownMs) })
    return Math.max(1, Math.ceil(knownMs))
  }

  #hear(message: string): void {
    const [word, first = '', second, ...rest] = message.split(' ')
    if (word === 'wake') this.#watchers.get(first)?.()
    if (word === 'gone' && first === this.#parts.instanceId)
      this.#granted.dropUntil(rest.join(' '), Number(second))
  }

  async #granting(reply: Reply, agentId: string): Promise<AcquireOutcome> {
    const fresh = (reply.extra['fresh'] ?? []) as string[]
    try {
      await this.#keep(reply)
    } catch (error) {
      const claim = { agentId, paths: fresh, token: null }
      if (fresh.length > 0) await this.#calls.release(requestOf(claim), []).catch(refuse)
      throw error
    }
    return { kind: 'granted', leases: reply.leases, fresh }
  }

  /** Writes down how long the leases may live; their holder gets them only after that. */
  async #keep({ raw, now, epoch, sentAtMs }: Reply): Promise<void> {
    const leftMs = Math.max(...raw.map(({ lease }) => lease.expires - now))
    await this.#parts.expiry.note(leftMs, epoch).catch((error: unknown) => {
      throw error instanceof RedisAwayError ? unavailable(error) : error
    })
    this.#granted.keep(raw, { redisNow: now, sentAtMs })
  }

  #ask(operation: Operation, request: Request): Promise<Reply> {
    return this.#calls[operation](request).catch(refuse)
  }
}

function requestOf({ agentId, paths, token }: Claim): Request {
  return { agent_id: agentId, paths, ...(token === null ? {} : { token: String(token) }) }
}

function refusalOf({ extra, leases }: LeaseReply): Extract<ClaimOutcome, { kind: 'refused' }> {
  const reason = extra['reason'] as Extract<ClaimOutcome, { kind: 'refused' }>['reason']
  return { kind: 'refused', path: String(extra['path']), reason, lease: leases[0] ?? null }
}

function obstacleOf({ extra, leases }: LeaseReply): Obstacle {
  return { path: String(extra['path']), agentId: String(extra['agent_id']), lease: leases[0] ?? null }
}

function cycleOf({ extra }: LeaseReply): Wait[] {
  const cycle = extra['cycle'] as { agent_id: string; path: string; held_by: string }[]
  return cycle.map(({ agent_id: agentId, path, held_by: heldBy }) => ({ agentId, path, heldBy }))
}

function refuse(error: unknown): never {
  throw unavailable(error)
}

function unavailable(cause: unknown): AppError {
  const why = describeRedisError(cause)
  return new AppError('LOCK_STORE_UNAVAILABLE', `Redis, which keeps the file locks, cannot do it: ${why}.`, {
    cause,
    suggestion: `Nothing was granted. ${remedyOf(why)} Then try again.`,
  })
}

function recovering(retryMs: number): AppError {
  return new AppError(
    'LOCK_RECOVERING',
    'Redis has lost its locks; until those from before have run out nobody gets a new one.',
    {
      details: { retry_after_ms: retryMs },
    },
  )
}
