import type { Permission } from '../../domain/access/grant.ts'
import { whereOf } from '../../domain/access/rights.ts'
import { AppError } from '../../domain/errors.ts'
import type { Scope } from '../../domain/scope.ts'

const VERBS = { read: 'read', write: 'write', admin: 'administer' } as const

/** What an agent was not granted. `types`: only entries of these; null for all that the scope holds. */
interface Missing {
  readonly agentId: string
  readonly permission: Permission
  /** Left out where it may not know of it. */
  readonly scope: Pick<Scope, 'type' | 'id'> | undefined
  readonly types: readonly string[] | null
}

export function notGranted({ agentId, permission, scope, types }: Missing): AppError {
  const where = !scope ? 'there' : scope.type === 'global' ? 'in the global scope' : `in this ${scope.type}`
  const what = types === null ? '' : ` ${types.join(', ')}`
  return new AppError('PERMISSION_DENIED', `This agent may not ${VERBS[permission]}${what} ${where}.`, {
    details: { agent_id: agentId, permission, ...(scope && whereOf(scope)), entry_types: types },
    suggestion:
      'memory_permission check explains what this agent may, list shows its grants; who administers the scope grants more. Name a scope of your own (scope_type, scope_id) where you named none.',
  })
}

/**
 * A thing that is missing and a thing that may not be read get the same answer, so that asking reveals
 * nothing.
 */
export function notThere(what: string, id: string): AppError {
  return new AppError('NOT_FOUND', `There is no ${what} of that id that this agent may read.`, {
    details: { id: id.slice(0, 64) },
    suggestion: 'list and search find what it may read; memory_permission check explains why.',
  })
}

export function needsKey(): AppError {
  return new AppError(
    'UNAUTHENTICATED',
    'Keys and permissions are managed with the key of an administrator.',
    {
      suggestion: 'Make the first one on the machine of the server: agent-memory key create NAME --admin.',
    },
  )
}
