import type { CountedScope } from '../../client/answers.ts'
import { mayReadEverywhere } from '../../state/rights.ts'
import { linkHere } from '../../state/route.ts'
import { type ScopeNode, treeOf } from '../../state/scopes.ts'

/** Sessions are many: the newest of a project are enough to choose from. */
const MOST_BELOW = 30

export function ScopeTree({ scopes, chosen }: { scopes: readonly CountedScope[]; chosen: string }) {
  const tree = treeOf(scopes)
  const all = scopes.flatMap(({ entries }) => Object.values(entries)).reduce((sum, count) => sum + count, 0)
  return (
    <details class="scopes" open={matchMedia('(min-width: 900px)').matches}>
      <summary>Scopes</summary>
      <nav aria-label="Scopes">
        <ul>
          {mayReadEverywhere.value && (
            <li>
              <ScopeLink name="Everywhere" type="" scope="" count={all} isChosen={chosen === ''} />
            </li>
          )}
          {tree.map((node) => (
            <Node key={node.key} node={node} chosen={chosen} />
          ))}
        </ul>
      </nav>
    </details>
  )
}

function Node({ node: { scope, key, below, entries }, chosen }: { node: ScopeNode; chosen: string }) {
  const shown = below.slice(0, MOST_BELOW)
  const name = scope.scope_type === 'global' ? 'Global' : scope.name
  return (
    <li>
      <ScopeLink name={name} type={scope.scope_type} scope={key} count={entries} isChosen={chosen === key} />
      {shown.length > 0 && (
        <ul>
          {shown.map((node) => (
            <Node key={node.key} node={node} chosen={chosen} />
          ))}
          {below.length > shown.length && <li class="quiet more">and {below.length - shown.length} older</li>}
        </ul>
      )}
    </li>
  )
}

function ScopeLink({
  name,
  type,
  scope,
  count,
  isChosen,
}: {
  name: string
  type: string
  scope: string
  count: number
  isChosen: boolean
}) {
  return (
    <a
      class={`scope ${type}`}
      href={linkHere({ scope, id: undefined })}
      aria-current={isChosen ? 'true' : undefined}
      title={type === '' ? name : `${name} (${type})`}
    >
      <span class="name">{name}</span>
      <span class="number">{count}</span>
    </a>
  )
}
