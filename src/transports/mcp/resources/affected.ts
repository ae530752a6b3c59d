import { ENTRY_TYPES } from '../../../domain/entries/types/index.ts'
import type { MemoryEvent } from '../../../domain/event.ts'
import { GLOBAL_SCOPE_ID } from '../../../domain/scope.ts'
import type { Delivery } from '../../../services/events.ts'
import type { NamedResource } from './resource-uri.ts'

/** The ids of a scope (default: the current one) and of those that it inherits from. */
export type ReachOf = (scopeId?: string) => Promise<ReadonlySet<string>>

/** Whether a resource may read differently after what happened. */
export async function isAffected(
  { kind, id }: NamedResource,
  { events, resync }: Delivery,
  reachOf: ReachOf,
): Promise<boolean> {
  if (resync) return true
  // An agent that arrives writes no event; one that takes up or lays down work does.
  if (kind === 'presence')
    return events.some(({ type }) => type.startsWith('lock.') || type.startsWith('scope.'))
  if (kind === 'locks') return events.some(({ type }) => type.startsWith('lock.'))
  if (kind === 'entry') return events.some((event) => isOfEntry(event) && event.entry?.id === id)
  return isWithin(
    events.filter((event) => isOfEntry(event) || isOfScope(event)),
    () => reachOf(id),
  )
}

/** Whether the list of resources may have other members: a scope, or an entry in reach of the current project. */
export async function isListAffected({ events, resync }: Delivery, reachOf: ReachOf): Promise<boolean> {
  return resync || events.some(isOfScope) || isWithin(events.filter(changesMembers), () => reachOf())
}

async function isWithin(
  events: readonly MemoryEvent[],
  reach: () => Promise<ReadonlySet<string>>,
): Promise<boolean> {
  if (events.length === 0) return false
  const ids = await reach()
  return events.some(({ scope }) => ids.has(scope.id ?? GLOBAL_SCOPE_ID))
}

function isOfEntry({ type }: MemoryEvent): boolean {
  return type.startsWith('entry.')
}

/** A project that is made, or moves to another org, has other entries in reach. */
function isOfScope({ type }: MemoryEvent): boolean {
  return type.startsWith('scope.')
}

const LISTED_TYPES = ENTRY_TYPES.flatMap(({ name, keptBy }) => (keptBy === null ? [] : [name as string]))

function changesMembers(event: MemoryEvent): boolean {
  return event.type !== 'entry.updated' && LISTED_TYPES.includes(event.entry?.type ?? '') && isOfEntry(event)
}
