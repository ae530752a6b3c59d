import { useState } from 'preact/hooks'
import type { MemoryEvent } from '../../client/answers.ts'
import { Ago, Panel } from '../../parts/small.tsx'
import { events, GROUPS, isFilled } from '../../state/live.ts'
import { linkTo } from '../../state/route.ts'
import { eventWords } from './event-words.ts'

const SHOWN = 100

/** What happens, newest first. */
export function EventStream() {
  const [group, setGroup] = useState('')
  const shown = events.value.filter(({ type }) => type.startsWith(group)).slice(0, SHOWN)
  const choose = (
    <>
      <label class="hidden" for="event-group">
        Show
      </label>
      <select id="event-group" value={group} onChange={(event) => setGroup(event.currentTarget.value)}>
        <option value="">all</option>
        {GROUPS.map((name) => (
          <option key={name} value={`${name}.`}>
            {name}
          </option>
        ))}
      </select>
    </>
  )
  return (
    <Panel title="Events" note={choose} class="events-panel">
      {isFilled.value && shown.length === 0 && <p class="empty">Nothing has happened yet.</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <ol class="events" tabIndex={0} aria-label="Events, newest first">
        {shown.map((event) => (
          <Row key={event.id} event={event} />
        ))}
      </ol>
    </Panel>
  )
}

function Row({ event }: { event: MemoryEvent }) {
  const { type, agent_id, at } = event
  const { verb, what, to } = eventWords(event)
  return (
    <li>
      <span class="dot" data-group={type.split('.')[0]} aria-hidden="true" />
      <span class="event-text">
        <b class="agent">{agent_id}</b> {verb}{' '}
        {to ? <a href={linkTo(...to)}>{what}</a> : <span class="what">{what}</span>}
      </span>
      <Ago at={at} />
    </li>
  )
}
