import type { ExpressionBuilder, Selectable } from 'kysely'
import type { Scope, ScopeType } from '../../domain/scope.ts'
import type { Reader, Writer } from '../access.ts'
import { prepared } from '../prepared.ts'
import type { Schema, ScopeRow } from '../schema.ts'
import { beginAboveRetired, retireScope } from './retired-scopes.ts'

export function toScope(row: Selectable<ScopeRow>): Scope {
  return { ...row, metadata: JSON.parse(row.metadata) as Record<string, unknown> }
}

const scopeWithId = prepared(['id'], (db, { id }: { id: string }) =>
  db.selectFrom('scope').selectAll().where('id', '=', id),
)

export async function findScope(db: Reader, id: string): Promise<Scope | undefined> {
  const [row] = await scopeWithId(db, { id })
  return row && toScope(row)
}

const chainOf = prepared(['id'], (db, { id }: { id: string }) =>
  db
    .withRecursive('chain', (cte) =>
      cte
        .selectFrom('scope')
        .selectAll()
        .select((eb) => eb.lit(0).as('depth'))
        .where('id', '=', id)
        .unionAll(
          cte
            .selectFrom('scope')
            .innerJoin('chain', 'chain.parent_id', 'scope.id')
            .selectAll('scope')
            .select((eb) => eb('chain.depth', '+', 1).as('depth')),
        ),
    )
    .selectFrom('chain')
    .selectAll()
    .orderBy('depth'),
)

/** The scope and those that it inherits from, nearest first. Empty for an unknown id. */
export async function scopeChain(db: Reader, id: string): Promise<Scope[]> {
  const rows = await chainOf(db, { id })
  return rows.map(({ depth: _depth, ...row }) => toScope(row))
}

/** Ids and names; unknown ids are left out. */
export async function scopeNames(db: Reader, ids: readonly string[]): Promise<[id: string, name: string][]> {
  if (ids.length === 0) return []
  const rows = await db.selectFrom('scope').select(['id', 'name']).where('id', 'in', ids).execute()
  return rows.map(({ id, name }) => [id, name])
}

const scopeWithRoot = prepared(['rootPath'], (db, { rootPath }: { rootPath: string }) =>
  db.selectFrom('scope').selectAll().where('root_path', '=', rootPath),
)

export async function findScopeByRoot(db: Reader, rootPath: string): Promise<Scope | undefined> {
  const [row] = await scopeWithRoot(db, { rootPath })
  return row && toScope(row)
}

/** The projects that keep marks of a repository. */
export async function listMarkedProjects(db: Reader): Promise<Scope[]> {
  const projects = db.selectFrom('scope').selectAll().where('type', '=', 'project')
  return (await projects.where('metadata', 'like', '%"repository"%').orderBy('id').execute()).map(toScope)
}

interface Spellings {
  readonly type: ScopeType
  readonly given: string
  readonly composed: string
  readonly decomposed: string
}

const scopesNamed = prepared(
  ['type', 'given', 'composed', 'decomposed'],
  (db, { type, given, composed, decomposed }: Spellings & Record<string, string>) =>
    db
      .selectFrom('scope')
      .selectAll()
      .where('type', '=', type)
      .where('name', 'in', [given, composed, decomposed])
      .orderBy('id'),
)

/**
 * Orgs and projects of that name; sessions share names and are not found so. Unicode writes one name in two ways, and earlier
 * versions kept either (macOS gives names of folders with their accents apart): the way that was given goes first.
 */
export async function findScopesByName(
  db: Reader,
  { type, name, parentId }: { type: ScopeType; name: string; parentId?: string },
): Promise<Scope[]> {
  const spellings = { given: name, composed: name.normalize('NFC'), decomposed: name.normalize('NFD') }
  const rows = await scopesNamed(db, { type, ...spellings })
  const exact = rows.filter((row) => row.name === name)
  return (exact.length > 0 ? exact : rows)
    .filter((row) => parentId === undefined || row.parent_id === parentId)
    .map(toScope)
}

export async function listScopes(
  db: Reader,
  filter: {
    type?: ScopeType
    parentId?: string
    status?: Scope['status']
    beforeId?: string
    /** Only these scopes and those below them. */
    within?: readonly string[]
    limit: number
  },
): Promise<Scope[]> {
  let query = db.selectFrom('scope').selectAll()
  if (filter.type) query = query.where('type', '=', filter.type)
  if (filter.parentId) query = query.where('parent_id', '=', filter.parentId)
  if (filter.status) query = query.where('status', '=', filter.status)
  if (filter.beforeId) query = query.where('id', '<', filter.beforeId)
  const { within } = filter
  if (within) query = query.where((eb) => isWithinScopes(eb, within))
  return (await query.orderBy('id', 'desc').limit(filter.limit).execute()).map(toScope)
}

/** Itself, what it is in, or what that is in: a session of a project of an org. */
function isWithinScopes(eb: ExpressionBuilder<Schema, 'scope'>, ids: readonly string[]) {
  const among = [...ids, '']
  const parents = eb
    .selectFrom('scope as parent')
    .select('parent.id')
    .where((up) => up.or([up('parent.id', 'in', among), up('parent.parent_id', 'in', among)]))
  return eb.or([eb('scope.id', 'in', among), eb('scope.parent_id', 'in', parents)])
}

export async function insertScope(db: Writer, scope: Scope): Promise<void> {
  await db
    .insertInto('scope')
    .values({ ...scope, metadata: JSON.stringify(scope.metadata) })
    .execute()
  await beginAboveRetired(db, scope)
}

export async function updateScope(db: Writer, scope: Scope): Promise<void> {
  const { id, ...rest } = scope
  await db
    .updateTable('scope')
    .set({ ...rest, metadata: JSON.stringify(scope.metadata) })
    .where('id', '=', id)
    .execute()
}

/** Keeps a scope as it was before a change. */
export async function insertScopeRevision(db: Writer, before: Scope, supersededAt: string): Promise<void> {
  await db
    .insertInto('scope_revision')
    .values({
      scope_id: before.id,
      version: before.version,
      superseded_at: supersededAt,
      snapshot: JSON.stringify(before),
    })
    .execute()
}

/** An earlier version of a scope, or undefined. */
export async function findScopeRevision(db: Reader, id: string, version: number): Promise<Scope | undefined> {
  const row = await db
    .selectFrom('scope_revision')
    .select('snapshot')
    .where('scope_id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  return row && (JSON.parse(row.snapshot) as Scope)
}

/** Takes out a scope that is empty by now. */
export async function deleteScope(db: Writer, scope: Scope): Promise<void> {
  await retireScope(db, scope)
  await db.deleteFrom('scope').where('id', '=', scope.id).execute()
}

/** Entries and child scopes that stand directly in this scope. */
export async function countContents(
  db: Reader,
  id: string,
): Promise<{ entries: number; scopes: number; votes: number }> {
  const entries = await db
    .selectFrom('entry')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('scope_id', '=', id)
    .executeTakeFirstOrThrow()
  const scopes = await db
    .selectFrom('scope')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('parent_id', '=', id)
    .executeTakeFirstOrThrow()
  const votes = await db
    .selectFrom('vote')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('scope_id', '=', id)
    .executeTakeFirstOrThrow()
  return { entries: Number(entries.n), scopes: Number(scopes.n), votes: Number(votes.n) }
}

/** The folders of projects, the longest first: the first that a path is in is that of its project. */
export async function listProjectRoots(db: Reader): Promise<[root: string, scopeId: string][]> {
  const rows = await db
    .selectFrom('scope')
    .select(['id', 'root_path'])
    .where('type', '=', 'project')
    .where('root_path', 'is not', null)
    .execute()
  return rows
    .flatMap(({ id, root_path }): [string, string][] =>
      root_path === null ? [] : [[root_path.replaceAll('\\', '/'), id]],
    )
    .sort(([a], [b]) => b.length - a.length)
}
