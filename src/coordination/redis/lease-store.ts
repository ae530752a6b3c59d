import { randomUUID } from 'node:crypto'
import type { Clock } from '../../domain/clock.ts'
import { AppError } from '../../domain/errors.ts'
import { type Lease, type LeaseFilter, type PathState, SILENT_AFTER_MS } from '../../domain/lease.ts'
import type { AcquireRequest } from '../../domain/lease-decisions.ts'
import type { Wait } from '../../domain/lease-queue.ts'
import type {
  AcquireOutcome,
  Claim,
  ClaimOutcome,
  LeaseStore,
  Obstacle,
  QueuedRequest,
} from '../lease-store.ts'
import { withDeadline } from './deadline.ts'
import type { RedisEpoch } from './epoch.ts'
import { describeRedisError, mendOf, RedisAwayError } from './errors.ts'
import type { ExpiryNote } from './expiry-note.ts'
import { GrantedLeases } from './granted-leases.ts'
import type { RedisKeys } from './keys.ts'
import { LeaseOutbox, type LeaseOutboxParts } from './lease-outbox.ts'
import { LeaseReplies, type LeaseReply, loadLeaseScripts } from './lease-scripts.ts'
import type { RedisLink, Send } from './link.ts'
import type { Script } from './script.ts'

export interface RedisLeaseParts {
  readonly link: RedisLink
  readonly keys: RedisKeys
  readonly epoch: RedisEpoch
  readonly instanceId: string
  readonly clock: Clock
  /** Writes down changes of holders; see LeaseOutbox. */
  readonly record: LeaseOutboxParts['record']
  /** Where it is written down how long leases may live: so long a Redis that lost them waits. */
  readonly expiry: ExpiryNote
}

/** What was answered, and in which epoch. */
type Reply = LeaseReply & { readonly epoch: string }
type Body = Readonly<Record<string, unknown>>

const DEADLINE_MS = 1_000
const CLOSE_MS = 500
const REASSERTED_AT_ONCE = 200

/**
 * Leases in Redis, each operation one script. Without Redis nothing is granted and nobody else decides: every method throws
 * LOCK_STORE_UNAVAILABLE. After Redis lost its memory new grants wait (LOCK_RECOVERING) until every lease from before has
 * run out, while instances put back what they granted.
 */
export class RedisLeaseStore implements LeaseStore {
  readonly backend = 'redis'
  readonly #parts: RedisLeaseParts
  readonly #scripts = loadLeaseScripts()
  readonly #replies = new LeaseReplies()
  readonly #granted: GrantedLeases
  readonly #outbox: LeaseOutbox
  readonly #watchers = new Map<string, () => void>()
  /** Numbers the calls: a release ends nothing that was asked for after it, however late it arrives. */
  #asked = 0
  /** What Redis' clock showed in the last answer, and this machine's clocks before that was asked for. */
  #clocks: { readonly redisNow: number; readonly monotonicMs: number; readonly wallMs: number } | undefined
  readonly #keyNames: readonly string[]

  constructor(parts: RedisLeaseParts) {
    const { meta, leases, leaseIndex, leaseWaiters, leaseOutbox } = parts.keys
    this.#parts = parts
    this.#keyNames = [meta, leases, leaseIndex, leaseWaiters, leaseOutbox]
    this.#granted = new GrantedLeases(parts.clock)
    this.#outbox = new LeaseOutbox({ ...parts, replies: this.#replies })
  }

  /** Begins to hear who is woken, and which leases another instance looks after. */
  async start(feed: RedisLink): Promise<void> {
    this.#outbox.start()
    await feed.subscribe(this.#parts.keys.leaseChannel, (message) => this.#hear(message))
  }

  /** Writes the last changes down, as far as that is possible at once. */
  async close(): Promise<void> {
    await withDeadline(this.#outbox.drain(), CLOSE_MS).catch(() => {})
    this.#outbox.close()
  }

  /** Part of the handshake of a connection, before anybody uses it: puts right what Redis may have forgotten. */
  async reassert(send: Send): Promise<void> {
    const { text } = this.#scripts.reassert
    const keys = [String(this.#keyNames.length), ...this.#keyNames]
    const say = (body: Body) => send(['EVAL', text, ...keys, ...this.#args(JSON.stringify(body), false)])
    const claims = this.#granted.reassertions()
    await say({ live: claims.map(({ path }) => path), claims: [] })
    for (let start = 0; start < claims.length; start += REASSERTED_AT_ONCE)
      await say({ claims: claims.slice(start, start + REASSERTED_AT_ONCE) })
  }

  async acquire(request: AcquireRequest): Promise<AcquireOutcome> {
    const { requestToken, agentId, paths, ttlMs, purpose, wait } = request
    const sentAtMs = this.#parts.clock.monotonic()
    const reply = await this.#run(this.#scripts.acquire, {
      request: requestToken,
      agent_id: agentId,
      paths,
      ttl_ms: ttlMs,
      wait,
      ...(purpose === null ? {} : { purpose }),
    })
    if (reply.kind === 'granted') return this.#granting(reply, { agentId, sentAtMs })
    if (reply.kind === 'deadlock') return { kind: 'deadlock', circle: circleOf(reply) }
    if (reply.kind === 'recovering') throw recovering(Number(reply.extra['retry_ms']))
    if (reply.kind === 'held') return { kind: 'held', ...obstacleOf(reply) }
    return { kind: 'queued', ...obstacleOf(reply), retryInMs: Number(reply.extra['retry_ms']) }
  }

  async renew({ ttlMs, ...claim }: Claim & { ttlMs: number | null }): Promise<ClaimOutcome> {
    const sentAtMs = this.#parts.clock.monotonic()
    const act = { act: 'renew', ...(ttlMs === null ? {} : { ttl_ms: ttlMs }) }
    const reply = await this.#run(this.#scripts.claim, claimBody(claim, act))
    if (reply.kind !== 'done') return refusalOf(reply)
    await this.#keep(reply, sentAtMs)
    return { kind: 'done', leases: reply.leases }
  }

  async release(claim: Claim): Promise<ClaimOutcome> {
    this.#granted.drop(claim.paths, claim.agentId)
    const act = { act: 'release', ...this.#askedBy() }
    const reply = await this.#runOnce(this.#scripts.claim, claimBody(claim, act))
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
    const { leases } = await this.#runOnce(this.#scripts.force, { paths: [path], agent_id: agentId, reason })
    const [lease = null] = leases
    // Who forces wants it on record. Should that fail now, it is done within a second or so.
    if (lease) await this.#outbox.drain().catch(() => {})
    return lease
  }

  async leave(requestToken: string): Promise<void> {
    await this.#run(this.#scripts.leave, { request: requestToken, paths: [] })
  }

  async find(path: string): Promise<PathState> {
    const { kind, leases, extra } = await this.#run(this.#scripts.find, { paths: [path] })
    const [lease = null] = leases
    const isHeld = kind === 'held'
    return { lease: isHeld ? lease : null, former: isHeld ? null : lease, waiting: Number(extra['waiting']) }
  }

  async list({ prefix, agentId, afterPath, limit }: LeaseFilter): Promise<Lease[]> {
    const { leases } = await this.#run(this.#scripts.list, {
      paths: [],
      limit,
      ...(prefix === null ? {} : { prefix }),
      ...(agentId === null ? {} : { agent_id: agentId }),
      ...(afterPath === null ? {} : { after: afterPath }),
    })
    return [...leases]
  }

  async count(): Promise<number> {
    const { extra } = await this.#run(this.#scripts.list, { paths: [], count_only: true, limit: 0 })
    return Number(extra['count'])
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
      const { kind } = await this.#run(this.#scripts.turn, { request: requestToken, paths: [] })
      if (kind === 'yes' && this.#watchers.get(requestToken) === wake) wake()
    } catch {
      // It tries for itself after a while, and meets the same trouble as an answer.
    }
  }

  #hear(message: string): void {
    const [word, first = '', second, ...rest] = message.split(' ')
    if (word === 'wake') this.#watchers.get(first)?.()
    if (word === 'gone' && first === this.#parts.instanceId)
      this.#granted.dropUntil(rest.join(' '), Number(second))
  }

  async #granting(
    reply: Reply,
    { agentId, sentAtMs }: { agentId: string; sentAtMs: number },
  ): Promise<AcquireOutcome> {
    const fresh = (reply.extra['fresh'] ?? []) as string[]
    try {
      await this.#keep(reply, sentAtMs)
    } catch (error) {
      if (fresh.length > 0)
        await this.#run(
          this.#scripts.claim,
          claimBody({ agentId, paths: fresh, token: null }, { act: 'release' }),
        )
      throw error
    }
    return { kind: 'granted', leases: reply.leases, fresh }
  }

  /** Until it is written down how long the leases may live, their holder has not been told that it has them. */
  async #keep({ raw, now, epoch }: Reply, sentAtMs: number): Promise<void> {
    const leftMs = Math.max(...raw.map(({ lease }) => lease.expires - now))
    await this.#parts.expiry.note(leftMs, epoch).catch((error: unknown) => {
      throw error instanceof RedisAwayError ? unavailable(error) : error
    })
    this.#granted.keep(raw, { redisNow: now, sentAtMs })
  }

  /** For what must not be done twice: tried again after a lost answer, it finds the answer. */
  #runOnce(script: Script, request: Body): Promise<Reply> {
    return this.#run(script, { ...request, done_key: this.#parts.keys.leaseDone(randomUUID()) })
  }

  async #run(script: Script, request: Body): Promise<Reply> {
    const { link, clock, epoch } = this.#parts
    const body = JSON.stringify({ ...request, asked: ++this.#asked })
    const sentAt = clock.now()
    const monotonicMs = clock.monotonic()
    let tries = 0
    let epochOfTry = epoch.current
    const args = () => {
      epochOfTry = epoch.current
      return this.#args(body, tries++ > 0)
    }
    try {
      const answer = await link.run(script, this.#keyNames, args, DEADLINE_MS)
      const reply = this.#replies.parse(answer, { sentAt, receivedAt: clock.now() })
      this.#clocks = { redisNow: reply.now, monotonicMs, wallMs: sentAt }
      if (reply.hasTold) this.#outbox.wake()
      return { ...reply, epoch: epochOfTry }
    } catch (error) {
      throw unavailable(error)
    }
  }

  /** It is not later than this by Redis' clock, which tells whole milliseconds. The monotonic one stops while a machine sleeps. */
  #askedBy(): Body {
    if (!this.#clocks) return {}
    const { redisNow, monotonicMs, wallMs } = this.#clocks
    const { clock } = this.#parts
    const sinceMs = Math.max(clock.monotonic() - monotonicMs, clock.now() - wallMs)
    return { asked_by: Math.ceil(redisNow + 1 + sinceMs) }
  }

  #args(body: string, isRetry: boolean): string[] {
    const { keys, epoch, instanceId } = this.#parts
    const silentMs = String(SILENT_AFTER_MS)
    return [epoch.current, instanceId, keys.lock(''), keys.leaseChannel, silentMs, isRetry ? '1' : '0', body]
  }
}

function claimBody({ agentId, paths, token }: Claim, act: Body): Body {
  return { agent_id: agentId, paths, ...act, ...(token === null ? {} : { token: String(token) }) }
}

function refusalOf({ extra, leases }: LeaseReply): Extract<ClaimOutcome, { kind: 'refused' }> {
  const reason = extra['reason'] as Extract<ClaimOutcome, { kind: 'refused' }>['reason']
  return { kind: 'refused', path: String(extra['path']), reason, lease: leases[0] ?? null }
}

function obstacleOf({ extra, leases }: LeaseReply): Obstacle {
  return { path: String(extra['path']), agentId: String(extra['agent_id']), lease: leases[0] ?? null }
}

function circleOf({ extra }: LeaseReply): Wait[] {
  const circle = extra['circle'] as { agent_id: string; path: string; held_by: string }[]
  return circle.map(({ agent_id: agentId, path, held_by: heldBy }) => ({ agentId, path, heldBy }))
}

function unavailable(cause: unknown): AppError {
  const why = describeRedisError(cause)
  return new AppError('LOCK_STORE_UNAVAILABLE', `Redis, which keeps the file locks, cannot do it: ${why}.`, {
    cause,
    suggestion: `Nothing was granted. ${mendOf(why)} Then try again.`,
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
