import type { Conflict } from '../../client/answers.ts'
import { call } from '../../client/rest.ts'
import { Ago, Problem, TypeBadge } from '../../parts/small.tsx'
import { useLoaded } from '../../state/loaded.ts'
import { linkHere, route } from '../../state/route.ts'
import { keyOf, readScopes, scopeArguments } from '../../state/scopes.ts'
import { ThreeWay } from './three-way.tsx'

const MOST_SCOPES = 30

export function ConflictsView() {
  const { id } = route.value.query
  const { value, problem } = useLoaded((signal) => openConflicts(signal), [], {
    groups: ['conflict', 'entry', 'scope'],
  })
  return (
    <div class={`conflicts ${id ? 'with-entry' : ''}`}>
      <div class="found">
        <Problem text={problem} />
        {value?.length === 0 && (
          <p class="empty">
            No conflict is open. There is one when two agents change the same field of a memory at the same
            time: both texts are kept, and you choose here.
          </p>
        )}
        <ol class="hits">
          {value?.map((conflict) => (
            <li key={conflict.id}>
              <Row conflict={conflict} isChosen={conflict.id === id} />
            </li>
          ))}
        </ol>
      </div>
      {id ? (
        <ThreeWay key={id} id={id} />
      ) : (
        value && value.length > 0 && <p class="entry empty">Choose a conflict to compare both sides.</p>
      )}
    </div>
  )
}

type Named = Conflict & { readonly entry_name: string; readonly scope_name: string }

function Row({ conflict, isChosen }: { conflict: Named; isChosen: boolean }) {
  const { id, entry_type, entry_name, fields, current_agent, incoming_agent, created_at, scope_name } =
    conflict
  return (
    <a class="hit" href={linkHere({ id })} aria-current={isChosen ? 'true' : undefined}>
      <span class="hit-head">
        <TypeBadge type={entry_type} />
        <b>{entry_name}</b>
      </span>
      <span class="snippet">
        <b class="agent">{current_agent}</b> and <b class="agent">{incoming_agent}</b> on {fields.join(', ')}
      </span>
      <span class="hit-foot quiet">
        {scope_name} <Ago at={created_at} />
      </span>
    </a>
  )
}

/** Of every scope that has some. */
async function openConflicts(signal: AbortSignal): Promise<readonly Named[]> {
  const scopes = (await readScopes(signal)).filter(({ open_conflicts }) => open_conflicts > 0)
  const found = await Promise.all(
    scopes.slice(0, MOST_SCOPES).map(async (scope) => {
      const args = { ...scopeArguments(keyOf(scope)), limit: 100 }
      const { conflicts } = await call('GET /v1/conflicts', args, { signal })
      return Promise.all(
        conflicts.map(async (conflict) => {
          const entry = await call('GET /v1/entries/{id}', { id: conflict.entry_id }, { signal }).catch(
            () => undefined,
          )
          return { ...conflict, entry_name: entry?.name ?? conflict.entry_id, scope_name: scope.name }
        }),
      )
    }),
  )
  return found.flat().sort((a, b) => (a.id < b.id ? 1 : -1))
}
