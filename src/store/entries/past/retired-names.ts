import type { Entry } from '../../../domain/entries/entry.ts'
import { GLOBAL_SCOPE_ID } from '../../../domain/scope.ts'
import type { Reader, Writer } from '../../access.ts'
import { prepared } from '../../prepared.ts'
import { highestLost } from './lost-versions.ts'

// An entry that takes a name which another has given up goes on counting above it, so that a version which was read under
// the name never fits the newcomer. The same for an id that comes back from a file, and for all names of a scope that was made
// where another one was deleted.

interface NamePlace {
  readonly scopeId: string
  readonly type: string
}

/** No entry has it as its type: such rows stand for an id (in the global scope), or without a name for all names of a scope. */
export const ANY_TYPE = ''
const ANY_NAME = ''

const retiredName = prepared(
  ['scopeId', 'type', 'name'],
  (db, { scopeId, type, name }: { scopeId: string; type: string; name: string }) =>
    retiredIn(db, { scopeId, type }, [name]),
)

function retiredIn(db: Reader, { scopeId, type }: NamePlace, names: readonly string[]) {
  return (
    db
      .selectFrom('retired_name')
      .select(['name', 'version'])
      .where('scope_id', '=', scopeId)
      // With the row of the whole scope, in a form that both databases answer from the key.
      .where('type', 'in', [type, ANY_TYPE])
      .where('name', 'in', [...names, ANY_NAME])
  )
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
      : await retiredIn(db, { scopeId, type }, names).execute()
  const found = new Map(rows.map((row) => [row.name, Number(row.version)]))
  const ofScope = found.get(ANY_NAME) ?? 0
  if (ofScope === 0) return found
  return new Map(names.map((each) => [each, Math.max(ofScope, found.get(each) ?? 0)]))
}

/** The same for names that are to be taken: also what may have been read under them before a restore. */
export async function givenVersions(
  db: Reader,
  place: NamePlace & { names: readonly string[] },
): Promise<Map<string, number>> {
  const retired = await retiredVersions(db, place)
  const lost = highestLost(db)
  if (lost === 0) return retired
  return new Map(place.names.map((name) => [name, Math.max(lost, retired.get(name) ?? 0)]))
}

/** The last versions of entries with these ids that were deleted. */
export async function retiredIds(db: Reader, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map()
  const rows = await retiredIn(db, { scopeId: GLOBAL_SCOPE_ID, type: ANY_TYPE }, ids).execute()
  return new Map(rows.map((row) => [row.name, Number(row.version)]))
}

/** Remembers up to which version this entry was read under its name. */
export async function retireName(db: Writer, entry: Entry): Promise<void> {
  const { type, name, version } = entry
  await retire(db, { scopeId: entry.scope_id ?? GLOBAL_SCOPE_ID, type, name, version })
}

/** The same for an entry that ends: its id counts on too, should a file bring it back. */
export async function retireEntry(db: Writer, entry: Entry): Promise<void> {
  const { id, version } = entry
  await Promise.all([
    retireName(db, entry),
    // The first version of an id is the same wherever it comes from.
    version > 1 && retire(db, { scopeId: GLOBAL_SCOPE_ID, type: ANY_TYPE, name: id, version }),
  ])
}

/** Lets every new entry of a scope begin above this version. */
export async function retireBelow(db: Writer, scopeId: string, version: number): Promise<void> {
  await retire(db, { scopeId, type: ANY_TYPE, name: ANY_NAME, version })
}

/** The highest version that any name of the scope was read at, of those that were given up. */
export async function highestRetired(db: Reader, scopeId: string): Promise<number> {
  const row = await db
    .selectFrom('retired_name')
    .select((eb) => eb.fn.max('version').as('version'))
    .where('scope_id', '=', scopeId)
    .executeTakeFirst()
  return Number(row?.version ?? 0)
}

async function retire(
  db: Writer,
  { scopeId, type, name, version }: NamePlace & { name: string; version: number },
): Promise<void> {
  await db
    .insertInto('retired_name')
    .values({ scope_id: scopeId, type, name, version })
    .onConflict((c) =>
      c
        .columns(['scope_id', 'type', 'name'])
        .doUpdateSet({ version })
        .where('retired_name.version', '<', version),
    )
    .execute()
}
