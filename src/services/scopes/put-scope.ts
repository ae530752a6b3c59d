import { isoTimeAfter } from '../../domain/clock.ts'
import type { Scope } from '../../domain/scope.ts'
import { highestLost } from '../../store/entries/past/lost-versions.ts'
import { insertScopeRevision, updateScope } from '../../store/scopes/scopes.ts'
import type { WriteUnit } from '../../store/store.ts'
import { scopeChange } from '../scope-changes.ts'

/** The agent that changes a scope, and when (epoch milliseconds). */
export interface Author {
  readonly agentId: string
  readonly now: number
}

/** The next version of a scope; the one before stays in its history. */
export async function putScope(
  unit: WriteUnit,
  { before, after, event = 'scope.updated' }: ScopeVersions,
  { agentId, now }: Author,
): Promise<Scope> {
  const updated_at = isoTimeAfter(before.updated_at, now)
  const version = Math.max(before.version, highestLost(unit.db)) + 1
  const next = { ...after, version, updated_at, updated_by: agentId }
  await insertScopeRevision(unit.db, before, next.updated_at)
  await updateScope(unit.db, next)
  unit.record(scopeChange(event, next, agentId))
  return next
}

interface ScopeVersions {
  readonly before: Scope
  readonly after: Scope
  readonly event?: 'scope.updated' | 'scope.ended'
}
