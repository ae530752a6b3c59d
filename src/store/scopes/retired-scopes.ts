import { createHash } from 'node:crypto'
import type { Scope } from '../../domain/scope.ts'
import type { Reader, Writer } from '../access.ts'
import { highestRetired, retireBelow } from '../entries/past/retired-names.ts'
import { raiseNumber } from '../leases/counters.ts'

// A call without a scope_id finds its project by root or by name. Where one was deleted and is made anew, the versions that
// were read in the old one must not fit the new one's entries.

/** Remembers how far the entries of a scope got. Called when they are all deleted, and the scope is still there. */
export async function retireScope(db: Writer, scope: Scope): Promise<void> {
  const places = placesOf(scope)
  const version = places.length === 0 ? 0 : await highestRetired(db, scope.id)
  if (version === 0) return
  for (const place of places) await raiseNumber(db, place, version)
}

/** Lets the entries of a new scope begin above those of the ones that were in its place. */
export async function beginAboveRetired(db: Writer, scope: Scope): Promise<void> {
  const version = await retiredAt(db, placesOf(scope))
  if (version > 0) await retireBelow(db, scope.id, version)
}

async function retiredAt(db: Reader, places: readonly string[]): Promise<number> {
  if (places.length === 0) return 0
  const row = await db
    .selectFrom('counter')
    .select((eb) => eb.fn.max('value').as('value'))
    .where('name', 'in', places)
    .executeTakeFirst()
  return Number(row?.value ?? 0)
}

/** The counters of what a scope is found by beside its id. A path may be longer than a key of PostgreSQL. */
function placesOf({ type, name, root_path }: Scope): string[] {
  if (type !== 'project' && type !== 'org') return []
  const places = [`${type}:${name}`, ...(root_path === null ? [] : [`root:${root_path}`])]
  return places.map((place) => `retired:${createHash('sha256').update(place).digest('hex')}`)
}
