import { GLOBAL_SCOPE_ID, type ScopeType } from './scope.ts'

export const EVENT_TYPES = [
  'entry.created',
  'entry.updated',
  'entry.deactivated',
  'entry.reactivated',
  'entry.deleted',
  'scope.created',
  'scope.updated',
  'scope.ended',
  'scope.deleted',
  'lock.acquired',
  'lock.released',
  'lock.expired',
  'lock.forced',
  'lock.wanted',
  'vote.recorded',
  'vote.decided',
  'conflict.opened',
  'conflict.resolved',
  'call.refused',
  'permission.granted',
  'permission.revoked',
  'key.created',
  'key.revoked',
  'instance.up',
  'instance.down',
] as const
export type EventType = (typeof EVENT_TYPES)[number]

/** `lock.*` and the like: all types of one kind. */
export const EVENT_GROUPS: readonly string[] = [
  ...new Set(EVENT_TYPES.map((type) => `${type.split('.')[0]}.*`)),
]

/** The types that these names, exact or of a group, stand for. */
export function expandEventTypes(names: readonly string[]): EventType[] {
  return EVENT_TYPES.filter((type) => names.includes(type) || names.includes(`${type.split('.')[0]}.*`))
}

/** A change as a service states it; the store turns it into a row of the change log and, after the commit, an event. */
export interface Change {
  readonly type: EventType
  readonly scope: { readonly type: ScopeType; readonly id: string }
  readonly entry?: { readonly type: string; readonly id: string; readonly version: number }
  /** What the event says beside this: ids and numbers of a lock, a vote, a conflict. Never content. */
  readonly detail?: Readonly<Record<string, unknown>>
  /** Version counters that this change moves (see scopeKey). */
  readonly scopeKeys: readonly string[]
  readonly agentId: string
}

/**
 * Bytes of JSON that an event may take; with the namespace and the epoch, which a channel adds, it stays
 * below 4 KB.
 */
const EVENT_BYTES = 3_000
/** What every event has room for, without a look at the rest of it. */
const SURE_BYTES = 500

/**
 * The detail as far as there is room for it in an event that takes `takenBytes` without it. Long texts (a path may have 4 KB)
 * go first; `left_out` names them.
 */
export function fittingDetail(
  detail: Readonly<Record<string, unknown>>,
  takenBytes: () => number,
): Readonly<Record<string, unknown>> {
  const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value))
  if (bytes(detail) <= SURE_BYTES) return detail
  const room = EVENT_BYTES - takenBytes()
  const shortestFirst = Object.entries(detail).sort(([, a], [, b]) => bytes(a) - bytes(b))
  for (let kept = shortestFirst.length; kept > 0; kept--) {
    const names = shortestFirst.slice(kept).map(([name]) => name)
    const fitting = {
      ...Object.fromEntries(shortestFirst.slice(0, kept)),
      ...(names.length > 0 && { left_out: names }),
    }
    if (bytes(fitting) <= room) return fitting
  }
  return { left_out: Object.keys(detail) }
}

/** One thing that happened, as `memory_event` and every live channel show it. Never content, never a secret. */
export interface MemoryEvent {
  readonly v: 1
  /**
   * The deployment that published the event, where several share a channel: key prefix and database number of
   * their Redis.
   */
  readonly ns?: string
  readonly id: string
  /** Grows with every committed change of this database. */
  readonly seq: number
  /** Of the Redis that they share: another one began when it lost its memory. */
  readonly epoch?: number
  readonly type: EventType
  readonly scope: { readonly type: ScopeType; readonly id: string | null }
  readonly entry?: { readonly type: string; readonly id: string; readonly version: number }
  /** Version counters that the change moved, after it. */
  readonly versions: Readonly<Record<string, number>>
  /** Of a `lock.*` event: the path, the holder, the fencing token. */
  readonly lock?: Readonly<Record<string, unknown>>
  /** Of the others: ids and numbers beside the entry. */
  readonly detail?: Readonly<Record<string, unknown>>
  readonly agent_id: string
  readonly instance_id: string
  readonly at: string
}

/** Which events a subscriber wants; a field that is left out matches every event. */
export interface EventFilter {
  readonly types?: readonly EventType[] | undefined
  readonly scopeType?: ScopeType | undefined
  readonly scopeId?: string | undefined
  /** Only events in these scopes and in the sessions directly below them. Not judged here: a session's scope is in the database. */
  readonly reach?: readonly string[] | undefined
}

export function matchesFilter({ type, scope }: MemoryEvent, filter: EventFilter): boolean {
  if (filter.types && !filter.types.includes(type)) return false
  if (filter.scopeType && scope.type !== filter.scopeType) return false
  return filter.scopeId === undefined || (scope.id ?? GLOBAL_SCOPE_ID) === filter.scopeId
}
