import type { Rights } from '../../domain/access/rights.ts'
import { AppError } from '../../domain/errors.ts'
import type { Scope, ScopeType } from '../../domain/scope.ts'
import { nearest } from '../../domain/text/nearest.ts'
import type { Reader } from '../../store/access.ts'
import { findScope, findScopesByName, listScopes } from '../../store/scopes/scopes.ts'

interface Asked {
  readonly type: ScopeType | undefined
  readonly id: string
}

const OUR_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const LOOKED_AT = 500
const SHOWN = 64

/**
 * The id that is meant: models write a scope's name where its id belongs. Where callers have rights, an id it has to be: nobody
 * learns from a name whether it is there.
 */
export async function idOfScope(
  db: Reader,
  { type = 'project', id }: Asked,
  rights: Rights | undefined,
): Promise<string> {
  if (rights || OUR_ID.test(id) || (await findScope(db, id))) return id
  const named = await findScopesByName(db, { type, name: id.trim().normalize('NFC') })
  const [only] = named
  if (!only) throw await noneNamed(db, { type, name: id }, undefined, 'scope_id')
  if (named.length > 1) throw severalNamed('scope_id', type, named)
  return only.id
}

export function severalNamed(argument: string, type: ScopeType, named: readonly Scope[]): AppError {
  return new AppError(
    'INVALID_SCOPE',
    `${argument}: ${named.length} scopes of type ${type} have this name.`,
    {
      details: { ids: named.map((scope) => scope.id) },
      suggestion: 'Give the scope_id of the one you mean.',
    },
  )
}

/** No scope has it; the nearest is named where the caller may know of every scope. */
export async function noneNamed(
  db: Reader,
  { type, name }: { readonly type: ScopeType; readonly name: string },
  rights: Rights | undefined,
  argument: 'name' | 'scope_id' = 'name',
): Promise<AppError> {
  const message =
    argument === 'name'
      ? `No ${type} has this name.`
      : `No ${type} has the id given as scope_id, or is called so.`
  const near = rights ? undefined : await nearestScope(db, type, name)
  const list = `memory_scope list shows them, each with its id.`
  return new AppError('NOT_FOUND', message, {
    details: { [argument]: name, ...(near && { nearest: near.name.slice(0, SHOWN) }) },
    suggestion: near ? `Did you mean '${near.name.slice(0, SHOWN)}' (${near.id})? ${list}` : list,
  })
}

/** The one whose name is most like it. */
export async function nearestScope(db: Reader, type: ScopeType, name: string): Promise<Scope | undefined> {
  const scopes = await listScopes(db, { type, limit: LOOKED_AT })
  const plain = (text: string) => text.trim().normalize('NFC').toLowerCase()
  const near = nearest(plain(name), new Set(scopes.map((scope) => plain(scope.name))))
  return near === undefined ? undefined : scopes.find((scope) => plain(scope.name) === near)
}
