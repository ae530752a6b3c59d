import type { Rights } from '../../domain/access/rights.ts'
import { cutPage, decodeTextCursor } from '../../domain/page.ts'
import { GLOBAL_SCOPE_ID, type Scope, type ScopeType } from '../../domain/scope.ts'
import type { Reader } from '../../store/access.ts'
import { countOpenConflicts } from '../../store/entries/conflicts.ts'
import { countByScope } from '../../store/entries/counts.ts'
import { listScopes, scopeChain } from '../../store/scopes/scopes.ts'

export interface PageRequest {
  readonly limit: number
  readonly cursor?: string | undefined
}

/** What `list` of scopes may be narrowed by. */
export interface ScopeListRequest extends PageRequest {
  readonly scope_type: ScopeType
  readonly org_id?: string | undefined
  readonly project_id?: string | undefined
  readonly status: Scope['status'] | 'all'
}

/** A scope and what it holds itself: active entries by type, open conflicts. */
export interface CountedScope {
  readonly scope: Scope
  readonly entries: Readonly<Record<string, number>>
  readonly openConflicts: number
}

/** A page, newest first, and where the next one begins. */
export interface ScopePage<T> {
  readonly scopes: readonly T[]
  readonly next_cursor?: string
}

/** Scopes of one type that somebody with these rights may know of. */
export async function scopesOfType(
  db: Reader,
  rights: Rights | undefined,
  request: ScopeListRequest,
): Promise<ScopePage<Scope>> {
  const { scope_type: type, status, limit } = request
  const parentId = type === 'project' ? request.org_id : type === 'session' ? request.project_id : undefined
  const beforeId = decodeTextCursor(request.cursor)
  const found = await listScopes(db, {
    type,
    limit: limit + 1,
    ...(parentId !== undefined && { parentId }),
    ...(status !== 'all' && { status }),
    ...(beforeId !== null && { beforeId }),
    ...knownTo(rights),
  })
  const { page, next } = cutPage(found, limit, (scope) => scope.id)
  return { scopes: page, ...next }
}

/** Scopes of every type with what each holds itself, as far as these rights let it be read. */
export async function countedScopes(
  db: Reader,
  rights: Rights | undefined,
  { limit, cursor }: PageRequest,
): Promise<ScopePage<CountedScope>> {
  const beforeId = decodeTextCursor(cursor)
  const filter = { ...(beforeId !== null && { beforeId }), ...knownTo(rights) }
  const found = await listScopes(db, { ...filter, limit: limit + 1 })
  const { page, next } = cutPage(found, limit, (scope) => scope.id)
  const ids = page.map(({ id }) => id)
  const entries = Map.groupBy(await countByScope(db, ids), ({ scopeId }) => scopeId)
  const conflicts = await countOpenConflicts(db, ids)
  const scopes: CountedScope[] = []
  for (const scope of page) {
    const chain = rights ? await scopeChain(db, scope.id) : []
    const mayRead = (kind: string | null) => rights?.allows('read', chain, kind) ?? true
    const counts = (entries.get(scope.id) ?? []).filter(({ type }) => mayRead(type))
    scopes.push({
      scope,
      entries: Object.fromEntries(counts.map(({ type, count }) => [type, count])),
      openConflicts: mayRead(null) ? (conflicts.get(scope.id) ?? 0) : 0,
    })
  }
  return { scopes, ...next }
}

/** A caller with any right in the global scope may know of all other scopes. */
function knownTo(rights: Rights | undefined): { within?: readonly string[] } {
  return !rights || rights.scopeIds.includes(GLOBAL_SCOPE_ID) ? {} : { within: rights.scopeIds }
}
