import type { Clock } from '../../domain/clock.ts'
import { countEventsAfter } from '../../store/change-log.ts'
import { bootClock } from '../../store/leases/boot-clock.ts'
import { databaseMoment, leaseReads } from '../../store/leases/leases.ts'
import type { Store } from '../../store/store.ts'
import { changedMeanwhile, leasesHeld } from './refusals.ts'

/** A lock is known only where it was granted: its holder would lose it in the target. */
export async function refuseLeases(store: Store, clock: Clock): Promise<void> {
  const held = await store.snapshot(async (db) => {
    const now = (await databaseMoment(store.database, db)) ?? bootClock(clock)()
    return leaseReads(db).countLeases(now)
  })
  if (held > 0) throw leasesHeld(held)
}

/** Everything that happens is in the change log: what came after this number is not in the target. */
export async function refuseLateChanges(store: Store, position: number): Promise<void> {
  const count = await store.read((db) => countEventsAfter(db, position))
  if (count > 0) throw changedMeanwhile(count)
}
