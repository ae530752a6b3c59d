import type { Entry } from '../../domain/entries/entry.ts'
import { AppError } from '../../domain/errors.ts'
import { GLOBAL_SCOPE_ID, type Scope, type ScopeRef, scopeRef } from '../../domain/scope.ts'
import type { Reader } from '../../store/access.ts'
import { findByName, findEntry } from '../../store/entries/entries.ts'
import type { ScopeArgument } from '../running/caller.ts'

/** An entry as arguments name it: by id, or by name in a scope. */
export interface EntryArgument extends ScopeArgument {
  readonly id?: string | undefined
  readonly name?: string | undefined
}

/** Where else the same name stands, hidden by the nearer entry. */
export type Overridden = ScopeRef & { readonly id: string }

/** The entry with that id, which must be of that type. */
export async function entryById(db: Reader, type: string, id: string): Promise<Entry> {
  const entry = await findEntry(db, id)
  if (!entry)
    throw new AppError('NOT_FOUND', `No ${type} has the id ${shorten(id)}.`, { details: { id: shorten(id) } })
  if (entry.type === type) return entry
  throw new AppError('NOT_FOUND', `The id ${id} is a ${entry.type}, not a ${type}.`, {
    suggestion: `Use the tool for a ${entry.type}.`,
    details: { id, type: entry.type },
  })
}

/** The nearest entry of that name, an active one before an inactive one, and the farther ones that it hides. */
export async function entryByName(
  db: Reader,
  type: string,
  key: { chain: readonly Scope[]; name: string },
): Promise<{ entry: Entry; overrides: Overridden[] }> {
  const place = new Map(key.chain.map((scope, index) => [scopeRef(scope).scope_id, index]))
  const found = await findByName(db, { scopeIds: key.chain.map((scope) => scope.id), type, name: key.name })
  const rank = (entry: Entry) =>
    (place.get(entry.scope_id) ?? 0) + (entry.status === 'active' ? 0 : key.chain.length)
  const [entry, ...hidden] = found.sort((a, b) => rank(a) - rank(b))
  if (!entry)
    throw new AppError('NOT_FOUND', `No ${type} of that name is in reach.`, { details: { name: key.name } })
  return { entry, overrides: hidden.filter((other) => other.status === 'active').map(overridden) }
}

function overridden(entry: Entry): Overridden {
  return { id: entry.id, scope_type: entry.scope_type, scope_id: entry.scope_id }
}

/** Says which of the two ways to name an entry was used. */
export function requireIdOrName({ id, name }: EntryArgument): void {
  if (id === undefined && name === undefined) {
    throw new AppError('MISSING_FIELD', 'id: give the id, or the name and its scope.', {
      details: { argument: 'id' },
    })
  }
}

function shorten(id: string): string {
  return id.length > 64 ? `${id.slice(0, 61)}...` : id
}

/** The entry with those that it hides in the wider ones of `scopeIds` (nearest first), picked from entries of the same names. */
export function withOverrides<T extends Entry>(
  entry: T,
  sameNames: readonly Entry[],
  scopeIds: readonly string[],
): T & { overrides?: readonly Overridden[] } {
  const place = scopeIds.indexOf(entry.scope_id ?? GLOBAL_SCOPE_ID)
  const hidden = sameNames.filter(
    (other) =>
      other.type === entry.type &&
      other.name === entry.name &&
      scopeIds.indexOf(other.scope_id ?? GLOBAL_SCOPE_ID) > place,
  )
  return hidden.length > 0 ? { ...entry, overrides: hidden.map(overridden) } : entry
}
