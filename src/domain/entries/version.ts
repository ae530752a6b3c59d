import { isoTimeAfter } from '../clock.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { type Scope, scopeRef } from '../scope.ts'
import { DEFAULT_PRIORITY, type Entry } from './entry.ts'
import { entryType } from './types/index.ts'

/** What an agent gives of one new entry: shared fields, and its type's own ones beside them. */
export interface NewEntry {
  readonly name: string
  readonly content: string
  readonly tags?: readonly string[] | undefined
  readonly priority?: number | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  readonly [field: string]: unknown
}

/** The agent that writes, and when (epoch milliseconds). */
interface Author {
  readonly agentId: string
  readonly now: number
  /** How far another entry got that had the name before. */
  readonly retired?: number | undefined
}

/** A new entry: version 1, or the one after `retired` where an entry had the name before and got that far. */
export function firstVersion(
  type: string,
  scope: Scope,
  given: NewEntry,
  { agentId, now, retired = 0 }: Author,
): Entry {
  const at = new Date(now).toISOString()
  return checked({
    id: newId(now),
    type,
    name: given.name,
    content: given.content,
    ...withoutNothing(given),
    ...scopeRef(scope),
    tags: [...new Set(given.tags)],
    priority: given.priority ?? DEFAULT_PRIORITY,
    version: retired + 1,
    status: 'active',
    created_at: at,
    created_by: agentId,
    updated_at: at,
    updated_by: agentId,
    metadata: given.metadata ?? {},
  })
}

/**
 * The version after `entry`, with these fields changed; a field that becomes null is taken out. A name that another entry had
 * up to version `retired` is taken under a later number.
 */
export function nextVersion(
  entry: Entry,
  patch: Readonly<Record<string, unknown>>,
  { agentId, now, retired = 0 }: Author,
): Entry {
  const changed = { ...withoutNothing({ ...entry, ...patch }), scope_id: entry.scope_id } as Entry
  return checked({
    ...changed,
    version: Math.max(entry.version, retired) + 1,
    updated_at: isoTimeAfter(entry.updated_at, now),
    updated_by: agentId,
  })
}

function checked(entry: Entry): Entry {
  const problem = entryType(entry.type).problem?.(entry)
  if (problem) throw new AppError('INVALID_PARAMETER', problem)
  return entry
}

function withoutNothing(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => (value ?? null) !== null))
}
