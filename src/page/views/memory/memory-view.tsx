import { useLoaded } from '../../state/loaded.ts'
import { mayReadEverywhere } from '../../state/rights.ts'
import { route } from '../../state/route.ts'
import { keyOf, readScopes } from '../../state/scopes.ts'
import { EntryNew } from './entry/new.tsx'
import { EntryPane } from './entry/pane.tsx'
import { Hits } from './hits.tsx'
import { ScopeTree } from './scope-tree.tsx'
import { Search } from './search.tsx'

export function MemoryView() {
  const { id, new: isNew } = route.value.query
  const { value: scopes = [] } = useLoaded((signal) => readScopes(signal), [], { groups: ['scope', 'entry'] })
  const names = new Map(scopes.map((scope) => [scope.id, scope.name]))
  // A reader without rights to all scopes begins with the first scope that it may read.
  const [first] = mayReadEverywhere.value ? [] : scopes
  const scope = route.value.query['scope'] ?? (first ? keyOf(first) : '')
  return (
    <div class={`memory ${id || isNew ? 'with-entry' : ''}`}>
      <ScopeTree scopes={scopes} chosen={scope} />
      <div class="found">
        <Search scope={scope} />
        <Hits scopeNames={names} scope={scope} />
      </div>
      {isNew ? <EntryNew scopes={scopes} chosen={scope} /> : <EntryPane id={id} scopeNames={names} />}
    </div>
  )
}
