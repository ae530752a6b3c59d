import { call } from '../../client/rest.ts'
import { Figure, Problem } from '../../parts/small.tsx'
import { events, isFilled } from '../../state/live.ts'
import { useLoaded } from '../../state/loaded.ts'
import { type Sample, samples } from '../../state/samples.ts'
import { Agents } from './agents.tsx'
import { Charts } from './charts.tsx'
import { Connect } from './connect.tsx'
import { EventStream } from './event-stream.tsx'
import { Locks } from './locks.tsx'
import { Votes } from './votes.tsx'

/** Waiters appear in no event, so the locks are read at intervals. */
const LOCKS_EVERY_MS = 4_000
const AGENTS_EVERY_MS = 10_000

export function NowView() {
  const presence = useLoaded((signal) => call('GET /v1/presence', {}, { signal }), [], {
    groups: ['lock', 'entry', 'scope', 'vote'],
    everyMs: AGENTS_EVERY_MS,
  })
  const locks = useLoaded((signal) => call('GET /v1/locks', { limit: 100, queues: true }, { signal }), [], {
    groups: ['lock'],
    everyMs: LOCKS_EVERY_MS,
  })
  const votes = useLoaded((signal) => call('GET /v1/votes/tasks', { limit: 10 }, { signal }), [], {
    groups: ['vote'],
  })
  const health = useLoaded((signal) => call('GET /v1/health', {}, { signal }), [], {
    groups: ['entry', 'instance'],
    everyMs: AGENTS_EVERY_MS,
  })
  const agents = presence.value?.agents.filter(({ agent_id }) => agent_id !== 'page') ?? []
  const held = locks.value?.locks ?? []
  const entries = Number(health.value?.search['active'] ?? 0)
  const isNew = isFilled.value && !!health.value && entries === 0 && events.value.every(isOfInstance)
  const atWork = agents.filter(({ state }) => state !== 'idle').length
  return (
    <div class="now">
      <Problem text={presence.problem ?? locks.problem ?? votes.problem} />
      {isNew && <Connect />}
      <dl class="figures">
        <Figure label="Agents at work" value={shown(presence.value && atWork)} />
        <Figure label="Files locked" value={shown(locks.value && held.length)} />
        <Figure label="Memories" value={shown(health.value && entries)} />
        <Figure label="Cache hits" value={hitText(samples.value)} />
        <Figure label="95 % answered within" value={latencyText(samples.value)} />
      </dl>
      <div class="now-columns">
        <div class="stack">
          <Locks locks={locks.value && held} changed={locks.reload} />
          {!presence.isForbidden && <Agents agents={presence.value && agents} />}
          {!votes.isForbidden && <Votes tasks={votes.value?.tasks} />}
          <Charts />
        </div>
        <EventStream />
      </div>
    </div>
  )
}

function isOfInstance({ type }: { type: string }): boolean {
  return type.startsWith('instance.')
}

function shown(value: number | undefined): string {
  return value === undefined ? '–' : value.toLocaleString('en')
}

/** Five minutes. */
const RECENT = 60

function hitText(all: readonly Sample[]): string {
  const rates = all.slice(-RECENT).flatMap(({ hitRate }) => hitRate ?? [])
  if (rates.length === 0) return '–'
  return `${Math.round((rates.reduce((sum, rate) => sum + rate, 0) / rates.length) * 100)} %`
}

function latencyText(all: readonly Sample[]): string {
  const value = all
    .slice(-RECENT)
    .flatMap(({ p95 }) => p95 ?? [])
    .at(-1)
  if (value === undefined) return '–'
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`
}
