import { CompiledQuery, type Kysely } from 'kysely'
import { escapeLiteral } from 'pg'
import type { Change } from '../../../domain/event.ts'
import { type Commit, logChanges, toEvents, toLogged } from '../../change-log.ts'
import { type LogOptions, NeedsAllLocksError } from '../../database.ts'
import type { Schema } from '../../schema.ts'

/** More are written one statement after the other, by a writer that keeps all others out. */
const MOST_AT_ONCE = 2_000

/** What a transaction does last: `text` takes one JSON text, and the commit follows in the same message. */
export const LOG_LAST = {
  name: 'agent_memory_log',
  text: `with given as materialized (
    select * from json_to_recordset($1::json->'rows') as row(place integer, event_id text, at text, type text, scope_type text,
      scope_id text, entry_type text, entry_id text, entry_version bigint, detail text, keys text[], agent_id text, instance_id text)
  ), bumped as (
    insert into scope_version (scope_key, version)
      select key, 1 from json_array_elements_text($1::json->'keys') with ordinality as sorted(key, place) order by place
      on conflict (scope_key) do update set version = scope_version.version + 1
      returning scope_key, version
  ), logged as (
    insert into change_log (event_id, at, type, scope_type, scope_id, entry_type, entry_id, entry_version, detail, versions,
      agent_id, instance_id)
    select event_id, at, type, scope_type, scope_id, entry_type, entry_id, entry_version, detail,
      coalesce((select json_object_agg(scope_key, version)::text from bumped where scope_key = any (keys)), '{}'),
      agent_id, instance_id from given order by place
    returning id
  ) select (select coalesce(json_object_agg(scope_key, version), '{}') from bumped) as versions,
    (select json_agg(id) from logged) as ids`,
} as const

const MARK = '/*last*/'

/** What a query holds that ends its transaction: the identity of the turn, and JSON. Undefined for every other query. */
export function lastOf(
  text: string,
): { readonly identity: number | undefined; readonly json: string } | undefined {
  if (!text.startsWith(MARK)) return undefined
  const end = text.indexOf(' ', MARK.length)
  const identity = text.slice(MARK.length, end)
  return { identity: identity === '' ? undefined : Number(identity), json: text.slice(end + 1) }
}

interface Answer {
  readonly versions: Readonly<Record<string, number>>
  readonly ids: readonly number[]
}

/**
 * The turn at the log, versions, log and commit in one message: while one writer has the turn, the others wait for the server and its
 * disk only, never for a process. What is under way goes before it without an answer: where that fails, so does this.
 */
export async function logLast(
  db: Kysely<Schema>,
  changes: readonly Change[],
  { hasAllLocks, underWay, identity, ...by }: LogOptions & { readonly identity: number | undefined },
): Promise<Commit> {
  if (changes.length > MOST_AT_ONCE) {
    if (hasAllLocks) return logChanges(db, changes, { ...by, underWay })
    throw new NeedsAllLocksError()
  }
  const logged = changes.map((change) => toLogged(change, by))
  const keys = [...new Set(changes.flatMap((change) => change.scopeKeys))].sort()
  const given = {
    keys,
    rows: logged.map(({ row, change }, place) => ({ ...row, place, keys: change.scopeKeys })),
  }
  // What is no Unicode would be refused in JSON.
  const json = JSON.stringify(given, (_key, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  )
  const { rows: answers } = await db.executeQuery<Answer>(
    CompiledQuery.raw(`${MARK}${identity ?? ''} ${escapeLiteral(json)}`),
  )
  const { versions: moved, ids } = answers.at(-1) ?? { versions: {}, ids: [] }
  const versions = new Map(Object.entries(moved))
  return { events: toEvents(logged, { ids, versions }), versions }
}
