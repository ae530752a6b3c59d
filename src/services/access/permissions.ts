import { EVERYBODY, type Grant, type Permission } from '../../domain/access/grant.ts'
import { type Kind, Rights, whereOf } from '../../domain/access/rights.ts'
import { type Clock, isoTime } from '../../domain/clock.ts'
import { AppError } from '../../domain/errors.ts'
import { newId } from '../../domain/ids.ts'
import { cutPage, decodeTextCursor } from '../../domain/page.ts'
import type { Scope } from '../../domain/scope.ts'
import {
  deleteGrant,
  findGrant,
  findGrantAt,
  findGrantsFor,
  listGrants,
  putGrant,
} from '../../store/agents/permissions.ts'
import type { Store, WriteUnit } from '../../store/store.ts'
import type { CachedReads } from '../cached-reads.ts'
import type { Caller } from '../running/caller.ts'
import { SCOPES_KEY } from '../scope-changes.ts'
import { GRANTS_KEY } from './access-changes.ts'

/** One place that a permission is about. */
export interface GrantTarget {
  readonly grantee: string
  readonly scope: Pick<Scope, 'type' | 'id'>
  readonly entry_type: Grant['entry_type']
}

/** Why an agent may or may not do something. */
export interface Explanation {
  readonly allowed: boolean
  readonly because: string
  /** What allows it. */
  readonly grant?: Grant
}

/**
 * Which agent may do what in which scope: kept in the database, and as new as that for every call, so that a change counts
 * everywhere at once.
 */
export class Permissions {
  readonly #store: Store
  readonly #reads: CachedReads
  readonly #clock: Clock
  /** By the grants that they are made of, which the cache hands out as long as they stand. */
  readonly #rights = new WeakMap<readonly Grant[], Rights>()

  constructor(store: Store, { reads, clock }: { reads: CachedReads; clock: Clock }) {
    this.#store = store
    this.#reads = reads
    this.#clock = clock
  }

  async rightsOf(agentId: string): Promise<Rights> {
    const { value: grants } = await this.#reads.read(
      {
        question: ['grants', agentId],
        dependencies: [GRANTS_KEY, SCOPES_KEY],
        isOwn: true,
        isFresh: true,
      },
      async (db) => ({ value: await findGrantsFor(db, agentId), changesAt: null }),
    )
    const rights = this.#rights.get(grants) ?? new Rights(agentId, grants)
    this.#rights.set(grants, rights)
    return rights
  }

  /** From now on; in the place of what the agent was granted there before. Doing it twice changes nothing. */
  async grant(
    caller: Caller,
    { grantee, scope, entry_type }: GrantTarget,
    permission: Permission,
  ): Promise<Grant & { readonly replaced: Permission | null }> {
    return this.#store.write((unit) => this.grantIn(unit, caller, { grantee, scope, entry_type, permission }))
  }

  /** The same inside a write that the caller has begun. */
  async grantIn(
    unit: WriteUnit,
    { agentId }: Pick<Caller, 'agentId'>,
    { grantee, scope, entry_type, permission }: GrantTarget & { readonly permission: Permission },
  ): Promise<Grant & { readonly replaced: Permission | null }> {
    const place = { grantee, scopeId: scope.id, entryType: entry_type }
    const earlier = await findGrantAt(unit.db, place)
    if (earlier?.permission === permission) return { ...earlier, replaced: permission }
    if (earlier) await deleteGrant(unit.db, earlier.id)
    const now = this.#clock.now()
    const grant: Grant = {
      id: newId(now),
      grantee,
      permission,
      ...whereOf(scope),
      entry_type,
      created_at: isoTime(now),
      created_by: agentId,
    }
    await putGrant(unit.db, grant)
    record(unit, 'permission.granted', { agentId }, { grant, scopeId: scope.id })
    return { ...grant, replaced: earlier?.permission ?? null }
  }

  /** The grant with that id, or the one at that place; undefined where there is none. */
  async find(key: { id: string } | GrantTarget): Promise<Grant | undefined> {
    return this.#store.read((db) =>
      'id' in key
        ? findGrant(db, key.id)
        : findGrantAt(db, { grantee: key.grantee, scopeId: key.scope.id, entryType: key.entry_type }),
    )
  }

  async revoke(caller: Caller, id: string): Promise<Grant> {
    return this.#store.write(async (unit) => {
      const grant = await findGrant(unit.db, id)
      if (!grant) throw noGrant()
      await deleteGrant(unit.db, id)
      record(unit, 'permission.revoked', caller, { grant, scopeId: grant.scope_id ?? 'global' })
      return grant
    })
  }

  /** Newest first. A caller that does not administer a scope sees of its grants only the caller's own. */
  async list(
    { agentId, rights }: Caller,
    request: {
      grantee?: string | undefined
      scopeId?: string | undefined
      limit: number
      cursor?: string | undefined
    },
    isAdministered: (scopeId: string | null) => Promise<boolean>,
  ): Promise<{ grants: Grant[]; next_cursor?: string }> {
    const { grantee, scopeId, limit } = request
    const found: Grant[] = []
    for (let beforeId = decodeTextCursor(request.cursor); ; ) {
      const filter = { grantee, scopeIds: scopeId === undefined ? undefined : [scopeId], beforeId }
      const rows = await this.#store.read((db) => listGrants(db, { ...filter, limit: limit + 1 }))
      for (const row of rows) {
        const isOwn = row.grantee === agentId || row.grantee === EVERYBODY
        if (!rights || isOwn || (await isAdministered(row.scope_id))) found.push(row)
      }
      beforeId = rows.at(-1)?.id ?? null
      if (found.length > limit || rows.length <= limit) break
    }
    const { page, next } = cutPage(found, limit, (grant) => grant.id)
    return { grants: page, ...next }
  }

  /** Whether that agent may do it in the scope at the beginning of the chain, and by what. */
  async explain(
    agentId: string,
    { permission, chain, kind }: { permission: Permission; chain: readonly Scope[]; kind: Kind },
  ): Promise<Explanation> {
    const rights = await this.rightsOf(agentId)
    const grant = rights.grantFor(permission, chain, kind)
    if (grant) return { allowed: true, because: whyAllowed(grant, chain), grant }
    return { allowed: false, because: whyNot(rights, { permission, chain, kind }) }
  }
}

function whyAllowed(
  { grantee, permission, scope_type, scope_id, entry_type }: Grant,
  [here]: readonly Scope[],
) {
  const who = grantee === EVERYBODY ? 'every agent' : 'it'
  const what = entry_type === null ? permission : `${permission} of ${entry_type}`
  const isHere = here && whereOf(here).scope_id === scope_id
  const where = isHere ? 'here' : `in the ${scope_type} scope above, which is inherited`
  return `${what} was granted to ${who} ${where}.`
}

function whyNot(
  rights: Rights,
  { permission, chain, kind }: { permission: Permission; chain: readonly Scope[]; kind: Kind },
): string {
  const what = kind === null ? 'all that it holds' : `entries of type ${kind}`
  const weaker = rights.grantFor('read', chain, kind)
  if (weaker)
    return `Only ${weaker.permission} was granted for ${what}, here or above; ${permission} was not.`
  if (rights.sees(chain)) return `What was granted here or above is for other types, not for ${what}.`
  return 'Nothing was granted to it or to every agent, neither in this scope nor in those above.'
}

export function noGrant(): AppError {
  return new AppError('NOT_FOUND', 'Nothing was granted so.', {
    suggestion: 'memory_permission list shows what was granted, with the ids.',
  })
}

function record(
  unit: WriteUnit,
  type: 'permission.granted' | 'permission.revoked',
  { agentId }: Pick<Caller, 'agentId'>,
  { grant, scopeId }: { grant: Grant; scopeId: string },
): void {
  const { id, grantee, permission, entry_type, scope_type } = grant
  const scope = { type: scope_type, id: scopeId }
  unit.record({
    type,
    scope,
    detail: { permission_id: id, grantee, permission, entry_type },
    scopeKeys: [GRANTS_KEY],
    agentId,
  })
}
