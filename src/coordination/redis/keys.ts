/** Every key of ours, under one prefix. Two prefixes (or database numbers) never act on one another. */
export class RedisKeys {
  readonly prefix: string
  /** Marks the deployment in an event: pub/sub knows neither prefix nor database number. */
  readonly namespace: string
  /**
   * Hash: `server` this was written to, `database` that it is of, `epoch`, `recover_until` (epoch ms of its clock), `change` and `memories`
   * counters, `told`: the number of the last event that was published.
   */
  readonly meta: string
  /** Written and removed in one step, to see whether Redis does that. */
  readonly trial: string
  /** The instance that is beginning an epoch, for a moment. */
  readonly beginner: string
  /** Name of the database that uses this Redis; ends a while after its last sign of life. */
  readonly owner: string
  /**
   * Hash: scope key → version, after a '~' where a later one may have been published and lost; '#' → name of
   * what it knows since.
   */
  readonly versions: string
  /** Sorted set of the latest events that were published, by number. */
  readonly published: string
  /**
   * Hash: path → lease; sorted set of paths by expiry; hash of waiting requests; sorted set of changes to be written down.
   */
  readonly leases: string
  readonly leaseIndex: string
  readonly leaseWaiters: string
  readonly leaseOutbox: string
  /** Channel of the instances: requests that may try again, leases that another instance looks after now. */
  readonly leaseChannel: string

  constructor(prefix: string, db: number) {
    this.prefix = prefix
    this.namespace = `${prefix}@${db}`
    this.meta = `${prefix}meta`
    this.trial = `${prefix}trial`
    this.beginner = `${prefix}beginner`
    this.owner = `${prefix}owner`
    this.versions = `${prefix}versions`
    this.published = `${prefix}published`
    this.leases = `${prefix}lock:leases`
    this.leaseIndex = `${prefix}lock:index`
    this.leaseWaiters = `${prefix}lock:waiters`
    this.leaseOutbox = `${prefix}lock:outbox`
    this.leaseChannel = `${prefix}lock:channel:${db}`
  }

  /** The lock itself, as the guide shows it. */
  lock(path: string): string {
    return `${this.prefix}lock:file:${path}`
  }

  /** The answer to an operation, for its retry when the first answer was lost. */
  leaseDone(operation: string): string {
    return `${this.prefix}lock:done:${operation}`
  }

  /** The time when a whole window's calls of one agent, or of all, are free again. */
  rate(whose: string): string {
    return `${this.prefix}rate:${whose}`
  }

  answer(digest: string): string {
    return `${this.prefix}cache:q:${digest}`
  }

  /** Held by the instance that reads the answer from the database. */
  fill(digest: string): string {
    return `${this.prefix}cache:fill:${digest}`
  }
}
