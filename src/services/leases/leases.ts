import type { Claim, ClaimOutcome, LeaseStore, Obstacle } from '../../coordination/lease-store.ts'
import type { Clock } from '../../domain/clock.ts'
import { AppError } from '../../domain/errors.ts'
import { newId } from '../../domain/ids.ts'
import { type ClaimVerdict, judgeClaim } from '../../domain/leases/decisions.ts'
import type { Lease, PathState } from '../../domain/leases/lease.ts'
import { decodeTextCursor } from '../../domain/page.ts'
import type { Sight } from '../access/sight.ts'
import { wholePage } from '../access/whole-page.ts'
import type { Caller } from '../running/caller.ts'
import { LeaseEnds } from './ends.ts'
import { claimRefused, deadlock, fileLocked, shuttingDown } from './errors.ts'
import { LeaseKeeper } from './keeper.ts'
import { leasePath, leasePaths, leasePrefix } from './paths.ts'
import { acquireInTurn } from './queue.ts'

export interface CheckoutRequest {
  readonly paths: readonly string[]
  readonly ttlMs?: number | undefined
  /** How long to wait for others; without it as long as the configured tries take. */
  readonly waitMs?: number | undefined
  /** No wait is longer, whatever was asked for. */
  readonly mostWaitMs?: number
  readonly purpose?: string | undefined
  /** Renew for as long as this process lives. */
  readonly keepAlive: boolean
  /** Hears of the locks that the agent did not have before. */
  readonly granted?: (fresh: readonly Lease[]) => void
}

/** What a holder says of its locks: by that very token, where one is given (with one path). */
export interface HolderRequest {
  readonly paths: readonly string[]
  readonly token?: number | undefined
}

export interface LockListRequest {
  readonly prefix?: string | undefined
  readonly agent_id?: string | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

/** Hears of an agent that wants what another one has. */
type OnWanted = (agentId: string, obstacle: Obstacle, isWaiting: boolean) => void

interface LeaseSettings {
  readonly onWanted?: OnWanted
  readonly ttlMs: number
  readonly retryCount: number
  readonly retryDelayMs: number
}

interface LeaseParts {
  readonly clock: Clock
  readonly settings: LeaseSettings
  readonly sight: Sight
}

const PAGE = 100

/** File locks: which agent works on which file, until when. */
export class Leases {
  readonly #store: LeaseStore
  readonly #clock: Clock
  readonly #settings: LeaseSettings
  readonly #sight: Sight
  readonly #keeper: LeaseKeeper
  readonly #ends: LeaseEnds
  readonly #onWanted: OnWanted
  readonly #shutdown = new AbortController()
  readonly #waiting = new Set<Promise<unknown>>()

  constructor(store: LeaseStore, { clock, settings, sight }: LeaseParts) {
    this.#store = store
    this.#sight = sight
    this.#clock = clock
    this.#settings = settings
    this.#keeper = new LeaseKeeper(store, clock)
    this.#ends = new LeaseEnds(store, clock)
    this.#onWanted = settings.onWanted ?? (() => {})
  }

  /** All of the paths for the caller, waiting its turn for as long as it said; else why not. */
  async checkout(caller: Caller, request: CheckoutRequest, signal: AbortSignal): Promise<readonly Lease[]> {
    const paths = leasePaths(caller, request.paths)
    const { ttlMs, retryCount, retryDelayMs } = this.#settings
    const budgetMs = Math.min(request.waitMs ?? retryCount * retryDelayMs, request.mostWaitMs ?? Infinity)
    const acquire = {
      requestToken: newId(),
      agentId: caller.agentId,
      paths,
      ttlMs: request.ttlMs ?? ttlMs,
      purpose: request.purpose ?? null,
    }
    const patience = {
      budgetMs,
      clock: this.#clock,
      signals: [signal, this.#shutdown.signal],
      onWait: (obstacle: Obstacle) => this.#onWanted(caller.agentId, obstacle, true),
    }
    const turn = await this.#tracked(acquireInTurn(this.#store, acquire, patience))
    if (!turn) throw this.#shutdown.signal.aborted ? shuttingDown() : cancelled()
    const { outcome, sentAtMs } = turn
    if (outcome.kind === 'deadlock') throw deadlock(outcome.cycle)
    if (outcome.kind === 'held') {
      this.#onWanted(caller.agentId, outcome, false)
      throw fileLocked(outcome, budgetMs)
    }
    if (request.keepAlive) this.#keeper.keep(outcome.leases, sentAtMs)
    else this.#keeper.refresh(outcome.leases, sentAtMs)
    this.#ends.expect(outcome.leases)
    request.granted?.(outcome.leases.filter(({ path }) => outcome.fresh.includes(path)))
    return outcome.leases
  }

  /** Ends exactly these locks: their agent never got the answer that grants them. */
  async giveBack(leases: readonly Lease[]): Promise<void> {
    for (const { agentId, path, token } of leases) {
      this.#keeper.drop(agentId, [path])
      await this.#store.release({ agentId, paths: [path], token })
    }
    this.#ends.forget(leases.map(({ path }) => path))
  }

  /** Ends every lock of an agent that is gone for good; of one that others may be too, only those of these tokens. */
  async giveBackAll(agentId: string, tokens?: ReadonlySet<number>): Promise<void> {
    this.#keeper.dropAgent(agentId)
    const page = { prefix: null, agentId, limit: PAGE }
    for (let afterPath: string | null = null; ; ) {
      const held = await this.#store.list({ ...page, afterPath })
      await this.giveBack(held.filter(({ token }) => tokens?.has(token) ?? true))
      afterPath = held.at(-1)?.path ?? null
      if (held.length < PAGE) return
    }
  }

  async checkin(caller: Caller, request: HolderRequest): Promise<readonly Lease[]> {
    const claim = claimOf(caller, request)
    this.#keeper.drop(claim.agentId, claim.paths)
    const leases = granted(await this.#store.release(claim))
    this.#ends.forget(claim.paths)
    return leases
  }

  /** Lets the locks run so long from now; without a time as long as they were given. */
  async renew(
    caller: Caller,
    request: HolderRequest & { ttlMs?: number | undefined },
  ): Promise<readonly Lease[]> {
    const claim = claimOf(caller, request)
    const sentAtMs = this.#clock.monotonic()
    const leases = granted(await this.#store.renew({ ...claim, ttlMs: request.ttlMs ?? null }))
    this.#keeper.refresh(leases, sentAtMs)
    this.#ends.expect(leases)
    return leases
  }

  /** Whether the caller still has the file by this very lock. */
  async verify(
    caller: Caller,
    { path, token }: { path: string; token: number },
  ): Promise<{ path: string; standing: ClaimVerdict['kind']; state: PathState }> {
    const real = leasePath(caller, path)
    const state = await this.#store.find(real)
    return { path: real, standing: judgeClaim(state, { agentId: caller.agentId, token }).kind, state }
  }

  async status(caller: Caller, path: string): Promise<PathState & { path: string }> {
    const real = leasePath(caller, path)
    return { path: real, ...(await this.#store.find(real)) }
  }

  /** Live locks by path, those that the caller may see. */
  async list(
    caller: Caller,
    request: LockListRequest,
  ): Promise<{ page: Lease[]; next: { next_cursor?: string } }> {
    const { prefix, agent_id: agentId, limit, cursor } = request
    const wanted = {
      prefix: prefix === undefined ? null : leasePrefix(caller, prefix),
      agentId: agentId ?? null,
    }
    return wholePage({
      limit,
      after: decodeTextCursor(cursor),
      read: (afterPath, most) => this.#store.list({ ...wanted, afterPath, limit: most }),
      keyOf: (lease) => lease.path,
      seen: (leases) => this.#sight.of(caller, leases, ({ path }, places) => places.lock(path)),
    })
  }

  /** The agents that wait for each path, in the order in which they came. */
  async queues(): Promise<ReadonlyMap<string, readonly string[]>> {
    const byPath = Map.groupBy(await this.#store.waits(), ({ path }) => path)
    return new Map(
      [...byPath].map(([path, waits]) => [path, [...new Set(waits.map(({ agentId }) => agentId))]]),
    )
  }

  /** Ends another agent's lock; the event names the agent that did so and its reason. */
  async forceUnlock(caller: Caller, { path, reason }: { path: string; reason: string }): Promise<Lease> {
    const real = leasePath(caller, path)
    const lease = await this.#store.forceRelease({ path: real, agentId: caller.agentId, reason })
    if (lease) return lease
    throw new AppError('LOCK_NOT_FOUND', `${real} is not locked.`, { details: { file_path: real } })
  }

  /** Ends the renewals of an agent whose connection has closed; its locks run out by themselves. */
  stopKeeping(agentId: string): void {
    this.#keeper.dropAgent(agentId)
  }

  /** Ends all renewals and waits; what is held runs out by itself. */
  async close(): Promise<void> {
    this.#keeper.close()
    this.#ends.close()
    this.#shutdown.abort()
    await Promise.allSettled(this.#waiting)
  }

  async #tracked<T>(wait: Promise<T>): Promise<T> {
    this.#waiting.add(wait)
    return wait.finally(() => this.#waiting.delete(wait))
  }
}

function claimOf(caller: Caller, { paths, token }: HolderRequest): Claim {
  return { agentId: caller.agentId, paths: leasePaths(caller, paths), token: token ?? null }
}

function granted(outcome: ClaimOutcome): readonly Lease[] {
  if (outcome.kind === 'done') return outcome.leases
  throw claimRefused(outcome)
}

function cancelled(): AppError {
  return new AppError('FILE_LOCKED', 'The wait was cancelled; nothing was locked.')
}
