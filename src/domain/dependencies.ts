import { type ScopeType, scopeKey, sessionsKey } from './scope.ts'

interface ScopeId {
  readonly type: ScopeType
  readonly id: string
}

/** The version counters that an answer about these scopes and types depends on, sorted. */
export function dependenciesOf(
  scopes: readonly ScopeId[],
  types: readonly string[],
  /** Scopes whose own sessions are part of the answer too. */
  sessionsOf: readonly ScopeId[] = [],
): string[] {
  const keys = types.flatMap((type) => [
    ...scopes.map((scope) => scopeKey(scope, type)),
    ...sessionsOf.map((scope) => sessionsKey(scope, type)),
  ])
  return [...new Set(keys)].sort()
}
