import { hash } from 'node:crypto'
import { hostname } from 'node:os'
import type { Clock } from '../../domain/clock.ts'
import { EPOCH_WIDTH } from '../../domain/leases/epoch-width.ts'
import type { LeaseName, NumberedChange } from '../../domain/leases/lease.ts'
import { leaseEvent } from '../../domain/leases/lease-event.ts'
import type { Reader } from '../access.ts'
import { lastSeq, readAllVersions, readLogPage, readVersions } from '../change-log.ts'
import type { Store } from '../store.ts'
import { bootClock, readBootId } from './boot-clock.ts'
import { LEASE_COUNTERS, raiseNumber, readNumber, takeNumbers } from './counters.ts'
import { endedLeases } from './ended-leases.ts'
import { databaseMoment, leaseReads } from './leases.ts'

// The embedded lease store counts on where Redis ended.
const TOKENS = 'lease_token'
/** The latest epoch: those before it grant nothing any more. */
const EPOCH = 'lease_epoch'
/** So many epochs may have begun since a copy of the database was made that is restored now. */
const RESTORED_EPOCHS = 1_000
/** The number of the last change of holder that was written down. */
const RECORDED = 'lease_change'

/** Of all transactions that take tokens or decide which instance grants, one runs at a time. */
const LEASES = { changes: 'leases', line: 'leases' } as const

/**
 * What the coordination over Redis asks of the database (its `DatabasePort`): which epoch may grant locks,
 * from which token on.
 */
export function lockAuthority(store: Store, clock: Clock) {
  // Several machines share a database server; its clock is the one they agree on.
  const now = async (db: Reader) => Math.ceil((await store.database.readClock?.(db)) ?? clock.now())
  const machineClock = bootClock(clock)
  // A file is on this machine, and its numbers mean nothing on another; a server is where all machines reach it.
  const machine = store.database.type === 'sqlite' ? (readBootId() ?? hostname()) : ''
  return {
    identity: () => store.identity(),
    async databaseName() {
      const { id } = await store.identity()
      return hash('sha256', [id, machine, await store.database.readPlace()].join('\n'), 'base64url')
    },
    readVersions: (keys: readonly string[]) => store.read((db) => readVersions(db, keys)),
    readAllVersions: () => store.read(readAllVersions),
    eventsAfter: (afterSeq: number, limit: number) =>
      store.snapshot((db) => readLogPage(db, { afterSeq, limit })),
    lastSeq: () => store.read(lastSeq),
    endedLeases: (leases: readonly LeaseName[]) => store.read((db) => endedLeases(db, leases)),
    lastLeaseChange: () => store.read((db) => readNumber(db, RECORDED)),
    nextEpoch: (before: number) =>
      store.write(async ({ db }) => {
        const latest = await readNumber(db, EPOCH)
        // Redis may be ahead of a database that was restored; a number far ahead was put there by another
        // client.
        if (before > latest && before <= latest + RESTORED_EPOCHS)
          await raiseNumber(db, TOKENS, (before + 1) * EPOCH_WIDTH - 1)
        const epoch = Math.ceil((await takeNumbers(db, TOKENS)) / EPOCH_WIDTH)
        await raiseNumber(db, TOKENS, (epoch + 1) * EPOCH_WIDTH - 1)
        await raiseNumber(db, EPOCH, epoch)
        return epoch
      }, LEASES),
    isLatestEpoch: async (epoch: number) => (await store.read((db) => readNumber(db, EPOCH))) === epoch,
    recoveryMs: () =>
      store.snapshot(async (db) =>
        Math.max(0, (await readNumber(db, LEASE_COUNTERS.redisExpiry)) - (await now(db))),
      ),
    countLeases: () =>
      store.snapshot(async (db) =>
        leaseReads(db).countLeases((await databaseMoment(store.database, db)) ?? machineClock()),
      ),
    noteExpiry: (leftMs: number, epoch: number) =>
      store.write(async ({ db }) => {
        // Holds the row until the commit: an epoch that begins after this one sees what is noted here.
        await raiseNumber(db, EPOCH, 0)
        if ((await readNumber(db, EPOCH)) !== epoch) return 'outdated'
        const moment = (await databaseMoment(store.database, db)) ?? machineClock()
        if ((await leaseReads(db).countLeases(moment)) > 0) return 'taken'
        await raiseNumber(db, LEASE_COUNTERS.redisExpiry, Math.ceil(moment.wallMs + leftMs))
        return 'noted'
      }, LEASES),
  }
}

/** Writes changes of holders into the log, each once: another instance may be writing the same ones. */
export function recordLeases(store: Store, changes: readonly NumberedChange[]): Promise<void> {
  return store.write(async ({ db, record }) => {
    const last = await readNumber(db, RECORDED)
    const missing = changes.filter(({ seq }) => seq > last)
    for (const { change } of missing) record(leaseEvent(change))
    await raiseNumber(db, RECORDED, Math.max(last, ...missing.map(({ seq }) => seq)))
  }, LEASES)
}
