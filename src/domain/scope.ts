import { z } from 'zod'

export const SCOPE_TYPES = ['global', 'org', 'project', 'session'] as const
export type ScopeType = (typeof SCOPE_TYPES)[number]

/** The id that the one global scope has inside the store; outside it is `null`. */
export const GLOBAL_SCOPE_ID = 'global'

/** Stands for the current project before its first write: nothing has this id. */
export const UNMADE_SCOPE_ID = ''

/** Org, project, session, or the one global scope. */
export interface Scope {
  readonly id: string
  readonly type: ScopeType
  readonly name: string
  /** The scope that this one inherits from; null for global. */
  readonly parent_id: string | null
  readonly root_path: string | null
  readonly purpose: string | null
  readonly status: 'active' | 'ended'
  readonly metadata: Readonly<Record<string, unknown>>
  readonly version: number
  readonly created_at: string
  readonly created_by: string
  readonly updated_at: string
  readonly updated_by: string
  readonly ended_at: string | null
}

/** Where a result came from or went to, as every result says it. */
export interface ScopeRef {
  readonly scope_type: ScopeType
  readonly scope_id: string | null
}

export const scopeTypeSchema = z.enum(SCOPE_TYPES)

export function scopeRef(scope: { type: ScopeType; id: string }): ScopeRef {
  return { scope_type: scope.type, scope_id: outsideScopeId(scope.id) }
}

/** What a chain (nearest first) is the chain of. */
export function nearestRef([scope]: readonly { type: ScopeType; id: string }[]): ScopeRef {
  return scopeRef(scope ?? { type: 'global', id: GLOBAL_SCOPE_ID })
}

export function outsideScopeId(id: string): string | null {
  return id === GLOBAL_SCOPE_ID || id === UNMADE_SCOPE_ID ? null : id
}

/** Key of the counter that every change of this kind in this scope moves (see docs: cache). `kind` is an entry type or `scope`. */
export function scopeKey(scope: { type: ScopeType; id: string }, kind: string): string {
  return scope.type === 'global' ? `global/${kind}` : `${scope.type}:${scope.id}/${kind}`
}

/** Key that moves when any session directly below `scope` changes: what `include_sessions` depends on. */
export function sessionsKey(scope: { type: ScopeType; id: string }, kind: string): string {
  return scopeKey(scope, `sessions-${kind}`)
}
