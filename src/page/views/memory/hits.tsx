import { useEffect, useState } from 'preact/hooks'
import type { Hit } from '../../client/answers.ts'
import { orNone } from '../../client/refusal.ts'
import { call } from '../../client/rest.ts'
import { Marked } from '../../parts/marked.tsx'
import { Ago, Problem, Tags, TypeBadge } from '../../parts/small.tsx'
import { useLoaded } from '../../state/loaded.ts'
import { linkHere, linkTo, route } from '../../state/route.ts'
import { type ScopeNames, scopeArguments } from '../../state/scopes.ts'

const PAGE = 50
/** What leaves something out. */
const FILTERS = ['q', 'type', 'tag', 'status']

interface Found {
  readonly hits: readonly Hit[]
  readonly hasMore: boolean
  readonly isUnlikely: boolean
}

/** What was found, or the newest where nothing is asked. */
export function Hits({ scopeNames, scope }: { scopeNames: ScopeNames; scope: string }) {
  const { query } = route.value
  const { id: _id, new: _new, ...rest } = query
  const question = { ...rest, scope }
  const [pages, setPages] = useState(1)
  const asked = JSON.stringify(question)
  useEffect(() => setPages(1), [asked])
  const { value, problem } = useLoaded((signal) => orNone(find(question, pages, signal)), [question, pages], {
    groups: ['entry'],
  })
  const words = query['q'] ?? ''
  return (
    <>
      <Problem text={problem} />
      {value === null && (
        <p class="empty">
          This scope is not there: it was deleted, or your key may not read it.{' '}
          <a href={linkTo('memory')}>Leave it</a>
        </p>
      )}
      {value?.isUnlikely && value.hits.length > 0 && (
        <p class="quiet">Probably not here; this is what comes nearest.</p>
      )}
      {value?.hits.length === 0 && <Nothing isAsked={FILTERS.some((name) => name in rest)} />}
      <ol class="hits" onKeyDown={moveAmong}>
        {value?.hits.map((hit) => (
          <Row
            key={hit.id}
            hit={hit}
            words={words}
            isChosen={hit.id === query['id']}
            scopeName={scopeNames.get(hit.scope_id ?? null)}
          />
        ))}
      </ol>
      {value?.hasMore && (
        <button type="button" class="more" onClick={() => setPages(pages + 1)}>
          Show more
        </button>
      )}
    </>
  )
}

function Nothing({ isAsked }: { isAsked: boolean }) {
  if (isAsked)
    return (
      <p class="empty">
        Nothing fits. Fewer words, another scope or <a href={linkTo('memory')}>no filter at all</a> may.
      </p>
    )
  return (
    <p class="empty">
      No memories here yet. Agents add them as they work; you can{' '}
      <a href={linkHere({ new: '1', id: undefined })}>write the first one</a>.
    </p>
  )
}

function Row({
  hit,
  words,
  isChosen,
  scopeName,
}: {
  hit: Hit
  words: string
  isChosen: boolean
  scopeName: string | undefined
}) {
  const text = hit.snippet ?? hit.content ?? ''
  return (
    <li>
      <a
        class="hit"
        href={linkHere({ id: hit.id, new: undefined })}
        aria-current={isChosen ? 'true' : undefined}
      >
        <span class="hit-head">
          <TypeBadge type={hit.type} />
          <b>
            <Marked text={hit.name} question={words} />
          </b>
          {hit.status === 'inactive' && <span class="quiet">inactive</span>}
        </span>
        <span class="snippet">
          <Marked text={text.slice(0, 300)} question={words} />
        </span>
        <span class="hit-foot quiet">
          {scopeName ?? hit.scope_type} <Tags tags={hit.tags} /> <Ago at={hit.updated_at} />
        </span>
      </a>
    </li>
  )
}

/** The arrow keys go from one to the next. */
function moveAmong(event: KeyboardEvent): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0 || !(event.currentTarget instanceof HTMLElement)) return
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('a.hit')]
  const next = links[links.indexOf(document.activeElement as HTMLElement) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}

async function find(
  { q, scope, type, tag, status, inherit }: Readonly<Record<string, string>>,
  pages: number,
  signal: AbortSignal,
): Promise<Found> {
  const filter = {
    ...scopeArguments(scope),
    ...(scope && { inherit: inherit === '1' }),
    types: type ? [type] : undefined,
    tags: tag ? [tag] : undefined,
  }
  const hits: Hit[] = []
  let cursor: string | undefined
  let isUnlikely = false
  for (let page = 0; page < pages; page++) {
    const limit = { limit: PAGE, cursor }
    if (q) {
      const answer = await call('GET /v1/search', { query: q, ...filter, ...limit }, { signal })
      hits.push(...answer.results)
      isUnlikely ||= answer.answered === 'unlikely'
      cursor = answer.next_cursor
    } else {
      const answer = await call('GET /v1/entries', { ...filter, ...limit, status }, { signal })
      hits.push(...answer.entries)
      cursor = answer.next_cursor
    }
    if (cursor === undefined) break
  }
  return { hits, hasMore: cursor !== undefined, isUnlikely }
}
