import type { LeaseName } from '../../domain/leases/lease.ts'
import type { Reader } from '../access.ts'

const LOCK_EVENTS = ['lock.acquired', 'lock.released', 'lock.expired', 'lock.forced'] as const
/** The newest ones: a lease that has outlived so many changes of other locks is put back as before. */
const MOST_EVENTS = 5_000

/** Of these leases those that have ended, or were followed by another one on their path, by what the log knows of. */
export async function endedLeases(db: Reader, leases: readonly LeaseName[]): Promise<LeaseName[]> {
  const rows = await db
    .selectFrom('change_log')
    .select(['type', 'detail'])
    .where('type', 'in', LOCK_EVENTS)
    .orderBy('id', 'desc')
    .limit(MOST_EVENTS)
    .execute()
  /** Path → all tokens up to this one are over. */
  const over = new Map<string, number>()
  for (const { type, detail } of rows) {
    const { file_path: path, fencing_token: token } = JSON.parse(detail) as Record<string, unknown>
    if (typeof path !== 'string' || typeof token !== 'number') continue
    over.set(path, Math.max(over.get(path) ?? 0, type === 'lock.acquired' ? token - 1 : token))
  }
  return leases.filter(({ path, token }) => token <= (over.get(path) ?? 0))
}
