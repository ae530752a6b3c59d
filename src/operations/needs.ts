import type { Permission } from '../domain/access/grant.ts'
import { ENTRY_TYPE_NAMES } from '../domain/entries/types/index.ts'
import type { Place } from '../services/access/places.ts'
import type { ScopeArgument } from '../services/running/caller.ts'
import { unnamedScope } from '../services/scopes/asked-scope.ts'
import type { OperationContext } from './define.ts'
import type { Need } from './need.ts'

type Context = Pick<OperationContext, 'caller' | 'places'>
type Needs<I> = (ctx: Context, input: I) => Promise<readonly Need[]>

/** Open to every caller: the answer is the caller's own, or is made of what it may read. */
export const nothing = async (): Promise<readonly Need[]> => []

interface InScope extends ScopeArgument {
  readonly types?: readonly string[] | undefined
}

/** Entries of these types (else of those that the call names, else of any) in the scope that the call names. */
export function inScope(permission: Permission, ...types: readonly string[]): Needs<InScope> {
  return async (ctx, input) => {
    const wanted = types.length > 0 ? types : (input.types ?? ENTRY_TYPE_NAMES)
    return [await scopeNeed(ctx, input, { permission, types: wanted })]
  }
}

/** The same to read; entries of every scope are for callers that may read such entries in the global one. */
export const inScopeOrEverywhere: Needs<InScope & { readonly everywhere?: boolean | undefined }> = (
  ctx,
  input,
) => inScope('read')(ctx, input.everywhere ? { types: input.types, scope_type: 'global' } : input)

/** An entry by its id, or entries of that type in the scope that the call names. */
export function ofEntry(
  permission: Permission,
  type: string,
): Needs<ScopeArgument & { id?: string | undefined }> {
  return async (ctx, input) =>
    input.id === undefined
      ? [await scopeNeed(ctx, input, { permission, types: [type] })]
      : [await entryNeed(ctx, input.id, permission)]
}

export async function entryNeed({ places }: Context, id: string, permission: Permission): Promise<Need> {
  return placeNeed(await places.entry(id), permission, { what: 'entry', id })
}

export function placeNeed(
  place: Place | undefined,
  permission: Permission,
  named: { what: string; id: string },
): Need {
  const types = place?.kind === undefined || place.kind === null ? null : [place.kind]
  return { permission, chain: place?.chain, types, named }
}

/** The scope that the call names, else the one that is meant without a name. */
export async function scopeNeed(
  { places, caller }: Context,
  { scope_type, scope_id }: ScopeArgument,
  { permission, types }: Pick<Need, 'permission' | 'types'>,
): Promise<Need> {
  const isUnnamed = scope_type === undefined && scope_id === undefined
  if (isUnnamed && permission !== 'read' && !caller.workspace) throw unnamedScope()
  const chain = await places.scope(caller, { scope_type, scope_id })
  const named =
    scope_id === undefined
      ? {}
      : { named: { what: scope_type ?? 'scope', id: scope_id, isScope: true as const } }
  return { permission, chain, types, ...named }
}

/** All of that scope; without an id the global one. */
export function wholeScope(ctx: Context, permission: Permission, scope_id?: string): Promise<Need> {
  const argument = scope_id === undefined ? { scope_type: 'global' as const } : { scope_id }
  return scopeNeed(ctx, argument, { permission, types: null })
}

/** A project's folder decides which locks belong to it: a caller that sets it decides on locks of others. */
export async function folderNeed(ctx: Context, root_path: string | undefined): Promise<readonly Need[]> {
  return root_path === undefined ? [] : [await wholeScope(ctx, 'admin')]
}

/** All there is. */
export function everything(permission: Permission): Needs<unknown> {
  return async (ctx) => [await wholeScope(ctx, permission)]
}

interface Paths {
  readonly file_path?: string | undefined
  readonly file_paths?: readonly string[] | undefined
}

/** The projects in whose folders these files are. */
export function ofPaths(permission: Permission): Needs<Paths> {
  return ({ caller, places }, { file_path, file_paths = [] }) => {
    const paths = file_path === undefined ? file_paths : [file_path]
    const needOf = async (path: string): Promise<Need> => {
      const { chain } = await places.path(caller, path)
      return { permission, chain, types: null, isByPath: true }
    }
    return Promise.all(paths.map(needOf))
  }
}
