import { signal } from '@preact/signals'
import { authorization, reached } from '../client/rest.ts'
import { keyAsked } from './session.ts'

/** What the instance did between two looks at its metrics. */
export interface Sample {
  /** Seconds since 1970. */
  readonly at: number
  readonly calls: number
  /** Share of cached reads that were answered from the cache; null where there were none. */
  readonly hitRate: number | null
  /** Milliseconds; null where nothing was called. */
  readonly p50: number | null
  readonly p95: number | null
}

/** An hour of them. */
const MOST_KEPT = 720
const EVERY_MS = 5_000

/** The measurements are not for this key. */
export const isForbidden = signal(false)
export const samples = signal<readonly Sample[]>([])

interface Look {
  readonly at: number
  readonly hits: number
  readonly misses: number
  /** Calls that took up to so many seconds, by that bound. */
  readonly upTo: ReadonlyMap<number, number>
}

let before: Look | undefined

export function startSampling(): void {
  void sample()
  setInterval(() => void sample(), EVERY_MS)
}

async function sample(): Promise<void> {
  if (keyAsked.value !== undefined) return
  try {
    const response = await reached('/metrics', { headers: authorization() })
    isForbidden.value = response.status === 403
    if (!response.ok) return
    const look = read(await response.text())
    if (before) add(before, look)
    before = look
  } catch {
    before = undefined
  }
}

function add(from: Look, to: Look): void {
  const hits = to.hits - from.hits
  const all = hits + to.misses - from.misses
  const upTo = new Map([...to.upTo].map(([bound, count]) => [bound, count - (from.upTo.get(bound) ?? 0)]))
  const calls = upTo.get(Infinity) ?? 0
  // An instance that began anew counts from nothing.
  if (calls < 0 || all < 0) return
  const seconds = Math.max(0.001, to.at - from.at)
  const fresh = {
    at: to.at,
    calls: calls / seconds,
    hitRate: all === 0 ? null : hits / all,
    p50: quantile(upTo, 0.5),
    p95: quantile(upTo, 0.95),
  }
  samples.value = [...samples.value, fresh].slice(-MOST_KEPT)
}

/** As Prometheus reads it from a histogram: straight between two bounds. */
function quantile(upTo: ReadonlyMap<number, number>, share: number): number | null {
  const bounds = [...upTo].sort(([a], [b]) => a - b)
  const wanted = (upTo.get(Infinity) ?? 0) * share
  if (wanted === 0) return null
  let [below, counted] = [0, 0]
  for (const [bound, count] of bounds) {
    if (count >= wanted) {
      const top = bound === Infinity ? below : bound
      const part = count === counted ? 0 : (wanted - counted) / (count - counted)
      return (below + (top - below) * part) * 1_000
    }
    below = bound
    counted = count
  }
  return null
}

/** The page's own constant calls would flatten what agents see, and a call that waits for a file is not slow. */
const NOT_COUNTED = /operation="memory_(health|file_lock (list|checkout)|event wait|scope presence)"/

function read(text: string): Look {
  const upTo = new Map<number, number>()
  let [hits, misses] = [0, 0]
  for (const line of text.split('\n')) {
    const [, name = '', labels = '', value = ''] = /^(\w+)(\{.*\})? (\S+)/.exec(line) ?? []
    if (name === 'agent_memory_call_duration_seconds_bucket' && !NOT_COUNTED.test(labels)) {
      const bound = /le="([^"]+)"/.exec(labels)?.[1] ?? ''
      const number = bound === '+Inf' ? Infinity : Number(bound)
      upTo.set(number, (upTo.get(number) ?? 0) + Number(value))
    }
    if (name === 'agent_memory_cache_hits_total') hits += Number(value)
    // What the first level lacks, the second may have.
    if (name === 'agent_memory_cache_misses_total') misses = Number(value)
  }
  return { at: Date.now() / 1_000, hits, misses, upTo }
}
