import { useState } from 'preact/hooks'
import type { Answers, CountedScope } from '../../client/answers.ts'
import { wordsOf } from '../../client/refusal.ts'
import { call } from '../../client/rest.ts'
import { say } from '../../parts/notices.tsx'
import { Panel } from '../../parts/small.tsx'
import { Choice, PERMISSIONS, ScopeChoice, scopeOf } from './choices.tsx'

/** Whether an agent may do something, and why. */
export function Check({
  scopes,
  mayAskForOthers,
}: {
  scopes: readonly CountedScope[]
  mayAskForOthers: boolean
}) {
  const [grantee, setGrantee] = useState('')
  const [permission, setPermission] = useState('read')
  const [scope, setScope] = useState('global')
  const [answer, setAnswer] = useState<Answers['GET /v1/permissions/check'] | undefined>(undefined)
  const find = async (event: Event) => {
    event.preventDefault()
    const asked = { permission, ...scopeOf(scope), grantee: grantee.trim() || undefined }
    await call('GET /v1/permissions/check', asked).then(setAnswer, (error: unknown) =>
      say(wordsOf(error), { isProblem: true }),
    )
  }
  return (
    <Panel title="May somebody …?">
      <form class="row-form" onSubmit={find}>
        {mayAskForOthers && (
          <p class="field">
            <label for="check-agent">Agent, empty for yourself</label>
            <input
              id="check-agent"
              value={grantee}
              onInput={(event) => setGrantee(event.currentTarget.value)}
            />
          </p>
        )}
        <Choice
          id="check-permission"
          label="May"
          value={permission}
          set={setPermission}
          values={PERMISSIONS}
        />
        <ScopeChoice id="check-scope" scopes={scopes} value={scope} set={setScope} />
        <button type="submit">Ask</button>
      </form>
      {answer && (
        <p role="status">
          <b class={`state-word ${answer.allowed ? 'good' : 'bad'}`}>{answer.allowed ? 'Yes.' : 'No.'}</b>{' '}
          {answer.because}
        </p>
      )}
    </Panel>
  )
}
