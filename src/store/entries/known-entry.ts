import { type RawBuilder, sql } from 'kysely'
import type { Entry } from '../../domain/entries/entry.ts'
import { SUPERSEDES } from '../../domain/entries/relation.ts'
import { GLOBAL_SCOPE_ID, type ScopeType, scopeKey } from '../../domain/scope.ts'
import type { Reader } from '../access.ts'
import { prepared } from '../prepared.ts'
import { toEntry, withScopeType } from './rows.ts'

/** An entry, all that was linked to take its place, and the versions that these depend on. */
export interface StampedEntry {
  readonly entry: Entry
  /** The latest link first, whether it may take the place by now or not. */
  readonly newer: readonly Superseder[]
  readonly stamp: ReadonlyMap<string, number>
}

export interface Superseder {
  readonly id: string
  readonly status: string
  readonly valid_from: string | null
  readonly linked_at: string
}

/** One statement: entry, links and versions are of one moment. */
const entryWithLinks = prepared(['id', 'supersedes'], (db, values: { id: string; supersedes: string }) =>
  withScopeType(db)
    .leftJoin('relation as link', (join) =>
      join.onRef('link.to_id', '=', 'entry.id').on('link.type', '=', values.supersedes),
    )
    .leftJoin('entry as newer', 'newer.id', 'link.from_id')
    .leftJoin('scope as newer_scope', 'newer_scope.id', 'newer.scope_id')
    .select([
      versionIn('scope', 'entry').as('stamp_version'),
      'newer.id as newer_id',
      'newer.type as newer_type',
      'newer.status as newer_status',
      'newer.valid_from as newer_valid_from',
      'newer_scope.id as newer_scope_id',
      'newer_scope.type as newer_scope_type',
      'link.created_at as linked_at',
      versionIn('newer_scope', 'newer').as('newer_version'),
    ])
    .where('entry.id', '=', values.id)
    .orderBy('link.id', 'desc'),
)

/** Undefined for an id that no entry has. */
export async function findStampedEntry(db: Reader, id: string): Promise<StampedEntry | undefined> {
  const rows = await entryWithLinks(db, { id, supersedes: SUPERSEDES })
  const [row] = rows
  if (!row) return undefined
  const entry = toEntry(row)
  const stamp = new Map([[keyOf(entry.scope_type, row.scope_id, entry.type), Number(row.stamp_version ?? 0)]])
  const newer = rows.flatMap((link): Superseder[] => {
    const { newer_id, newer_type, newer_status, newer_scope_id, newer_scope_type, linked_at } = link
    if (!newer_id || !newer_type || !newer_status || !newer_scope_id || !newer_scope_type || !linked_at)
      return []
    stamp.set(keyOf(newer_scope_type, newer_scope_id, newer_type), Number(link.newer_version ?? 0))
    return [{ id: newer_id, status: newer_status, valid_from: link.newer_valid_from, linked_at }]
  })
  return { entry, newer, stamp }
}

function keyOf(type: ScopeType, id: string, kind: string): string {
  return scopeKey({ type, id }, kind)
}

/** The version of what stands in that scope and is of that entry's type: its key is `scopeKey` of the domain in SQL. */
function versionIn(scope: string, entry: string): RawBuilder<number | null> {
  const [type, id, kind] = [sql.ref(`${scope}.type`), sql.ref(`${scope}.id`), sql.ref(`${entry}.type`)]
  return sql<number | null>`(select scope_version.version from scope_version where scope_version.scope_key =
    case when ${type} = ${sql.lit(GLOBAL_SCOPE_ID)} then ${type} else ${type} || ':' || ${id} end || '/' || ${kind})`
}
