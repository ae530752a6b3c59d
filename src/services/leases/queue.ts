import type { AcquireOutcome, LeaseStore, Obstacle } from '../../coordination/lease-store.ts'
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
  /** Once any of them is aborted, the caller no longer wants the answer. */
  readonly signals: readonly AbortSignal[]
  /** Called once, with the obstacle, for a wait that takes longer than a moment. */
  readonly onWait?: (obstacle: Obstacle) => void
}

/** A shorter wait is not worth a word. */
const MOMENT_MS = 500

/** Tries until it is granted, refused or out of time. Null when it is no longer wanted: then nothing stays queued or held. */
export async function acquireInTurn(
  store: LeaseStore,
  request: Request,
  { budgetMs, clock, signals, onWait = () => {} }: Patience,
): Promise<Settled | null> {
  const startMs = clock.monotonic()
  const deadline = startMs + budgetMs
  const alarm = new Alarm(signals)
  let stopWatching: (() => void) | undefined
  let isTold = false
  try {
    while (!alarm.isOver) {
      const sentAtMs = clock.monotonic()
      const outcome = await store.acquire({ ...request, wait: sentAtMs < deadline })
      if (outcome.kind !== 'queued')
        return alarm.isOver ? await undone(store, request, outcome) : { outcome, sentAtMs }
      if (!isTold && clock.monotonic() - startMs >= MOMENT_MS) {
        isTold = true
        onWait(outcome)
      }
      stopWatching ??= store.watch(request, () => alarm.ring())
      await alarm.wait(Math.min(deadline - sentAtMs, HEARTBEAT_MS, outcome.retryInMs))
    }
    await store.leave(request.requestToken)
    return null
  } catch (error) {
    // The queue must not wait for an agent that has given up. If this call fails too, its silence has the
    // same effect a moment later.
    await store.leave(request.requestToken).catch(() => {})
    throw error
  } finally {
    stopWatching?.()
    alarm.close()
  }
}

/** Gives back leases granted to an agent that has gone. What it held before it keeps. */
async function undone(store: LeaseStore, { agentId }: Request, outcome: Settled['outcome']): Promise<null> {
  if (outcome.kind !== 'granted') return null
  const fresh = outcome.leases.filter((lease) => outcome.fresh.includes(lease.path))
  for (const { path, token } of fresh) await store.release({ agentId, paths: [path], token })
  return null
}

/** A wait that an alarm can end early; an alarm before the wait begins counts too. */
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
