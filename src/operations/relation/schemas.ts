import type { Permission } from '../../domain/access/grant.ts'
import { text } from '../../domain/text/text.ts'

export const relationType = text(128).trim().min(1)

/** What must be granted on the entry that a relation points to: one that supersedes it changes how it reads. */
export function permissionOnTarget(type: string): Permission {
  return type.trim().toLowerCase() === 'supersedes' ? 'write' : 'read'
}
