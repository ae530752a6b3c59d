import { AppError } from '../../domain/errors.ts'
import type { Scope, ScopeType } from '../../domain/scope.ts'
import type { ScopeArgument, Workspace } from '../running/caller.ts'

/** Neither a type nor an id was given. */
export function isImplied({ scope_type, scope_id }: ScopeArgument): boolean {
  return scope_type === undefined && scope_id === undefined
}

/** Whether a caller is in no folder of a project. */
export function isNowhere(workspace: Workspace): boolean {
  return workspace.project === null && workspace.root === null
}

export function missingId(type: ScopeType, suggestion: string): AppError {
  return new AppError('MISSING_FIELD', `scope_id: which ${type}?`, {
    details: { argument: 'scope_id' },
    suggestion,
  })
}

/** The chain of the scope that was asked for, if it is there and of the type that was said. */
export function checked(
  chain: Scope[],
  { scope_type: type, scope_id: id }: ScopeArgument,
  workspace: Workspace | null,
): Scope[] {
  const target = chain[0]
  if (!target)
    throw new AppError('NOT_FOUND', `No ${type ?? 'scope'} has the id given as scope_id.`, {
      details: { scope_id: id },
      suggestion:
        workspace && !isNowhere(workspace)
          ? 'Leave scope_id out for the current project; memory_scope list shows the others, each with its id.'
          : 'memory_scope list shows the scopes, each with its id; scope_type global needs none.',
    })
  if (type !== undefined && target.type !== type) {
    throw new AppError('INVALID_SCOPE', `scope_id names a ${target.type}, scope_type says ${type}.`)
  }
  return chain
}

/** Where nothing is guessed, a write says where it goes. */
export function unnamedScope(): AppError {
  return new AppError(
    'MISSING_FIELD',
    'scope_type: which scope should this go to? Here nothing is guessed.',
    {
      details: { argument: 'scope_type' },
      suggestion:
        'Give scope_type global, or another one with its scope_id; memory_scope list shows the scopes, each with its id.',
    },
  )
}
