import type { MemoryEvent } from '../../domain/event.ts'
import type { Caller } from '../running/caller.ts'
import type { Permissions } from './permissions.ts'
import type { Place, Places } from './places.ts'

/** What of a list a caller may see. Without rights there is nothing to ask: all of it. */
export class Sight {
  readonly #places: Places
  readonly #permissions: Permissions

  constructor(places: Places, permissions: Permissions) {
    this.#places = places
    this.#permissions = permissions
  }

  /** The caller with its rights as they are now: for a call that waits or listens. */
  async now(caller: Caller): Promise<Caller> {
    return caller.rights ? { ...caller, rights: await this.#permissions.rightsOf(caller.agentId) } : caller
  }

  /** Of these the ones whose place the caller may read. */
  async of<T>(
    { rights }: Caller,
    things: readonly T[],
    placeOf: (thing: T, places: Places) => Promise<Place | undefined>,
  ): Promise<readonly T[]> {
    if (!rights) return things
    const seen: T[] = []
    for (const thing of things) {
      const place = await placeOf(thing, this.#places)
      if (place && rights.allows('read', place.chain, place.kind)) seen.push(thing)
    }
    return seen
  }

  /** Events of what the caller may read. Events of keys are only for administrators of everything. */
  async events({ rights }: Caller, events: readonly MemoryEvent[]): Promise<readonly MemoryEvent[]> {
    if (!rights) return events
    const seen: MemoryEvent[] = []
    for (const event of events) {
      const place = await this.#placeOf(event)
      if (!place) continue
      const isSeen = event.type.startsWith('scope.')
        ? rights.sees(place.chain)
        : rights.allows(permissionFor(event), place.chain, place.kind)
      if (isSeen) seen.push(event)
    }
    return seen
  }

  async #placeOf({ entry, scope, lock }: MemoryEvent): Promise<Place | undefined> {
    const path = lock?.['file_path']
    if (typeof path === 'string') return this.#places.lock(path)
    const chain = await this.#places.chainOf(scope.id)
    return chain && { chain, kind: entry?.type ?? null }
  }
}

function permissionFor({ type }: MemoryEvent): 'read' | 'admin' {
  return /^(key|permission)\./.test(type) ? 'admin' : 'read'
}
