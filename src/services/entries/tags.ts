import { readable } from '../../domain/access/rights.ts'
import { tagKey } from '../../domain/entries/tag.ts'
import { ENTRY_TYPE_NAMES } from '../../domain/entries/types/index.ts'
import { cutPage, decodeTextCursor } from '../../domain/page.ts'
import { nearestRef, type ScopeRef } from '../../domain/scope.ts'
import { countTags } from '../../store/entries/tags.ts'
import type { Store } from '../../store/store.ts'
import type { Caller, ScopeArgument } from '../running/caller.ts'
import type { Scopes } from '../scopes/scopes.ts'

/** Which tags are in use. Attaching and detaching makes a version of the entry: see EntryWrites. */
export class Tags {
  readonly #store: Store
  readonly #scopes: Scopes

  constructor(store: Store, scopes: Scopes) {
    this.#store = store
    this.#scopes = scopes
  }

  async list(
    caller: Caller,
    request: ScopeArgument & { inherit: boolean; prefix: string; limit: number; cursor?: string | undefined },
  ): Promise<{ tags: { tag: string; count: number }[]; next_cursor?: string } & ScopeRef> {
    const chain = await this.#scopes.chainForRead(caller, request)
    const near = request.inherit ? chain : chain.slice(0, 1)
    const { chain: scopes, types, withheld } = readable(caller.rights, near, ENTRY_TYPE_NAMES)
    const scopeIds = scopes.map(({ id }) => id)
    const prefix = tagKey(request.prefix)
    const after = decodeTextCursor(request.cursor)
    const all = await this.#store.read((db) => countTags(db, { scopeIds, types, withheld }))
    const rows = all.filter(
      ({ tag }) => tagKey(tag).startsWith(prefix) && (after === null || tagKey(tag) > after),
    )
    const { page, next } = cutPage(rows, request.limit, ({ tag }) => tagKey(tag))
    return { tags: page, ...next, ...nearestRef(chain) }
  }
}
