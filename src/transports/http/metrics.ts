import type { Hono } from 'hono'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Instance } from '../../operations/instance.ts'
import type { CallRecord } from '../../operations/run.ts'
import { VERSION } from '../../version.ts'
import type { HttpEnv } from './env.ts'

/** Seconds. From an answer out of the cache to a wait for a lock. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]

type Report = Awaited<ReturnType<Instance['services']['health']['check']>>

/** What Prometheus reads of this instance: what it has done, and how it is at the moment of the look. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #calls: Counter<'operation' | 'outcome'>
  readonly #seconds: Histogram<'operation'>
  readonly #state: ReadonlyMap<string, Gauge>

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
    this.#state = new Map(
      STATE.map(([name, help]) => [name, new Gauge({ name: `agent_memory_${name}`, help, registers })]),
    )
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

  async text(app: Instance, held: Readonly<Record<string, number>>): Promise<string> {
    const report = await app.services.health.check()
    for (const [name, , read] of STATE) {
      const value = read(report, held)
      const gauge = this.#state.get(name)
      if (value === undefined) gauge?.reset()
      else gauge?.set(value)
    }
    return this.#registry.metrics()
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
  read: (report: Report, held: Readonly<Record<string, number>>) => number | undefined,
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
  ['cache_l1_hits', 'Answers out of the cache of this process', ({ cache }) => part(cache['l1'], 'hits')],
  ['cache_l1_misses', 'Answers that were not in it', ({ cache }) => part(cache['l1'], 'misses')],
  ['cache_l1_bytes', 'What it holds', ({ cache }) => part(cache['l1'], 'bytes')],
  ['cache_l2_hits', 'Answers out of the cache in Redis', ({ cache }) => part(cache['l2'], 'hits')],
  ['cache_l2_misses', 'Answers that were not in it', ({ cache }) => part(cache['l2'], 'misses')],
  ['locks_held', 'File locks that stand', ({ locks }) => number(locks['held'])],
  ['events_last_seq', 'The number of the newest event', ({ events }) => number(events['last_seq'])],
  [
    'events_connected',
    '1 while the events of other instances are followed',
    ({ events }) => flag(events['connected']),
  ],
  ['entries', 'Entries in the search index', ({ search }) => number(search['entries'])],
  ['mcp_sessions', 'Sessions of MCP clients of 2025', (_report, { sessions }) => sessions],
  ['mcp_streams', 'Listening streams of MCP clients of 2026', (_report, { streams }) => streams],
]

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

/** `/metrics`, for whoever may ask. */
export function addMetrics(
  http: Hono<HttpEnv>,
  { app, metrics, held }: { app: Instance; metrics: Metrics; held: () => Readonly<Record<string, number>> },
): void {
  http.get('/metrics', async (c) =>
    c.body(await metrics.text(app, held()), 200, {
      'content-type': metrics.contentType,
      'cache-control': 'no-store',
    }),
  )
}
