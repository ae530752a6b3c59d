import { z } from 'zod'
import type { DeepReadonly } from './deep-readonly.ts'
import { instant } from './instant.ts'
import { idText, text } from './text/text.ts'

export const SCOPE_TYPES = ['global', 'org', 'project', 'session'] as const
export type ScopeType = (typeof SCOPE_TYPES)[number]

/** The id that the one global scope has inside the store; outside it is `null`. */
export const GLOBAL_SCOPE_ID = 'global'

/** Stands for the current project before its first write: nothing has this id. */
export const UNMADE_SCOPE_ID = ''

export const scopeTypeSchema = z.enum(SCOPE_TYPES)

/** Org, project, session, or the one global scope. */
export const scopeSchema = z.strictObject({
  id: idText,
  type: scopeTypeSchema,
  /** The scope that this one inherits from; null for global. */
  parent_id: idText.nullable(),
  name: text(4_096).min(1),
  root_path: text(16_384).nullable(),
  purpose: text(262_144).nullable(),
  status: z.enum(['active', 'ended']),
  metadata: z.record(z.string(), z.unknown()),
  version: z.int().min(1),
  created_at: instant,
  created_by: idText,
  updated_at: instant,
  updated_by: idText,
  ended_at: instant.nullable(),
})

export type Scope = DeepReadonly<z.output<typeof scopeSchema>>

/** Where a result came from or went to, as every result says it. */
export interface ScopeRef {
  readonly scope_type: ScopeType
  readonly scope_id: string | null
}

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
