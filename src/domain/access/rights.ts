import { GLOBAL_SCOPE_ID, outsideScopeId } from '../scope.ts'
import { type Grant, includes, type Permission } from './grant.ts'

/** A scope and those that it inherits from, nearest first. */
export type Chain = readonly { readonly id: string }[]

/** What is wanted of a scope: entries of one type, or (null) all else that stands in it: itself, its locks and votes. */
export type Kind = string | null

/** All that one agent may do: what was granted to it or to every agent, and nothing else. */
export class Rights {
  readonly agentId: string
  readonly #grants: ReadonlyMap<string, readonly Grant[]>

  constructor(agentId: string, grants: readonly Grant[]) {
    this.agentId = agentId
    this.#grants = Map.groupBy(grants, ({ scope_id }) => scope_id ?? GLOBAL_SCOPE_ID)
  }

  /** The scopes that something was granted in. What stands below them is in reach too. */
  get scopeIds(): string[] {
    return [...this.#grants.keys()]
  }

  /** The nearest grant that allows it. */
  grantFor(permission: Permission, chain: Chain, kind: Kind): Grant | undefined {
    return this.#in(chain).find(
      (grant) =>
        includes(grant.permission, permission) && (grant.entry_type === null || grant.entry_type === kind),
    )
  }

  allows(permission: Permission, chain: Chain, kind: Kind): boolean {
    return this.grantFor(permission, chain, kind) !== undefined
  }

  /** True when the agent may know that the scope exists: it may read at least one type of entry there. */
  sees(chain: Chain): boolean {
    return this.#in(chain).length > 0
  }

  /** Whether it may do so with anything there. */
  allowsAny(permission: Permission, chain: Chain): boolean {
    return this.#in(chain).some((grant) => includes(grant.permission, permission))
  }

  #in(chain: Chain): Grant[] {
    return chain.flatMap(({ id }) => this.#grants.get(id) ?? [])
  }
}

/** Types of entries that may not be read in a scope of the chain, nor in its sessions, by the scope's id. */
export type Withheld = Readonly<Record<string, readonly string[]>>

/** What of a chain and of these types may be read. */
export interface Readable<S> {
  readonly chain: readonly S[]
  readonly types: readonly string[]
  readonly withheld: Withheld
}

/**
 * Permissions are inherited downwards: an agent that may read a type in one scope of a chain may read it in
 * all nearer ones. So what may be read is the near end of the chain, and of its far end some types. Empty
 * where nothing may be read.
 */
export function readable<S extends { readonly id: string }>(
  rights: Rights | undefined,
  chain: readonly S[],
  types: readonly string[],
): Readable<S> {
  if (!rights) return { chain, types, withheld: {} }
  const places = chain.map((scope, at) => ({
    scope,
    types: types.filter((type) => rights.allows('read', chain.slice(at), type)),
  }))
  const open = places.filter((place) => place.types.length > 0)
  const seen = types.filter((type) => open.some((place) => place.types.includes(type)))
  const closed = open.flatMap(({ scope, types: own }): [string, readonly string[]][] => {
    const missing = seen.filter((type) => !own.includes(type))
    return missing.length > 0 ? [[scope.id, missing]] : []
  })
  return { chain: open.map(({ scope }) => scope), types: seen, withheld: Object.fromEntries(closed) }
}

/** Of these types those that may be read in this scope. */
export function openTypes(withheld: Withheld, scopeId: string, types: readonly string[]): readonly string[] {
  const closed = withheld[scopeId]
  return closed ? types.filter((type) => !closed.includes(type)) : types
}

/** How a grant says where it is. */
export function whereOf(scope: { readonly type: Grant['scope_type']; readonly id: string }) {
  return { scope_type: scope.type, scope_id: outsideScopeId(scope.id) }
}
