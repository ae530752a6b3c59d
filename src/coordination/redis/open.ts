import type { Clock } from '../../domain/clock.ts'
import type { MemoryEvent } from '../../domain/event.ts'
import { type LeaseName, type NumberedChange, SILENT_AFTER_MS } from '../../domain/leases/lease.ts'
import type { Cache, Versions } from '../cache.ts'
import type { LogPage } from '../event-bus.ts'
import type { LeaseStore } from '../lease-store.ts'
import type { RateLimiter, RateLimits } from '../rate-limiter.ts'
import { sharedLooks } from '../shared-looks.ts'
import { RedisCache } from './cache.ts'
import { Absence } from './connection/absence.ts'
import { type RedisSettings, redisAddress } from './connection/address.ts'
import { type LinkStatus, RedisLink } from './connection/link.ts'
import { checkRights } from './connection/rights.ts'
import { RedisServers } from './connection/servers.ts'
import { RedisFeed } from './events/feed.ts'
import { RedisPublisher } from './events/publisher.ts'
import { Junk } from './junk.ts'
import { RedisKeys } from './keys.ts'
import { type EpochSource, RedisEpoch } from './leases/epoch.ts'
import { ExpiryNote, type NoteExpiry } from './leases/expiry-note.ts'
import { RedisLeaseStore } from './leases/store.ts'
import { removeMisfits } from './misfits.ts'
import { RedisRateLimiter } from './rate-limiter.ts'
import { Seal } from './seal.ts'
import { probeServer, type ServerProbe } from './server-probe.ts'

export interface RedisOptions extends RedisSettings {
  readonly keyPrefix: string
  readonly eventChannel: string
  readonly cacheTtlMs: number
  readonly cacheMaxBytes: number
  readonly maxRetries: number
  /** How long a lock lasts that says nothing itself. */
  readonly lockTtlMs: number
  /** A waiter for a lock that has not tried for so long is passed over: SILENT_AFTER_MS, except where a test may be slow. */
  readonly silentAfterMs?: number | undefined
  /** How long an answer may take: a second, except where a test may be slow. */
  readonly answerMs?: number | undefined
  /** How long to wait for the first connection. It goes on being tried afterwards. */
  readonly patienceMs: number
  /** Whether a first try that fails is not the last within that time. */
  readonly required?: boolean
}

/** What the coordination asks of the database. */
export interface DatabasePort extends EpochSource {
  /** The database's id, and the secret that only readers of the database know. */
  identity(): Promise<{ readonly id: string; readonly secret: string }>
  readVersions(keys: readonly string[]): Promise<Versions>
  readAllVersions(): Promise<Versions>
  eventsAfter(seq: number, limit: number): Promise<LogPage>
  lastSeq(): Promise<number>
  /** The number of the last change of holder that was written down. */
  lastLeaseChange(): Promise<number>
  /** Of these leases those that have ended, or were followed by another one, by what was written down. */
  endedLeases(leases: readonly LeaseName[]): Promise<readonly LeaseName[]>
  /** How many leases instances without Redis hold in the database itself: while there is one, none is granted in Redis. */
  countLeases(): Promise<number>
  /** Keeps in mind that a lease may live for so long from now, for recoveryMs. */
  readonly noteExpiry: NoteExpiry
}

export interface RedisStatus extends LinkStatus {
  /** It works, but another database uses it under this prefix. */
  readonly isForeign: boolean
  readonly mode: 'standalone' | 'sentinel' | 'cluster'
  readonly host: string
  readonly port: number
}

export interface LockCondition {
  readonly held: number
  /** For so long new locks are refused, since Redis lost those of before. */
  readonly recoveringMs: number
  /** So many are held in the database by instances without Redis: new locks are refused until they end. */
  readonly heldElsewhere: number
  /** False where another Redis server, or key prefix, keeps the locks of this database: what is asked for here is refused. */
  readonly isInCharge: boolean
}

/** All that runs over Redis, for one instance. */
export interface RedisCoordination {
  readonly cache: Cache
  readonly leases: LeaseStore
  /** How it stands with the locks. Throws while Redis does not do its work. */
  lockCondition(): Promise<LockCondition>
  /** True while every event that was published until a second ago has been heard. */
  isFeedFresh(): boolean
  /** Tells the other instances what this one has committed; at most 250 ms, and it never throws. */
  publish(events: readonly MemoryEvent[]): Promise<void>
  /** The deployment of these events; the epoch is not known before the first connection. */
  origin(): { readonly ns: string; readonly epoch?: number }
  status(): RedisStatus
  /** Of the second connection, on which news is heard. */
  newsStatus(): LinkStatus
  /** What stood in Redis that no instance can have written: place → how often, as far as it was found lately. */
  junk(): Readonly<Record<string, number>>
  /** Counts the calls of all instances together. */
  rateLimiter(limits: RateLimits): RateLimiter
  /** Throws while there is no connection. */
  probe(): Promise<ServerProbe>
  close(): Promise<void>
}

export interface RedisParts {
  readonly instanceId: string
  readonly clock: Clock
  /** What entries are stamped by: kept answers end by it. */
  readonly entryClock: Clock
  readonly database: DatabasePort
  /** Something was committed, perhaps by another instance. */
  readonly onChange: () => void
  /** Writes changes of holders down, those that were not written yet. */
  readonly recordLeases: (changes: readonly NumberedChange[]) => Promise<void>
  /** Called once for each time without a connection, and once at its end. */
  readonly onAway: (error: string) => void
  readonly onBack: () => void
  /** Called once for each place in Redis that holds something which no instance can have written. */
  readonly onJunk: (place: string) => void
}

/** Connects, or goes on trying for ever: `status` says which. */
export async function openRedis(options: RedisOptions, parts: RedisParts): Promise<RedisCoordination> {
  const address = redisAddress(options)
  const { instanceId, clock, database, onChange } = parts
  const { readVersions, readAllVersions, eventsAfter, lastSeq } = database
  const { maxRetries, connectTimeoutMs, eventChannel: channel } = options
  const keys = new RedisKeys(options.keyPrefix, address.db)
  const { id: databaseId, secret } = await database.identity()
  const seal = new Seal(secret)
  const epoch = new RedisEpoch({ keys, source: database, leaseMs: options.lockTtlMs })
  const servers = new RedisServers(options, address, keys.meta)
  const [connector, feedConnector] = [servers.connector(), servers.connector()]
  const limits = { connectTimeoutMs, maxRetries, answerMs: options.answerMs }
  const junk = new Junk({ clock, onJunk: parts.onJunk })
  const link = new RedisLink({
    ...connector,
    ...limits,
    async handshake(send) {
      await checkRights(send, keys, channel)
      for (const name of await removeMisfits(send, keys)) junk.found(name)
      await epoch.meet(send)
      await leases.reassert(send)
    },
    heartbeat: (send) => epoch.check(send),
  })
  const feedLink = new RedisLink({ ...feedConnector, ...limits })
  const onVersions = (versions: Versions) => cache.merge(versions)
  const expiry = new ExpiryNote(database.noteExpiry, { clock, onOutdated: (reason) => link.renew(reason) })
  const leases = new RedisLeaseStore({
    link,
    keys,
    epoch,
    instanceId,
    clock,
    record: parts.recordLeases,
    lastChange: database.lastLeaseChange,
    endedLeases: database.endedLeases,
    recoveryMs: database.recoveryMs,
    lockTtlMs: options.lockTtlMs,
    silentAfterMs: options.silentAfterMs ?? SILENT_AFTER_MS,
    junk,
    expiry,
  })
  const log = { eventsAfter, lastSeq, readAllVersions, onVersions, onBreak: () => cache.forget() }
  const publisher = new RedisPublisher({ link, keys, epoch, channel, seal, clock, ...log })
  const catchUp = () => publisher.relay()
  const isOurs = () => !epoch.isForeign
  const hearing = { onVersions, onChange, catchUp, isOurs }
  const feed = new RedisFeed({ link: feedLink, keys, channel, clock, seal, junk, ...hearing })
  const cache = new RedisCache({
    link,
    keys,
    epoch,
    instanceId,
    databaseId,
    seal,
    junk,
    clock: parts.entryClock,
    maxBytes: options.cacheMaxBytes,
    ttlMs: options.cacheTtlMs,
    readVersions: sharedLooks(readVersions),
    isCaughtUp: () => feed.isCaughtUp && publisher.isFresh(),
    isFresh: () => feed.isFresh() && publisher.isFresh(),
  })
  await leases.start(feedLink)
  await feed.start()
  link.onReady(() => void feed.catchUp())
  const absence = new Absence(link, parts)
  const { patienceMs, required = false } = options
  await Promise.all([link.start(patienceMs, required), feedLink.start(patienceMs, required)])
  servers.watch([
    [link, connector],
    [feedLink, feedConnector],
  ])
  publisher.start()
  absence.look()
  return {
    cache,
    leases,
    async lockCondition() {
      // Of a database that is away its own part of health tells.
      const [condition, heldElsewhere, isInCharge] = await Promise.all([
        leases.condition(),
        database.countLeases().catch(() => 0),
        database.isLatestEpoch(Number(epoch.current)).catch(() => true),
      ])
      return { ...condition, heldElsewhere, isInCharge }
    },
    isFeedFresh: () => feed.isFresh(),
    publish: (events) => publisher.publish(events),
    rateLimiter: (limits) => new RedisRateLimiter({ link, keys, clock }, limits),
    origin: () => ({
      ns: keys.namespace,
      ...(epoch.current !== '' && { epoch: Number(epoch.current) }),
    }),
    probe: () => probeServer(link, keys, channel),
    newsStatus: () => feedLink.status(),
    junk: () => junk.report(),
    status: () => ({ ...link.status(), isForeign: epoch.isForeign, mode: address.mode, ...servers.shown }),
    async close() {
      absence.stop()
      await Promise.all([leases.close(), cache.settled()])
      servers.close()
      link.close()
      feedLink.close()
      await publisher.close()
    },
  }
}
