import { type Expression, type RawBuilder, sql } from 'kysely'
import { inForce } from '../entries/in-force.ts'
import { notSuperseded } from '../entries/superseded.ts'
import { isOneOf } from '../one-of.ts'
import type { SearchRequest } from './index.ts'

/** The condition that a row of `entry` is one that the request may find, whatever it says: scopes, types, tags and the like. */
export function isFound(request: SearchRequest): RawBuilder<boolean> {
  const {
    types,
    tagsInclude,
    tagsExclude,
    minPriority,
    updatedAfter,
    updatedUntil,
    validAt,
    supersededIn,
    withheld = {},
  } = request
  const conditions = [
    inForce('entry', validAt),
    isOneOf('entry.type', types),
    isInReach(request),
    ...(supersededIn === null ? [] : [notSuperseded('entry', { scopeIds: supersededIn, at: validAt })]),
    ...Object.entries(withheld).map(([id, kept]) => isOpen(id, kept)),
    ...(minPriority === null ? [] : [sql`entry.priority >= ${minPriority}`]),
    ...(updatedAfter === null ? [] : [sql`entry.updated_at > ${updatedAfter}`]),
    ...(updatedUntil === null ? [] : [sql`entry.updated_at <= ${updatedUntil}`]),
    ...(tagsInclude.length === 0 ? [] : [sql`entry.id in (${taggedWith(tagsInclude)})`]),
    ...(tagsExclude.length === 0 ? [] : [sql`entry.id not in (${taggedWith(tagsExclude)})`]),
  ]
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`
}

/** In the scopes that are searched, whatever else holds. */
export function isInReach({
  scopeIds,
  sessionsOf,
  within,
}: Pick<SearchRequest, 'scopeIds' | 'sessionsOf' | 'within'>): Expression<unknown> {
  if (within) return inScopes(within)
  if (sessionsOf.length === 0) return inScopes(scopeIds)
  return sql`(${inScopes(scopeIds)} or ${inSessionsOf(sessionsOf)})`
}

function inScopes(ids: readonly string[]): Expression<unknown> {
  return isOneOf('entry.scope_id', ids)
}

/** Not of these types in that scope, nor in its sessions. */
function isOpen(scopeId: string, types: readonly string[]): RawBuilder<unknown> {
  return sql`not (${isOneOf('entry.type', types)} and (${inScopes([scopeId])} or ${inSessionsOf([scopeId])}))`
}

function inSessionsOf(ids: readonly string[]): RawBuilder<unknown> {
  return sql`entry.scope_id in (select id from scope where type = 'session' and ${isOneOf('parent_id', ids)})`
}

function taggedWith(tags: readonly string[]): RawBuilder<unknown> {
  return sql`select entry_id from entry_tag where ${isOneOf('tag', tags)}`
}
