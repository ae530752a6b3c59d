import { useState } from 'preact/hooks'
import type { Hit, WholeEntry } from '../../../client/answers.ts'
import { callKind } from '../../../client/rest.ts'
import { Diff } from '../../../parts/diff.tsx'
import { Ago, Problem } from '../../../parts/small.tsx'
import { useLoaded } from '../../../state/loaded.ts'
import { fieldText, ownFields } from './fields.ts'

const MOST = 100

/** Every version, and what each changed. */
export function EntryHistory({ entry: { id, type, version } }: { entry: WholeEntry }) {
  const { value, problem } = useLoaded(
    (signal) => callKind('GET {id}/versions', type, { id, limit: MOST }, { signal }),
    [id, version],
  )
  const [chosen, setChosen] = useState<number | undefined>(undefined)
  const versions = value?.versions ?? []
  const shown = versions.find((one) => one.version === (chosen ?? version)) ?? versions[0]
  const earlier = versions.find((one) => one.version === (shown?.version ?? 0) - 1)
  return (
    <div class="history">
      <Problem text={problem} />
      <ol class="versions">
        {versions.map((one) => (
          <li key={one.version}>
            <button
              type="button"
              aria-pressed={one.version === shown?.version}
              onClick={() => setChosen(one.version)}
            >
              <b>v{one.version}</b> <span class="agent">{one.updated_by}</span>{' '}
              <span class="quiet">
                <Ago at={one.updated_at} />
              </span>
            </button>
          </li>
        ))}
        {value?.next_cursor !== undefined && <li class="quiet">older ones by the command line</li>}
      </ol>
      {shown && <Version one={shown} earlier={earlier} />}
    </div>
  )
}

function Version({ one, earlier }: { one: Hit; earlier: Hit | undefined }) {
  const fields = earlier ? changedFields(earlier, one) : []
  const isSameText = earlier?.content === one.content
  return (
    <div class="version">
      <h3>{earlier ? `What version ${one.version} changed` : `Version ${one.version}, the first`}</h3>
      {fields.map(([name, before, after]) => (
        <div key={name} class="changed-field">
          <h4>{name}</h4>
          <Diff before={before} after={after} />
        </div>
      ))}
      {earlier && isSameText ? (
        fields.length === 0 && <p class="quiet">Nothing that is shown here.</p>
      ) : (
        <Diff before={earlier?.content ?? one.content ?? ''} after={one.content ?? ''} />
      )}
    </div>
  )
}

function changedFields(before: Hit, after: Hit): [name: string, before: string, after: string][] {
  const texts = (one: Hit) =>
    new Map([
      ['name', one.name],
      ['tags', fieldText(one.tags)],
      ['priority', fieldText(one.priority)],
      ['status', fieldText(one.status)],
      ...ownFields(one),
    ])
  const [old, now] = [texts(before), texts(after)]
  const names = [...new Set([...old.keys(), ...now.keys()])]
  return names
    .map((name): [string, string, string] => [name, old.get(name) ?? '', now.get(name) ?? ''])
    .filter(([, one, other]) => one !== other)
}
