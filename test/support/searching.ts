import type { SearchRequest } from '../../src/store/search/index.ts'
import { rebuildSome } from '../../src/store/search/rebuild.ts'
import type { Store } from '../../src/store/store.ts'

/** Everywhere, for everything. */
const ALL: Omit<SearchRequest, 'query'> = {
  scopeIds: ['global'],
  sessionsOf: [],
  types: ['guideline', 'knowledge', 'tool', 'observation'],
  tagsInclude: [],
  tagsExclude: [],
  minPriority: null,
  updatedAfter: null,
  updatedUntil: null,
  supersededIn: null,
  mode: 'hybrid',
  meaning: null,
  validAt: '2026-06-01T00:00:00.000Z',
  limit: 10,
}

/** Names of what the store's index finds, best first. */
export async function findNames(store: Store, query: string): Promise<string[]> {
  const hits = await store.snapshot((db) => store.database.searchIndex.match(db, { ...ALL, query }))
  return hits.map((hit) => hit.name)
}

/** One step of the rebuild; true while there are more. */
export function rebuildStep(store: Store): Promise<boolean> {
  return store.write(({ db }) => rebuildSome(db, store.database.dropOlderIndex))
}
