import { useEffect, useRef, useState } from 'preact/hooks'
import type { WholeEntry } from '../../../client/answers.ts'
import { orNone } from '../../../client/refusal.ts'
import { call, isWritable } from '../../../client/rest.ts'
import { Ago, Problem, TypeBadge } from '../../../parts/small.tsx'
import { draftOf, dropDraft, hasDraft } from '../../../state/drafts.ts'
import { useLoaded } from '../../../state/loaded.ts'
import { goTo, linkHere } from '../../../state/route.ts'
import type { ScopeNames } from '../../../state/scopes.ts'
import { EntryActions } from './actions.tsx'
import { type EditDraft, EntryEdit, editOf } from './edit.tsx'
import { EntryHistory } from './history.tsx'
import { beginNew } from './new.tsx'
import { EntryRelations } from './relations.tsx'
import { EntryText } from './text.tsx'

type Tab = 'text' | 'history' | 'relations'
const TABS: readonly (readonly [tab: Tab, title: string])[] = [
  ['text', 'Text'],
  ['history', 'History'],
  ['relations', 'Relations'],
]

interface EntryPaneProps {
  readonly id: string | undefined
  readonly scopeNames: ScopeNames
}

export function EntryPane({ id, scopeNames }: EntryPaneProps) {
  if (!id) return <p class="entry empty">Choose a memory to read it.</p>
  return <Entry key={id} id={id} scopeNames={scopeNames} />
}

function Entry({ id, scopeNames }: { id: string; scopeNames: ScopeNames }) {
  const { value, problem, reload } = useLoaded(
    (signal) => orNone(call('GET /v1/entries/{id}', { id }, { signal })),
    [id],
    { groups: ['entry'] },
  )
  const [tab, setTab] = useState<Tab>('text')
  const [isEdited, setEdited] = useState(hasDraft(editOf({ id })))
  const heading = useRef<HTMLHeadingElement>(null)
  const isHere = value !== undefined && value !== null
  useEffect(() => heading.current?.focus(), [isHere])
  const back = (
    <a class="back" href={linkHere({ id: undefined })}>
      Back to the list
    </a>
  )
  if (value === null)
    return (
      <section class="entry">
        {back}
        <Gone id={id} />
      </section>
    )
  if (!value)
    return (
      <section class="entry">
        {back}
        <Problem text={problem} />
      </section>
    )
  return (
    <article class="entry" aria-labelledby="entry-name">
      {back}
      <header class="entry-head">
        <TypeBadge type={value.type} />
        <h2 id="entry-name" tabIndex={-1} ref={heading}>
          {value.name}
        </h2>
        <Facts entry={value} scopeName={scopeNames.get(value.scope_id)} />
        {!isEdited && isWritable(value.type) && (
          <EntryActions entry={value} edit={() => setEdited(true)} changed={reload} />
        )}
      </header>
      <Problem text={problem} />
      {isEdited ? (
        <EntryEdit
          entry={value}
          close={() => {
            setEdited(false)
            reload()
          }}
        />
      ) : (
        <>
          <div class="tabs" role="tablist" aria-label="Parts of the memory" onKeyDown={moveAmongTabs}>
            {TABS.filter(([name]) => name !== 'history' || isWritable(value.type)).map(([name, title]) => (
              <button
                key={name}
                type="button"
                role="tab"
                id={`tab-${name}`}
                aria-selected={tab === name}
                aria-controls="tab-panel"
                tabIndex={tab === name ? 0 : -1}
                onClick={() => setTab(name)}
              >
                {title}
              </button>
            ))}
          </div>
          <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
            {tab === 'text' && <EntryText entry={value} changed={reload} />}
            {tab === 'history' && <EntryHistory entry={value} />}
            {tab === 'relations' && <EntryRelations entry={value} />}
          </div>
        </>
      )}
    </article>
  )
}

/** It was deleted, or was never there; what was being written of it is not lost. */
function Gone({ id }: { id: string }) {
  const written = draftOf<EditDraft>(editOf({ id }))
  const again = () => {
    if (!written) return
    beginNew({ type: written.opened.type, scope: written.opened.scope_id ?? 'global', texts: written.texts })
    dropDraft(editOf({ id }))
    goTo(linkHere({ id: undefined, new: '1' }))
  }
  return (
    <>
      <p class="empty">
        This memory is not there: it was deleted, or your key may not read it.{' '}
        <a href={linkHere({ id: undefined })}>Close it</a>
      </p>
      {written && (
        <>
          <p>What you were writing:</p>
          <pre class="text">{written.texts['content']}</pre>
          <div class="actions">
            <button type="button" class="main-action" onClick={again}>
              Add it as a new memory
            </button>
          </div>
        </>
      )}
    </>
  )
}

function Facts({ entry, scopeName }: { entry: WholeEntry; scopeName: string | undefined }) {
  const { version, updated_by, updated_at, priority, status, expired } = entry
  return (
    <p class="quiet facts">
      {scopeName ?? entry.scope_type}, version {version} by <b class="agent">{updated_by}</b>,{' '}
      <Ago at={updated_at} />
      {priority === 50 ? '' : `, priority ${priority}`}
      {status === 'inactive' && <b class="warn">inactive</b>}
      {expired && <b class="warn">expired</b>}
    </p>
  )
}

function moveAmongTabs(event: KeyboardEvent): void {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
  if (step === 0 || !(event.currentTarget instanceof HTMLElement)) return
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')]
  const next = tabs[(tabs.indexOf(document.activeElement as HTMLElement) + step + tabs.length) % tabs.length]
  next?.focus()
  next?.click()
}
