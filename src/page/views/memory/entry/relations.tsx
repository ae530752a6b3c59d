import type { Relation, WholeEntry } from '../../../client/answers.ts'
import { wordsOf } from '../../../client/refusal.ts'
import { call } from '../../../client/rest.ts'
import { ask } from '../../../parts/ask.tsx'
import { say } from '../../../parts/notices.tsx'
import { Problem } from '../../../parts/small.tsx'
import { useLoaded } from '../../../state/loaded.ts'
import { linkHere } from '../../../state/route.ts'
import { AddRelation } from './add-relation.tsx'
import { type Neighbour, RelationGraph } from './relation-graph.tsx'

const MOST_DRAWN = 12

/** What this entry is linked with: drawn, and as a list. */
export function EntryRelations({ entry }: { entry: WholeEntry }) {
  const { value, problem, reload } = useLoaded((signal) => neighbours(entry.id, signal), [entry.id], {
    groups: ['entry'],
  })
  const remove = async ({ relation, name }: Neighbour) => {
    const answer = await ask({
      title: 'Take this link away?',
      text: `“${entry.name}” and “${name}” stay; only their link (${relation.relation_type}) goes.`,
      action: 'Take away',
    })
    if (answer === undefined) return
    await call('DELETE /v1/relations/{id}', { id: relation.id }).then(reload, (error: unknown) =>
      say(wordsOf(error), { isProblem: true }),
    )
  }
  return (
    <div class="relations">
      <Problem text={problem} />
      {value?.length === 0 && <p class="empty">Linked with nothing yet.</p>}
      {value && value.length > 0 && (
        <>
          <RelationGraph name={entry.name} neighbours={value.slice(0, MOST_DRAWN)} />
          <ul class="links">
            {value.map((neighbour) => (
              <li key={neighbour.relation.id}>
                <span class="quiet">
                  {neighbour.isFrom ? '→' : '←'} {neighbour.relation.relation_type}
                </span>
                <a href={linkHere({ id: neighbour.id })}>{neighbour.name}</a>
                <button
                  type="button"
                  class="small"
                  aria-label={`Take away the link with ${neighbour.name}`}
                  onClick={() => void remove(neighbour)}
                >
                  Remove
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      <AddRelation entry={entry} added={reload} />
    </div>
  )
}

async function neighbours(id: string, signal: AbortSignal): Promise<readonly Neighbour[]> {
  const { relations } = await call('GET /v1/relations', { entry_id: id, limit: 50 }, { signal })
  return Promise.all(relations.map((relation) => neighbour(id, relation, signal)))
}

async function neighbour(id: string, relation: Relation, signal: AbortSignal): Promise<Neighbour> {
  const isFrom = relation.from_id === id
  const other = isFrom ? relation.to_id : relation.from_id
  const entry = await call('GET /v1/entries/{id}', { id: other, max_tokens: 50 }, { signal }).catch(
    () => undefined,
  )
  return { relation, isFrom, id: other, name: entry?.name ?? other, type: entry?.type ?? '' }
}
