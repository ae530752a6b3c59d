import type { Permission } from '../domain/access/grant.ts'
import type { Rights } from '../domain/access/rights.ts'
import type { Permissions } from '../services/access/permissions.ts'
import { needsKey, notGranted, notThere } from '../services/access/refusals.ts'
import type { Caller } from '../services/running/caller.ts'
import type { Operation, OperationContext } from './define.ts'
import type { Need } from './need.ts'

/** Which calls are checked against grants: none, those with a key (HTTP), or all. */
export type Enforcement = 'permissive' | 'keyed' | 'strict'

/** The caller with what it may; throws where the call needs more. What it goes on to list is narrowed by the same rights. */
export async function authorized(
  ctx: OperationContext,
  operation: Operation,
  { caller, input, mode }: { caller: Caller; input: Record<string, unknown>; mode: Enforcement },
): Promise<Caller> {
  const known = await withRights(caller, { mode, permissions: ctx.permissions })
  const rights = known.rights ?? (await administrationRights(ctx, operation, caller))
  if (!rights) return known
  for (const need of await operation.needs({ ...ctx, caller: known }, input)) check(rights, need)
  return known
}

/** The caller with its grants, where they are checked. */
export async function withRights(
  caller: Caller,
  { mode, permissions }: { mode: Enforcement; permissions: Permissions },
): Promise<Caller> {
  const isHeld = mode === 'strict' || (mode === 'keyed' && caller.isAuthenticated === true)
  if (!isHeld || caller.isAdministrator) return caller
  return { ...caller, rights: await permissions.rightsOf(caller.agentId) }
}

/**
 * A caller over a network administers rights only where that was granted. The person who started this process
 * has the database.
 */
async function administrationRights(
  { permissions }: OperationContext,
  { isAdministration }: Operation,
  { isAuthenticated, isAdministrator, agentId }: Caller,
): Promise<Rights | undefined> {
  if (!isAdministration || isAuthenticated === undefined || isAdministrator) return undefined
  if (!isAuthenticated) throw needsKey()
  return permissions.rightsOf(agentId)
}

function check(rights: Rights, need: Need): void {
  const { permission, chain = [], types, named, isByPath } = need
  if (has(rights, need, permission)) return
  const isKnown = named?.isScope ? rights.sees(chain) : has(rights, need, 'read')
  if (named && !isKnown) throw notThere(named.what, named.id)
  const wanted = types === 'any' ? null : types
  // The refusal names no scope that the caller may not know of; the global one is known to all.
  const [here] = chain
  const scope = here && ((here.type === 'global' && !isByPath) || rights.sees(chain)) ? here : undefined
  throw notGranted({ agentId: rights.agentId, permission, scope, types: wanted })
}

function has(rights: Rights, { chain = [], types }: Need, permission: Permission): boolean {
  if (types === 'any') return rights.allowsAny(permission, chain)
  if (types === null) return rights.allows(permission, chain, null)
  return types.some((type) => rights.allows(permission, chain, type))
}
