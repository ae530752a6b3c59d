import { useEffect, useRef, useState } from 'preact/hooks'
import { call } from '../../client/rest.ts'
import { useLoaded } from '../../state/loaded.ts'
import { goTo, linkHere, route } from '../../state/route.ts'
import { scopeArguments } from '../../state/scopes.ts'

const SETTLE_MS = 150
const TYPES = ['guideline', 'knowledge', 'tool', 'observation']

/** What to look for, and where not. */
export function Search({ scope }: { scope: string }) {
  const { query } = route.value
  const [typed, setTyped] = useState(query['q'] ?? '')
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const sent = useRef(query['q'])
  // Going back shows the earlier question; what was sent does not overwrite what is typed meanwhile.
  useEffect(() => {
    if (query['q'] !== sent.current) setTyped(query['q'] ?? '')
    sent.current = query['q']
  }, [query['q']])
  const type = (text: string) => {
    setTyped(text)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      sent.current = text.trim() === '' ? undefined : text
      goTo(linkHere({ q: sent.current, id: undefined }), { isSame: true })
    }, SETTLE_MS)
  }
  return (
    <search class="search">
      <label class="hidden" for="question">
        Search memories
      </label>
      <input
        id="question"
        type="search"
        placeholder="Search memories   /"
        value={typed}
        onInput={(event) => type(event.currentTarget.value)}
      />
      <div class="filters">
        <Choice name="type" label="Type" all="all types" values={TYPES} />
        <TagChoice scope={scope} />
        {query['q'] ? null : (
          <Choice name="status" label="Status" all="active" values={['inactive', 'all']} />
        )}
        {scope === '' ? null : <Inherited />}
        <a class="button" href={linkHere({ new: '1', id: undefined })}>
          New memory
        </a>
      </div>
    </search>
  )
}

function TagChoice({ scope }: { scope: string }) {
  const { value: tags = [] } = useLoaded((signal) => tagsIn(scope, signal), [scope], { groups: ['entry'] })
  const chosen = route.value.query['tag']
  const shown = chosen && !tags.includes(chosen) ? [chosen, ...tags] : tags
  return shown.length === 0 ? null : <Choice name="tag" label="Tag" all="all tags" values={shown} />
}

function Choice({
  name,
  label,
  all,
  values,
}: {
  name: string
  label: string
  all: string
  values: readonly string[]
}) {
  return (
    <>
      <label class="hidden" for={`filter-${name}`}>
        {label}
      </label>
      <select
        id={`filter-${name}`}
        value={route.value.query[name] ?? ''}
        onChange={(event) => goTo(linkHere({ [name]: event.currentTarget.value, id: undefined }))}
      >
        <option value="">{all}</option>
        {values.map((value) => (
          <option key={value} value={value}>
            {value}
          </option>
        ))}
      </select>
    </>
  )
}

function Inherited() {
  const isOn = route.value.query['inherit'] === '1'
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={isOn}
        onChange={() => goTo(linkHere({ inherit: isOn ? undefined : '1' }))}
      />
      with inherited
    </label>
  )
}

/** Those in use in a scope; everywhere those of the newest memories. */
async function tagsIn(scope: string, signal: AbortSignal): Promise<readonly string[]> {
  const args = { ...scopeArguments(scope), limit: 100 }
  if (scope !== '') return (await call('GET /v1/tags', args, { signal })).tags.map(({ tag }) => tag)
  const { entries } = await call('GET /v1/entries', args, { signal })
  return [...new Set(entries.flatMap(({ tags }) => tags ?? []))].sort()
}
