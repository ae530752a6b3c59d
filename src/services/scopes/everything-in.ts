/** The filter of a list that leaves nothing of a scope out. */
export function everythingIn(scopeId: string) {
  return {
    scopeIds: [scopeId],
    types: null,
    status: null,
    at: '',
    tagsInclude: [],
    tagsExclude: [],
    minPriority: null,
    updatedAfter: null,
    beforeId: null,
  }
}
