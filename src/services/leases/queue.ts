import type { AcquireOutcome, LeaseStore } from '../../coordination/lease-store.ts'
import type { Clock } from '../../domain/clock.ts'
import type { AcquireRequest } from '../../domain/leases/decisions.ts'
import { HEARTBEAT_MS } from '../../domain/leases/lease.ts'

type Request = Omit<AcquireRequest, 'wait'>

export interface Settled {
  readonly outcome: Exclude<AcquireOutcome, { kind: 'queued' }>
  /** Monotonic clock, before the try that settled it was sent. */
  readonly sentAtMs: number
}

interface Patience {
  readonly budgetMs: number
  readonly clock: Clock
  /** Any of them aborted: nobody wants the answer any more. */
  readonly signals: readonly AbortSignal[]
}

/** Tries until it is granted, refused or out of time. Null when it is no longer wanted: then nothing stays queued or held. */
export async function acquireInTurn(
  store: LeaseStore,
  request: Request,
  { budgetMs, clock, signals }: Patience,
): Promise<Settled | null> {
  const deadline = clock.monotonic() + budgetMs
  const alarm = new Alarm(signals)
  let stopWatching: (() => void) | undefined
  try {
    while (!alarm.isOver) {
      const sentAtMs = clock.monotonic()
      const outcome = await store.acquire({ ...request, wait: sentAtMs < deadline })
      if (outcome.kind !== 'queued')
        return alarm.isOver ? await undone(store, request, outcome) : { outcome, sentAtMs }
      stopWatching ??= store.watch(request, () => alarm.ring())
      await alarm.wait(Math.min(deadline - sentAtMs, HEARTBEAT_MS, outcome.retryInMs))
    }
    await store.leave(request.requestToken)
    return null
  } catch (error) {
    // The queue must not wait for who has given up. If this fails too, silence says the same a second later.
    await store.leave(request.requestToken).catch(() => {})
    throw error
  } finally {
    stopWatching?.()
    alarm.close()
  }
}

/** Gives back what was granted to somebody who has gone. What they held before stays theirs. */
async function undone(store: LeaseStore, { agentId }: Request, outcome: Settled['outcome']): Promise<null> {
  if (outcome.kind !== 'granted') return null
  const fresh = outcome.leases.filter((lease) => outcome.fresh.includes(lease.path))
  for (const { path, token } of fresh) await store.release({ agentId, paths: [path], token })
  return null
}

/** Something to sleep by that can ring early, also while nobody sleeps. */
class Alarm {
  readonly #signals: readonly AbortSignal[]
  #rung = false
  #wake: () => void = () => {}

  constructor(signals: readonly AbortSignal[]) {
    this.#signals = signals
    for (const signal of signals) signal.addEventListener('abort', this.#onAbort)
  }

  get isOver(): boolean {
    return this.#signals.some((signal) => signal.aborted)
  }

  ring(): void {
    this.#rung = true
    this.#wake()
  }

  async wait(ms: number): Promise<void> {
    if (!this.#rung && !this.isOver) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, ms)
      this.#wake = resolve
      await promise
      clearTimeout(timer)
    }
    this.#rung = false
  }

  close(): void {
    for (const signal of this.#signals) signal.removeEventListener('abort', this.#onAbort)
  }

  readonly #onAbort = () => this.#wake()
}
