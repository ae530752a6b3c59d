import { useState } from 'preact/hooks'
import type { WholeEntry } from '../../../client/answers.ts'
import { wordsOf } from '../../../client/refusal.ts'
import { call } from '../../../client/rest.ts'
import { say } from '../../../parts/notices.tsx'
import { TypeBadge } from '../../../parts/small.tsx'
import { useLoaded } from '../../../state/loaded.ts'

const TYPES = ['relates_to', 'depends_on', 'explains', 'supersedes', 'contradicts']
const SHOWN = 5

/** Links the entry with another one, which is searched for. */
export function AddRelation({ entry, added }: { entry: WholeEntry; added: () => void }) {
  const [type, setType] = useState('relates_to')
  const [question, setQuestion] = useState('')
  const { value } = useLoaded(async (signal) => search(question, signal), [question])
  const others = (question === '' ? [] : (value ?? [])).filter(({ id }) => id !== entry.id)
  const link = (id: string) =>
    void call('POST /v1/relations', { from_id: entry.id, to_id: id, relation_type: type }).then(
      () => {
        setQuestion('')
        added()
      },
      (error: unknown) => say(wordsOf(error), { isProblem: true }),
    )
  return (
    <div class="add-relation">
      <h3>Link it</h3>
      <div class="field-row">
        <p class="field">
          <label for="relation-type">How</label>
          <input
            id="relation-type"
            list="relation-types"
            value={type}
            onInput={(event) => setType(event.currentTarget.value)}
          />
          <datalist id="relation-types">
            {TYPES.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </p>
        <p class="field">
          <label for="relation-to">With</label>
          <input
            id="relation-to"
            type="search"
            placeholder="search for the other one"
            value={question}
            onInput={(event) => setQuestion(event.currentTarget.value)}
          />
        </p>
      </div>
      <ul class="choices">
        {others.map((hit) => (
          <li key={hit.id}>
            <button type="button" disabled={type.trim() === ''} onClick={() => link(hit.id)}>
              <TypeBadge type={hit.type} /> {hit.name}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

async function search(question: string, signal: AbortSignal) {
  if (question.trim() === '') return []
  const args = { query: question, everywhere: true, limit: SHOWN + 1 }
  return (await call('GET /v1/search', args, { signal })).results.slice(0, SHOWN)
}
