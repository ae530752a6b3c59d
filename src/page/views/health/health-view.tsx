import type { HealthReport } from '../../client/answers.ts'
import { call } from '../../client/rest.ts'
import { Panel, Problem } from '../../parts/small.tsx'
import { spanText } from '../../state/clock.ts'
import { useLoaded } from '../../state/loaded.ts'
import { Instances } from './instances.tsx'

const EVERY_MS = 5_000
const PARTS = ['database', 'redis', 'cache', 'locks', 'events', 'search'] as const

export function HealthView() {
  const { value, problem } = useLoaded((signal) => call('GET /v1/health', {}, { signal }), [], {
    groups: ['instance'],
    everyMs: EVERY_MS,
  })
  return (
    <div class="health">
      <Problem text={problem} />
      {value && (
        <>
          <div class={`verdict ${value.status}`}>
            <b>{WORDS[value.status]}</b>
            <span class="quiet">
              agent-memory {value.version}, instance <span class="agent">{value.instance_id}</span>, up{' '}
              {spanText(value.uptime_ms)}
            </span>
          </div>
          {value.problems.length > 0 && (
            <ul class="problems">
              {value.problems.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          )}
          <div class="parts">
            {PARTS.map((part) => (
              <Part
                key={part}
                name={part}
                report={value[part]}
                problem={value.problems.find((text) => text.startsWith(`${part}:`))}
              />
            ))}
          </div>
        </>
      )}
      <Instances own={value && ownOf(value)} />
    </div>
  )
}

function ownOf({ instance_id: id, version, uptime_ms }: HealthReport) {
  return { id, version, isUp: true, since: new Date(Date.now() - uptime_ms).toISOString() }
}

const WORDS = {
  healthy: 'Everything works.',
  degraded: 'A part does not work.',
  unhealthy: 'It does not work.',
} as const

function Part({
  name,
  report,
  problem,
}: {
  name: string
  report: Readonly<Record<string, unknown>>
  problem: string | undefined
}) {
  const isOff = report['enabled'] === false
  const state = problem !== undefined ? 'bad' : isOff ? 'off' : 'good'
  const title = name === 'redis' ? 'Redis' : `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`
  return (
    <Panel title={title} note={<span class={`state-word ${state}`}>{STATE_WORDS[state]}</span>}>
      <dl class="facts-list">
        {rowsOf(report).map(([label, text]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

const STATE_WORDS = { good: 'works', bad: 'does not work', off: 'off' } as const

/** What a part shows, as lines; what is inside another thing stands beside its name. */
function rowsOf(report: Readonly<Record<string, unknown>>, above = ''): [label: string, text: string][] {
  return Object.entries(report).flatMap(([name, value]): [string, string][] => {
    const label = `${above}${name.replaceAll('_', ' ')}`.replace(/ ms$/, '')
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return rowsOf(value as Readonly<Record<string, unknown>>, `${label} `)
    return [[label, valueText(name, value)]]
  })
}

function valueText(name: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value !== 'number') return typeof value === 'string' ? value : JSON.stringify(value)
  if (name.endsWith('_ms')) return `${value < 10 ? value.toFixed(2) : Math.round(value)} ms`
  if (name.endsWith('bytes')) return `${(value / 1024).toFixed(0)} KB`
  return value.toLocaleString('en')
}
