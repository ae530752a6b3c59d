import { entryTypeName, type Grant } from '../../domain/access/grant.ts'
import { AppError } from '../../domain/errors.ts'
import type { Scope } from '../../domain/scope.ts'
import { idText } from '../../domain/text/text.ts'
import { notThere } from '../../services/access/refusals.ts'
import type { OperationContext } from '../define.ts'
import { scopeArguments } from '../entry/schemas.ts'

export const grantee = idText.describe('The agent that it is for; * for every one')

/** What a permission is for. Which scope is never guessed. */
export const placeArguments = {
  ...scopeArguments,
  entry_type: entryTypeName.optional().describe('Only entries of this type; default: all in the scope'),
}

interface Given {
  readonly scope_type?: Scope['type'] | undefined
  readonly scope_id?: string | undefined
}

/** The chain of the scope that a permission is for: a global one is meant only where it is said. */
export async function chainFor(
  { places, caller }: Pick<OperationContext, 'places' | 'caller'>,
  given: Given,
): Promise<readonly [Scope, ...Scope[]]> {
  if (given.scope_type === undefined && given.scope_id === undefined)
    throw new AppError(
      'MISSING_FIELD',
      'scope_type: a permission in which scope? global, or the type and the id of one.',
      {
        details: { argument: 'scope_type' },
      },
    )
  const [scope, ...wider] = (await places.scope(caller, given)) ?? []
  if (!scope) throw notThere('scope', given.scope_id ?? '')
  if (given.scope_type !== undefined && given.scope_type !== scope.type)
    throw new AppError(
      'INVALID_SCOPE',
      `scope_id names a ${scope.type}, scope_type says ${given.scope_type}.`,
    )
  return [scope, ...wider]
}

/** The types that a caller must administer in the scope to grant it. */
export function typesOf(entryType: Grant['entry_type'] | undefined): readonly string[] | null {
  return entryType === null || entryType === undefined ? null : [entryType]
}
