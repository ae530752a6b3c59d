import { call } from '../../client/rest.ts'
import { Problem } from '../../parts/small.tsx'
import { useLoaded } from '../../state/loaded.ts'
import { readScopes } from '../../state/scopes.ts'
import { Check } from './check.tsx'
import { Grants } from './grants.tsx'
import { Keys } from './keys.tsx'

const MOST = 100

/** Which agent may do what: for administrators all grants, for others their own. */
export function AccessView() {
  const keys = useLoaded((signal) => call('GET /v1/keys', {}, { signal, mayRefuse: true }), [], {
    groups: ['key'],
  })
  const grants = useLoaded((signal) => call('GET /v1/permissions', { limit: MOST }, { signal }), [], {
    groups: ['permission'],
  })
  const { value: scopes = [] } = useLoaded((signal) => readScopes(signal), [], { groups: ['scope'] })
  return (
    <div class="stack">
      <Problem text={grants.problem ?? keys.problem} />
      {keys.isForbidden && (
        <p class="panel">
          Keys and grants are for who has the key of an administrator. The first one is made where the server
          runs: <code>agent-memory key create NAME --admin</code>
        </p>
      )}
      {keys.value && <Keys keys={keys.value.keys} changed={keys.reload} />}
      <Grants
        grants={grants.value?.grants}
        scopes={scopes}
        changed={grants.reload}
        mayGrant={keys.value !== undefined}
      />
      {!grants.isForbidden && <Check scopes={scopes} mayAskForOthers={keys.value !== undefined} />}
    </div>
  )
}
