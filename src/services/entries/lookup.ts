import type { Rights } from '../../domain/access/rights.ts'
import type { Entry } from '../../domain/entries/entry.ts'
import { isInForce, type NamedEntry, namedEntry, standingAmong } from '../../domain/entries/in-force.ts'
import { nearNames } from '../../domain/entries/near-names.ts'
import { AppError } from '../../domain/errors.ts'
import { type Scope, type ScopeRef, scopeRef } from '../../domain/scope.ts'
import type { Reader } from '../../store/access.ts'
import { findByName, findEntry, namedEntriesIn } from '../../store/entries/entries.ts'
import type { ScopeArgument } from '../running/caller.ts'
import { unknownId } from './unknown-id.ts'

/** An entry as arguments name it: by id, or by name in a scope. */
export interface EntryArgument extends ScopeArgument {
  readonly id?: string | undefined
  readonly name?: string | undefined
}

/** Where else the same name stands, hidden by the nearer entry. */
export type Overridden = ScopeRef & { readonly id: string }

/** An entry by its id, for a caller with these rights. */
interface IdKey {
  readonly id: string
  readonly type: string
  readonly rights: Rights | undefined
}

/** The entry with that id, which must be of that type. */
export async function entryById(db: Reader, key: IdKey): Promise<Entry> {
  const entry = await findEntry(db, key.id)
  if (!entry) throw await unknownId(db, key)
  return requireType(entry, key)
}

/** What was found under an id, which must be an entry of that type. */
export function requireType(entry: Entry, { type, id }: Pick<IdKey, 'type' | 'id'>): Entry {
  if (entry.type === type) return entry
  throw new AppError('NOT_FOUND', `The id ${id} is a ${entry.type}, not a ${type}.`, {
    suggestion: `Use the tool for a ${entry.type}.`,
    details: { id, type: entry.type },
  })
}

/** What a read of a name is to find: what is in force, else an inactive entry; with `all` the nearest of any kind after that. */
export interface NameKey {
  readonly chain: readonly Scope[]
  readonly name: string
  readonly at: string
  readonly status?: 'active' | 'all'
  /** Where what was meant may be; the chain unless it is longer. */
  readonly reach?: readonly Scope[]
  /** The caller's rights: no name that it may not read is shown. */
  readonly rights?: Rights | undefined
}

/** The nearest entry in force of that name, and the farther ones that it hides; else the nearest of the others (see `NameKey`). */
export async function entryByName(
  db: Reader,
  type: string,
  { chain, name, at, status = 'active', reach = chain, rights }: NameKey,
): Promise<{ entry: Entry; overrides: Overridden[] }> {
  const scopeIds = chain.map((scope) => scope.id)
  const distance = (entry: Entry) => scopeIds.indexOf(namedEntry(entry).scopeId)
  const found = (await findByName(db, { scopeIds, type, name })).sort((a, b) => distance(a) - distance(b))
  const inForce = found.filter((entry) => isInForce(entry, at))
  const entry = inForce[0] ?? found.find((other) => status === 'all' || other.status === 'inactive')
  if (!entry)
    throw found[0] ? outdated(type, name, found[0]) : await unknownName(db, { type, name, reach, rights })
  const { overrides } = standingAmong(inForce.map(namedEntry), scopeIds)(namedEntry(entry))
  return { entry, overrides: isInForce(entry, at) ? overrides.map((other) => overridden(other, chain)) : [] }
}

function outdated(type: string, name: string, { id }: Entry): AppError {
  return new AppError('NOT_FOUND', `The ${type} of that name is outside its validity window.`, {
    suggestion: 'Ask for it by its id, or with status: all.',
    details: { name, id },
  })
}

/** Of each scope so many names are compared: the newest. */
const MOST_COMPARED = 5_000

/** With the nearest names in reach, of any type: a slip is named, never taken for what it may mean. */
async function unknownName(
  db: Reader,
  { type, name, reach, rights }: Pick<NameKey, 'name' | 'rights'> & { type: string; reach: readonly Scope[] },
): Promise<AppError> {
  const scopeIds = reach.map(({ id }) => id)
  const mayRead = (entry: NamedEntry) =>
    rights?.allows('read', reach.slice(scopeIds.indexOf(entry.scopeId)), entry.type) ?? true
  const named = await namedEntriesIn(db, scopeIds, MOST_COMPARED)
  const near = nearNames(name, named.filter(mayRead)).map((entry) => ({
    type: entry.type,
    name: entry.name,
    ...overridden(entry, reach),
  }))
  return new AppError('NOT_FOUND', `No ${type} of that name is in reach.`, {
    details: { name, ...(near.length > 0 && { nearest: near }) },
    ...(near.length > 0 && {
      suggestion: 'Names that are there: details.nearest. If one of them was meant, give it, or its id.',
    }),
  })
}

/** That entry as an answer shows it. `chain` holds its scope. */
export function overridden({ id, scopeId }: NamedEntry, chain: readonly Scope[]): Overridden {
  const scope = chain.find((candidate) => candidate.id === scopeId)
  return { id, ...scopeRef(scope ?? { type: 'global', id: scopeId }) }
}

/** Says which of the two ways to name an entry was used. */
export function requireIdOrName({ id, name }: EntryArgument): void {
  if (id === undefined && name === undefined) {
    throw new AppError('MISSING_FIELD', 'id: give the id, or the name and its scope.', {
      details: { argument: 'id' },
    })
  }
}
