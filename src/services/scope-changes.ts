import type { Change, EventType } from '../domain/event.ts'
import type { Scope } from '../domain/scope.ts'

/** Moves when any scope is made, changed or removed: what every resolved scope chain depends on. */
export const SCOPES_KEY = 'global/scope'

export function scopeChange(
  type: Extract<EventType, `scope.${string}`>,
  scope: Scope,
  agentId: string,
): Change {
  return { type, scope, scopeKeys: [SCOPES_KEY], agentId }
}
