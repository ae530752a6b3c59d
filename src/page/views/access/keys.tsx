import { useState } from 'preact/hooks'
import type { ApiKey } from '../../client/answers.ts'
import { wordsOf } from '../../client/refusal.ts'
import { call } from '../../client/rest.ts'
import { ask } from '../../parts/ask.tsx'
import { say } from '../../parts/notices.tsx'
import { Ago, CopyLine, Panel } from '../../parts/small.tsx'
import { clock } from '../../state/clock.ts'

export function Keys({ keys, changed }: { keys: readonly ApiKey[]; changed: () => void }) {
  const open = keys.filter((key) => stateOf(key) === 'open')
  return (
    <Panel title="Keys" note={`${open.length} open`}>
      {keys.length === 0 && (
        <p class="empty">No key was made here yet; those of the server’s settings are not listed.</p>
      )}
      {keys.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Agent</th>
              <th scope="col">For</th>
              <th scope="col">Made</th>
              <th scope="col">State</th>
              <th scope="col">
                <span class="hidden">Action</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => (
              <Row key={key.id} made={key} changed={changed} />
            ))}
          </tbody>
        </table>
      )}
      <NewKey changed={changed} />
    </Panel>
  )
}

function Row({ made, changed }: { made: ApiKey; changed: () => void }) {
  const { id, agent_id, name, created_at, expires_at } = made
  const state = stateOf(made)
  const revoke = async () => {
    const answer = await ask({
      title: 'Revoke this key?',
      text: `${agent_id}${name === null ? '' : ` (${name})`} is answered no more from the next request on, on every server of this memory.`,
      action: 'Revoke',
    })
    if (answer === undefined) return
    await call('DELETE /v1/keys/{id}', { id }).then(changed, (error: unknown) =>
      say(wordsOf(error), { isProblem: true }),
    )
  }
  return (
    <tr>
      <th scope="row" class="agent">
        {agent_id}
      </th>
      <td data-label="For">{name ?? <span class="quiet">–</span>}</td>
      <td data-label="Made">
        <Ago at={created_at} />
      </td>
      <td data-label="State">
        <span class={`state-word ${state === 'open' ? 'good' : 'off'}`}>{state}</span>
        {state === 'open' && expires_at !== null && (
          <span class="quiet"> until {expires_at.slice(0, 10)}</span>
        )}
      </td>
      <td class="action">
        {state === 'open' && (
          <button type="button" class="small danger" onClick={() => void revoke()}>
            Revoke<span class="hidden"> the key of {agent_id}</span>
          </button>
        )}
      </td>
    </tr>
  )
}

function stateOf({ revoked_at, expires_at }: ApiKey): 'open' | 'revoked' | 'past' {
  if (revoked_at !== null) return 'revoked'
  return expires_at !== null && Date.parse(expires_at) <= clock.value ? 'past' : 'open'
}

/** The key itself is shown once, and is kept nowhere. */
function NewKey({ changed }: { changed: () => void }) {
  const [agent, setAgent] = useState('')
  const [name, setName] = useState('')
  const [isAdmin, setAdmin] = useState(false)
  const [made, setMade] = useState<{ agent: string; key: string } | undefined>(undefined)
  const make = async (event: Event) => {
    event.preventDefault()
    try {
      const given = { agent: agent.trim(), admin: isAdmin, ...(name.trim() !== '' && { name: name.trim() }) }
      const { key, agent_id } = await call('POST /v1/keys', given)
      setMade({ agent: agent_id, key })
      setAgent('')
      setName('')
      setAdmin(false)
      changed()
    } catch (error) {
      say(wordsOf(error), { isProblem: true })
    }
  }
  return (
    <form class="row-form" onSubmit={make}>
      <p class="field">
        <label for="key-agent">Agent</label>
        <input id="key-agent" value={agent} onInput={(event) => setAgent(event.currentTarget.value)} />
      </p>
      <p class="field">
        <label for="key-name">What it is for</label>
        <input id="key-name" value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </p>
      <label class="check">
        <input type="checkbox" checked={isAdmin} onChange={() => setAdmin(!isAdmin)} />
        administrator
      </label>
      <button type="submit" disabled={agent.trim() === ''}>
        Make a key
      </button>
      {made && (
        <div class="once" role="status">
          <p>
            The key of <b class="agent">{made.agent}</b>. Copy it now: it is shown this once.
          </p>
          <CopyLine label="Key" text={made.key} />
        </div>
      )}
    </form>
  )
}
