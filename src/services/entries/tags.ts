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
    const scopes = request.inherit ? chain : chain.slice(0, 1)
    const filter = {
      scopeIds: scopes.map((scope) => scope.id),
      prefix: request.prefix,
      afterTag: decodeTextCursor(request.cursor),
      limit: request.limit + 1,
    }
    const rows = await this.#store.read((db) => countTags(db, filter))
    const { page, next } = cutPage(rows, request.limit, (row) => row.tag)
    return { tags: page, ...next, ...nearestRef(chain) }
  }
}
