import type { Change } from '../event.ts'
import { GLOBAL_SCOPE_ID } from '../scope.ts'
import type { LeaseChange } from './lease.ts'

/** The event of a lock. A path belongs to no scope, and what the lock is for is left to `status`. */
export function leaseEvent({ type, lease, agentId, reason }: LeaseChange): Change {
  const other = lease.agentId === agentId ? {} : { held_by: lease.agentId }
  const why = reason === undefined ? {} : { reason }
  return {
    type,
    scope: { type: 'global', id: GLOBAL_SCOPE_ID },
    detail: { file_path: lease.path, fencing_token: lease.token, ...other, ...why },
    scopeKeys: [],
    agentId,
  }
}
