import type { Entry } from '../../domain/entries/entry.ts'
import { GLOBAL_SCOPE_ID } from '../../domain/scope.ts'
import type { Reader, Writer } from '../access.ts'
import { prepared } from '../prepared.ts'

// An entry that takes a name which another has given up goes on counting above it, so that a version which was read under
// the name never fits the newcomer.

interface NamePlace {
  readonly scopeId: string
  readonly type: string
}

const retiredName = prepared(
  ['scopeId', 'type', 'name'],
  (db, { scopeId, type, name }: { scopeId: string; type: string; name: string }) =>
    retiredIn(db, { scopeId, type }).where('name', '=', name),
)

function retiredIn(db: Reader, { scopeId, type }: NamePlace) {
  return db
    .selectFrom('retired_name')
    .select(['name', 'version'])
    .where('scope_id', '=', scopeId)
    .where('type', '=', type)
}

/** The highest version that was read under each of these names, where an entry has given it up. */
export async function retiredVersions(
  db: Reader,
  { scopeId, type, names }: NamePlace & { names: readonly string[] },
): Promise<Map<string, number>> {
  const [name] = names
  if (name === undefined) return new Map()
  const rows =
    names.length === 1
      ? await retiredName(db, { scopeId, type, name })
      : await retiredIn(db, { scopeId, type }).where('name', 'in', names).execute()
  return new Map(rows.map((row) => [row.name, Number(row.version)]))
}

/** Remembers up to which version this entry was read under its name. */
export async function retireName(db: Writer, entry: Entry): Promise<void> {
  const { type, name, version } = entry
  await db
    .insertInto('retired_name')
    .values({ scope_id: entry.scope_id ?? GLOBAL_SCOPE_ID, type, name, version })
    .onConflict((c) =>
      c
        .columns(['scope_id', 'type', 'name'])
        .doUpdateSet({ version })
        .where('retired_name.version', '<', version),
    )
    .execute()
}
