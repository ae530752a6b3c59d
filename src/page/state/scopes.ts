import type { CountedScope } from '../client/answers.ts'
import { call } from '../client/rest.ts'

/** A scope with what is below it. */
export interface ScopeNode {
  readonly scope: CountedScope
  /** As addresses of the page name it. */
  readonly key: string
  readonly below: readonly ScopeNode[]
  /** Active entries of its own. */
  readonly entries: number
}

/** By id; that of the global scope under null. */
export type ScopeNames = ReadonlyMap<string | null, string>

const MOST_PAGES = 4

export async function readScopes(signal: AbortSignal): Promise<readonly CountedScope[]> {
  const found: CountedScope[] = []
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page++) {
    const { scopes, next_cursor } = await call('GET /v1/scopes/tree', { limit: 500, cursor }, { signal })
    found.push(...scopes)
    if (next_cursor === undefined) break
    cursor = next_cursor
  }
  return found
}

export function keyOf({ id }: { readonly id: string | null }): string {
  return id ?? 'global'
}

/** The scopes as a tree, from the global one down; what belongs to a scope that is not here is put at the top. */
export function treeOf(scopes: readonly CountedScope[]): readonly ScopeNode[] {
  const known = new Set(scopes.map(keyOf))
  const parentOf = (scope: CountedScope) => {
    if (scope.scope_type === 'global') return ''
    const parent = scope.parent_id ?? 'global'
    return known.has(parent) ? parent : ''
  }
  const byParent = Map.groupBy(scopes, parentOf)
  const nodes = (parent: string): readonly ScopeNode[] =>
    (byParent.get(parent) ?? []).map((scope) => ({
      scope,
      key: keyOf(scope),
      below: nodes(keyOf(scope)),
      entries: Object.values(scope.entries).reduce((sum, count) => sum + count, 0),
    }))
  return nodes('')
}

/** The arguments of a call about that scope; about all where none is named. */
export function scopeArguments(key: string | undefined): Readonly<Record<string, unknown>> {
  if (!key) return { everywhere: true }
  return key === 'global' ? { scope_type: 'global' } : { scope_id: key }
}
