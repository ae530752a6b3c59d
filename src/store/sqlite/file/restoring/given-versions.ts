import type { DatabaseSync } from 'node:sqlite'
import { GLOBAL_SCOPE_ID } from '../../../../domain/scope.ts'
import { ANY_TYPE } from '../../../entries/past/retired-names.ts'

/** Versions by which agents may still call entries: of each id, and of each name in its scope. And scopes, by their ids. */
export interface GivenVersions {
  readonly ids: ReadonlyMap<string, number>
  readonly scopes: ReadonlyMap<string, number>
  readonly names: readonly NamedVersion[]
}

interface NamedVersion {
  readonly scope_id: string
  readonly type: string
  readonly name: string
  readonly version: number
}

/** Asked of the database that is to be replaced. */
export function readGivenVersions(db: DatabaseSync): GivenVersions {
  const named = db.prepare('select scope_id, type, name, version from entry').all()
  const retired = hasRetiredNames(db)
    ? db.prepare('select scope_id, type, name, version from retired_name').all()
    : []
  const names = [...named, ...retired].map((row) => ({
    scope_id: String(row['scope_id']),
    type: String(row['type']),
    name: String(row['name']),
    version: Number(row['version']),
  }))
  return { ids: changed(db, 'entry'), scopes: changed(db, 'scope'), names }
}

function changed(db: DatabaseSync, table: 'entry' | 'scope'): Map<string, number> {
  const rows = db.prepare(`select id, version from ${table} where version > 1`).all()
  return new Map(rows.map(({ id, version }) => [String(id), Number(version)]))
}

/**
 * An entry that had gone on counts on above what it had, with its text from the backup: a version that an agent has read never means
 * another text. What a name had counts for the entry that takes it next.
 */
export function raiseGivenVersions(db: DatabaseSync, { ids, scopes, names }: GivenVersions): void {
  const raise = db.prepare('update entry set version = ?2 + 1 where id = ?1 and version < ?2')
  for (const [id, version] of ids) raise.run(id, version)
  const raiseScope = db.prepare('update scope set version = ?2 + 1 where id = ?1 and version < ?2')
  for (const [id, version] of scopes) raiseScope.run(id, version)
  if (!hasRetiredNames(db)) return
  const isHeld = db.prepare('select 1 from entry where scope_id = ? and type = ? and name = ?')
  const put = db.prepare(
    `insert into retired_name (scope_id, type, name, version) values (?, ?, ?, ?)
      on conflict (scope_id, type, name) do update set version = max(version, excluded.version)`,
  )
  for (const { scope_id, type, name, version } of names) {
    if (!isHeld.get(scope_id, type, name)) put.run(scope_id, type, name, version)
    // An id that was deleted, and is in the backup again.
    if (type === ANY_TYPE && scope_id === GLOBAL_SCOPE_ID) raise.run(name, version)
  }
}

function hasRetiredNames(db: DatabaseSync): boolean {
  return db.prepare("select 1 from sqlite_master where name = 'retired_name'").get() !== undefined
}
