import { isoTime } from '../../domain/clock.ts'
import { newId } from '../../domain/ids.ts'
import type { Scope, ScopeType } from '../../domain/scope.ts'

/** What a new org, project or session is made of. */
export interface NewScope {
  readonly name: string
  readonly root_path?: string | undefined
  readonly purpose?: string | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
}

/** Version 1 of a new scope. */
export function newScope(
  agentId: string,
  now: number,
  given: NewScope & { type: ScopeType; parentId: string },
): Scope {
  const at = isoTime(now)
  return {
    id: newId(now),
    type: given.type,
    parent_id: given.parentId,
    name: given.name,
    root_path: given.root_path ?? null,
    purpose: given.purpose ?? null,
    status: 'active',
    metadata: given.metadata ?? {},
    version: 1,
    created_at: at,
    created_by: agentId,
    updated_at: at,
    updated_by: agentId,
    ended_at: null,
  }
}
