import { type RawBuilder, sql } from 'kysely'
import { inForce } from '../entries/in-force.ts'
import type { SearchRequest } from './index.ts'

/** The condition that a row of `entry` is one that the request may find, whatever it says: scopes, types, tags and the like. */
export function isFound(request: SearchRequest): RawBuilder<boolean> {
  const {
    scopeIds,
    sessionsOf,
    types,
    tagsInclude,
    tagsExclude,
    minPriority,
    updatedAfter,
    updatedUntil,
    validAt,
  } = request
  const conditions = [
    inForce('entry', validAt),
    sql`entry.type in (${sql.join(types)})`,
    sessionsOf.length === 0
      ? inScopes(scopeIds)
      : sql`(${inScopes(scopeIds)} or ${inSessionsOf(sessionsOf)})`,
    ...(minPriority === null ? [] : [sql`entry.priority >= ${minPriority}`]),
    ...(updatedAfter === null ? [] : [sql`entry.updated_at > ${updatedAfter}`]),
    ...(updatedUntil === null ? [] : [sql`entry.updated_at <= ${updatedUntil}`]),
    ...(tagsInclude.length === 0 ? [] : [sql`entry.id in (${taggedWith(tagsInclude)})`]),
    ...(tagsExclude.length === 0 ? [] : [sql`entry.id not in (${taggedWith(tagsExclude)})`]),
  ]
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`
}

function inScopes(ids: readonly string[]): RawBuilder<unknown> {
  return sql`entry.scope_id in (${sql.join(ids)})`
}

function inSessionsOf(ids: readonly string[]): RawBuilder<unknown> {
  return sql`entry.scope_id in (select id from scope where type = 'session' and parent_id in (${sql.join(ids)}))`
}

function taggedWith(tags: readonly string[]): RawBuilder<unknown> {
  return sql`select entry_id from entry_tag where tag in (${sql.join(tags)})`
}
