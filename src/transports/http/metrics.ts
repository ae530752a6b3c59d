import type { Hono } from 'hono'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Instance } from '../../operations/instance.ts'
import type { CallRecord } from '../../operations/run.ts'
import { VERSION } from '../../version.ts'
import { errorFields } from '../log.ts'
import type { HttpEnv, HttpParts } from './env.ts'

/** Seconds. From an answer out of the cache to a wait for a lock. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]

/** Seconds from an event to hearing of it: with a push milliseconds; a look every so often, or a clock that is off, much more. */
const LAG_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
/** No caller waits for these numbers: an idle machine is spared looking for news more often. */
const PATIENCE_MS = 1_000

type Held = Readonly<Record<string, number>>
type Report = Awaited<ReturnType<Instance['services']['health']['check']>>

/** What Prometheus reads of this instance: what it has done, and how it is at the moment of the look. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #calls: Counter<'operation' | 'outcome'>
  readonly #seconds: Histogram<'operation'>
  readonly #events: Counter<'type'>
  readonly #lag: Histogram
  readonly #resyncs: Counter
  readonly #state: ReadonlyMap<string, Gauge>
  readonly #totals: ReadonlyMap<string, Counter<'level'>>

  constructor() {
    const registers = [this.#registry]
    collectDefaultMetrics({ register: this.#registry })
    this.#calls = new Counter({
      name: 'agent_memory_calls_total',
      help: 'Calls by operation and outcome: ok, or the name of the error',
      labelNames: ['operation', 'outcome'],
      registers,
    })
    this.#seconds = new Histogram({
      name: 'agent_memory_call_duration_seconds',
      help: 'How long calls took',
      labelNames: ['operation'],
      buckets: BUCKETS,
      registers,
    })
    new Gauge({ name: 'agent_memory_info', help: 'The version', labelNames: ['version'], registers }).set(
      { version: VERSION },
      1,
    )
    this.#events = new Counter({
      name: 'agent_memory_events_total',
      help: 'Events of all instances, as this one heard of them',
      labelNames: ['type'],
      registers,
    })
    this.#lag = new Histogram({
      name: 'agent_memory_event_lag_seconds',
      help: 'From an event to hearing of it',
      buckets: LAG_BUCKETS,
      registers,
    })
    this.#resyncs = new Counter({
      name: 'agent_memory_event_resyncs_total',
      help: 'How often events were lost to this instance',
      registers,
    })
    this.#state = new Map(
      STATE.map(([name, help]) => [name, new Gauge({ name: `agent_memory_${name}`, help, registers })]),
    )
    this.#totals = new Map(
      TOTALS.map(([name, help]) => [
        name,
        new Counter({ name: `agent_memory_${name}`, help, labelNames: ['level'], registers }),
      ]),
    )
  }

  /** Hears of events until the server ends. */
  async follow({ services, pipeline }: Instance, ending: AbortSignal): Promise<void> {
    const unsubscribe = await services.events.subscribe(
      ({ events, resync }) => {
        if (resync) this.#resyncs.inc()
        for (const { type, at } of events) {
          this.#events.inc({ type })
          this.#lag.observe(Math.max(0, pipeline.now() - Date.parse(at)) / 1_000)
        }
      },
      { patienceMs: PATIENCE_MS },
    )
    if (ending.aborted) unsubscribe()
    ending.addEventListener('abort', unsubscribe, { once: true })
  }

  /** The instance, whose calls are counted from now on, whichever way they come in. */
  counting(app: Instance): Instance {
    const { record } = app.pipeline
    const counted = (call: CallRecord) => {
      this.#count(call)
      record(call)
    }
    return { ...app, pipeline: { ...app.pipeline, record: counted } }
  }

  async text(app: Instance, held: Held): Promise<string> {
    const report = await app.services.health.check()
    const waiting = await app.services.leases.queues().then(sizesOf, () => undefined)
    const here = { ...held, ...(waiting !== undefined && { waiting }) }
    for (const [name, , read] of STATE) {
      const value = read(report, here)
      const gauge = this.#state.get(name)
      // What there is not, or cannot be looked at, is no 0.
      if (value === undefined) gauge?.remove()
      else gauge?.set(value)
    }
    for (const [name, , counted] of TOTALS) this.#setTotals(name, report, counted)
    return this.#registry.metrics()
  }

  /** The cache counts for itself. */
  #setTotals(name: string, { cache }: Report, counted: string): void {
    const counter = this.#totals.get(name)
    counter?.reset()
    for (const level of ['l1', 'l2']) {
      const value = part(cache[level], counted)
      if (value !== undefined) counter?.inc({ level }, value)
    }
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  #count({ tool, action, durationMs, error }: CallRecord): void {
    const operation = action === null ? tool : `${tool} ${action}`
    this.#calls.inc({ operation, outcome: error ?? 'ok' })
    this.#seconds.observe({ operation }, durationMs / 1_000)
  }
}

/** What of the instance's own report is a number. */
const STATE: readonly (readonly [
  name: string,
  help: string,
  read: (report: Report, held: Held) => number | undefined,
])[] = [
  ['healthy', '1 where every part works', ({ status }) => Number(status === 'healthy')],
  ['database_connected', '1 while the database answers', ({ database }) => flag(database['connected'])],
  ['database_latency_seconds', 'One look at the database', ({ database }) => seconds(database['latency_ms'])],
  [
    'redis_connected',
    '1 while Redis answers',
    ({ redis }) => (redis['enabled'] === true ? flag(redis['connected']) : undefined),
  ],
  ['redis_latency_seconds', 'One look at Redis', ({ redis }) => seconds(redis['latency_ms'])],
  [
    'database_connections',
    'Connections of the pool to PostgreSQL',
    ({ database }) => part(database['pool'], 'open'),
  ],
  ['database_connections_idle', 'Those that nobody uses', ({ database }) => part(database['pool'], 'idle')],
  [
    'database_connections_most',
    'As many as there may be (AGENT_MEMORY_PG_POOL_MAX)',
    ({ database }) => part(database['pool'], 'most'),
  ],
  [
    'database_waiting',
    'Calls that wait for a connection',
    ({ database }) => part(database['pool'], 'waiting'),
  ],
  ['cache_bytes', 'What the cache of this process holds', ({ cache }) => part(cache['l1'], 'bytes')],
  ['locks_held', 'File locks that stand', ({ locks }) => number(locks['held'])],
  ['locks_waiting', 'Agents in the queues for file locks', (_report, { waiting }) => waiting],
  ['events_last_seq', 'The number of the newest event', ({ events }) => number(events['last_seq'])],
  [
    'events_connected',
    '1 while the events of other instances are followed',
    ({ events }) => flag(events['connected']),
  ],
  ['entries', 'Entries in the search index', ({ search }) => number(search['entries'])],
  ['mcp_sessions', 'Sessions of MCP clients of 2025', (_report, { sessions }) => sessions],
  ['event_streams', 'Streams of /v1/events', (_report, { eventStreams }) => eventStreams],
  ['mcp_streams', 'Listening streams of MCP clients of 2026', (_report, { streams }) => streams],
]

/** What only grows, by level of the cache: l1 is this process, l2 Redis. */
const TOTALS = [
  ['cache_hits_total', 'Answers out of the cache', 'hits'],
  ['cache_misses_total', 'Answers that were not in it', 'misses'],
  ['cache_refused_fills_total', 'Answers that Redis did not take: outdated by then, or no room', 'refused'],
] as const

function sizesOf(queues: ReadonlyMap<string, readonly string[]>): number {
  return [...queues.values()].reduce((sum, agents) => sum + agents.length, 0)
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function seconds(ms: unknown): number | undefined {
  return typeof ms === 'number' ? ms / 1_000 : undefined
}

function flag(value: unknown): number {
  return Number(value === true)
}

function part(value: unknown, name: string): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return number(new Map(Object.entries(value)).get(name))
}

/** `/metrics`, for senders that may ask. */
export function addMetrics(
  http: Hono<HttpEnv>,
  { app, ending, log, metrics, held }: HttpParts & { metrics: Metrics; held: () => Held },
): void {
  metrics.follow(app, ending).catch((error: unknown) => log.warn('metrics', errorFields(error)))
  http.get('/metrics', async (c) =>
    c.body(await metrics.text(app, held()), 200, {
      'content-type': metrics.contentType,
      'cache-control': 'no-store',
    }),
  )
}
