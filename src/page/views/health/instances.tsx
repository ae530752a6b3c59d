import type { MemoryEvent } from '../../client/answers.ts'
import { call } from '../../client/rest.ts'
import { Ago, Panel, Problem } from '../../parts/small.tsx'
import { useLoaded } from '../../state/loaded.ts'

/** How far back in the log they are looked for. */
const EVENTS = 20_000
const MOST_PAGES = 5
const SHOWN = 12

/** A server, by the last that is known of it. */
export interface InstanceRow {
  readonly id: string
  readonly isUp: boolean
  readonly version: string
  readonly since: string
}

/** The servers that share this memory, by what they said of themselves. */
export function Instances({ own }: { own: InstanceRow | undefined }) {
  const { value = [], problem } = useLoaded((signal) => instances(signal), [], { groups: ['instance'] })
  const others = value.filter(({ id }) => id !== own?.id)
  const rows = own ? [own, ...others] : others
  return (
    <Panel title="Instances" note="by their own word: one that was killed says nothing">
      <Problem text={problem} />
      <table>
        <thead>
          <tr>
            <th scope="col">Instance</th>
            <th scope="col">State</th>
            <th scope="col">Version</th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, SHOWN).map(({ id, isUp, version, since }) => (
            <tr key={id}>
              <th scope="row" class="agent">
                {id}
                {id === own?.id && <span class="quiet"> this one</span>}
              </th>
              <td data-label="State">
                <span class={`state-word ${isUp ? 'good' : 'off'}`}>{isUp ? 'up' : 'stopped'}</span>
              </td>
              <td data-label="Version">{version}</td>
              <td data-label="Since">
                <Ago at={since} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

/** The last word of each, those that are up first. */
async function instances(signal: AbortSignal): Promise<readonly InstanceRow[]> {
  const { events } = await call('GET /v1/health', {}, { signal })
  let since = Math.max(0, Number(events['last_seq'] ?? 0) - EVENTS)
  const last = new Map<string, MemoryEvent>()
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await call('GET /v1/events', { since, types: ['instance.*'], limit: 100 }, { signal })
    for (const event of answer.events) last.set(event.instance_id, event)
    since = answer.last_seq
    if (answer.next_cursor === undefined) break
  }
  return [...last.values()]
    .sort((a, b) => b.seq - a.seq)
    .map(({ instance_id: id, type, at, detail }) => ({
      id,
      isUp: type === 'instance.up',
      version: String(detail?.['version'] ?? ''),
      since: at,
    }))
    .sort((a, b) => Number(b.isUp) - Number(a.isUp))
}
