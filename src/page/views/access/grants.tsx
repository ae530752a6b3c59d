import { useState } from 'preact/hooks'
import type { CountedScope, Grant } from '../../client/answers.ts'
import { wordsOf } from '../../client/refusal.ts'
import { call } from '../../client/rest.ts'
import { ask } from '../../parts/ask.tsx'
import { say } from '../../parts/notices.tsx'
import { Ago, Panel } from '../../parts/small.tsx'
import { Choice, PERMISSIONS, ScopeChoice, scopeOf, TYPES } from './choices.tsx'

interface GrantsProps {
  readonly grants: readonly Grant[] | undefined
  readonly scopes: readonly CountedScope[]
  readonly changed: () => void
  readonly mayGrant: boolean
}

export function Grants({ grants, scopes, changed, mayGrant }: GrantsProps) {
  const names = new Map(scopes.map(({ id, name }) => [id, name]))
  return (
    <Panel title="Grants" note="each holds for the scope and all below it">
      {grants?.length === 0 && (
        <p class="empty">
          Nothing was granted. With a key, an agent reads and writes only where it was granted that.
        </p>
      )}
      {grants && grants.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Agent</th>
              <th scope="col">May</th>
              <th scope="col">In</th>
              <th scope="col">Granted</th>
              <th scope="col">
                <span class="hidden">Action</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {grants.map((grant) => (
              <Row
                key={grant.id}
                grant={grant}
                scope={names.get(grant.scope_id) ?? grant.scope_type}
                changed={mayGrant ? changed : undefined}
              />
            ))}
          </tbody>
        </table>
      )}
      {mayGrant && <NewGrant scopes={scopes} changed={changed} />}
    </Panel>
  )
}

function Row({ grant, scope, changed }: { grant: Grant; scope: string; changed: (() => void) | undefined }) {
  const { id, grantee, permission, entry_type, created_at, created_by } = grant
  const who = grantee === '*' ? 'every agent' : grantee
  const revoke = async () => {
    const answer = await ask({
      title: 'Take this back?',
      text: `${who} may ${permission} in ${scope} no more, unless another grant says so.`,
      action: 'Take back',
    })
    if (answer === undefined) return
    await call('DELETE /v1/permissions/{id}', { id }).then(changed, (error: unknown) =>
      say(wordsOf(error), { isProblem: true }),
    )
  }
  return (
    <tr>
      <th scope="row" class="agent">
        {who}
      </th>
      <td data-label="May">
        <b>{permission}</b>
        {entry_type !== null && <span class="quiet"> {entry_type} only</span>}
      </td>
      <td data-label="In">{scope}</td>
      <td data-label="Granted">
        <Ago at={created_at} /> <span class="quiet">by {created_by}</span>
      </td>
      <td class="action">
        {changed && (
          <button type="button" class="small danger" onClick={() => void revoke()}>
            Take back<span class="hidden"> from {who}</span>
          </button>
        )}
      </td>
    </tr>
  )
}

function NewGrant({ scopes, changed }: { scopes: readonly CountedScope[]; changed: () => void }) {
  const [grantee, setGrantee] = useState('')
  const [permission, setPermission] = useState('read')
  const [scope, setScope] = useState('global')
  const [type, setType] = useState('')
  const give = async (event: Event) => {
    event.preventDefault()
    try {
      await call('POST /v1/permissions', {
        grantee: grantee.trim(),
        permission,
        ...scopeOf(scope),
        ...(type !== '' && { entry_type: type }),
      })
      say(`${grantee} may ${permission} there now.`)
      setGrantee('')
      changed()
    } catch (error) {
      say(wordsOf(error), { isProblem: true })
    }
  }
  return (
    <form class="row-form" onSubmit={give}>
      <p class="field">
        <label for="grant-agent">Agent, * for every one</label>
        <input id="grant-agent" value={grantee} onInput={(event) => setGrantee(event.currentTarget.value)} />
      </p>
      <Choice id="grant-permission" label="May" value={permission} set={setPermission} values={PERMISSIONS} />
      <ScopeChoice id="grant-scope" scopes={scopes} value={scope} set={setScope} />
      <Choice id="grant-type" label="Entries" value={type} set={setType} values={TYPES} />
      <button type="submit" disabled={grantee.trim() === ''}>
        Grant
      </button>
    </form>
  )
}
