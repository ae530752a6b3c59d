import type { Entry } from '../domain/entries/entry.ts'
import type { Change, EventType } from '../domain/event.ts'
import { type Scope, scopeKey, sessionsKey } from '../domain/scope.ts'

/** The change of one entry, with every version counter that it moves. `chain` is its scope's, nearest first. */
export function entryChange(
  type: Extract<EventType, `entry.${string}` | `conflict.${string}`>,
  entry: Entry,
  chain: readonly Scope[],
  by: { agentId: string; detail?: Readonly<Record<string, unknown>> },
): Change {
  const [scope, parent] = chain
  if (!scope) throw new RangeError('a scope chain is never empty')
  const scopeKeys = [scopeKey(scope, entry.type)]
  if (scope.type === 'session' && parent) scopeKeys.push(sessionsKey(parent, entry.type))
  const reference = { type: entry.type, id: entry.id, version: entry.version }
  const detail = by.detail ? { detail: by.detail } : {}
  return { type, scope, entry: reference, scopeKeys, agentId: by.agentId, ...detail }
}
