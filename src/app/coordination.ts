import type { Config } from '../config.ts'
import type { Cache } from '../coordination/cache.ts'
import type { EventBus } from '../coordination/event-bus.ts'
import type { LeaseStore } from '../coordination/lease-store.ts'
import type { RateLimiter, RateLimits } from '../coordination/rate-limiter.ts'
import type { Clock } from '../domain/clock.ts'
import type { EventOrigin } from '../services/events.ts'
import type { Probes } from '../services/running/health.ts'
import type { Store } from '../store/store.ts'
import type { Log } from '../transports/log.ts'

/** What the instances of one deployment share beside the database. */
export interface Coordination {
  readonly cache: Cache
  readonly bus: EventBus
  readonly leaseStore: LeaseStore
  /** The origin that events on the deployment's channel carry; left out where there is no channel. */
  readonly originOf?: () => EventOrigin
  /** Of all instances together over Redis, otherwise of this process alone. */
  rateLimiter(limits: RateLimits): RateLimiter
  readonly probes: Pick<Probes, 'redis' | 'locks' | 'events'>
  /** Ends it once `work` has ended, or at the latest after what a stop may take: then `work` is made to fail. */
  close(work: Promise<unknown>): Promise<void>
}

export interface CoordinationParts {
  readonly store: Store
  readonly config: Config
  readonly clock: Clock
  readonly instanceId: string
  readonly log: Log
  readonly patience: Patience
}

/** Other times than the product's, for tests in which the machine may be slow. */
export interface Patience {
  /** A waiter for a lock that has not tried for so long is passed over. */
  readonly silentAfterMs?: number | undefined
  /** How long an answer of Redis may take. */
  readonly answerMs?: number | undefined
}
