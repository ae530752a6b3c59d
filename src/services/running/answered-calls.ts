import { type Clock, isoTime } from '../../domain/clock.ts'
import { answerCall, claimCall, forgetCalls, releaseCall } from '../../store/answered-calls.ts'
import type { Store } from '../../store/store.ts'

/** What a call was answered. */
export interface CallAnswer {
  readonly status: number
  readonly body: string
}

/** One write that its sender has given a key, so that sending it twice does it once. */
export interface KeyedCall {
  readonly agentId: string
  readonly key: string
  /** Of all that makes the call what it is. */
  readonly requestHash: string
}

/** What becomes of a call that comes with a key. */
export type Claim =
  | { readonly kind: 'first' }
  | { readonly kind: 'answered'; readonly answer: CallAnswer }
  /** The same call is still at work somewhere. */
  | { readonly kind: 'running' }
  /** Its process ended before the answer: it is unknown whether the call took effect. */
  | { readonly kind: 'lost' }
  /** The key was given to another call. */
  | { readonly kind: 'other' }

const KEPT_MS = 24 * 60 * 60 * 1_000
/** No call takes longer, waiting for a lock or for events included. */
const LONGEST_MS = 10 * 60 * 1_000

/** Answers to writes with an idempotency key: kept a day, in the database, so by all instances. */
export class AnsweredCalls {
  readonly #store: Store
  readonly #clock: Clock
  readonly #instanceId: string

  constructor(store: Store, clock: Clock, instanceId: string) {
    this.#store = store
    this.#clock = clock
    this.#instanceId = instanceId
  }

  async claim({ agentId, key, requestHash }: KeyedCall): Promise<Claim> {
    const now = this.#clock.now()
    const row = {
      agent_id: agentId,
      key,
      request_hash: requestHash,
      instance_id: this.#instanceId,
      status: null,
      body: null,
      created_at: isoTime(now),
    }
    const earlier = await this.#store.write(
      async ({ db }) => {
        await forgetCalls(db, isoTime(now - KEPT_MS))
        return (await claimCall(db, row)) ?? null
      },
      { changes: 'own rows' },
    )
    if (earlier === null) return { kind: 'first' }
    if (earlier.request_hash !== requestHash) return { kind: 'other' }
    const { status, body } = earlier
    if (status !== null && body !== null) return { kind: 'answered', answer: { status, body } }
    return { kind: now - Date.parse(earlier.created_at) > LONGEST_MS ? 'lost' : 'running' }
  }

  async answer({ agentId, key }: KeyedCall, answer: CallAnswer): Promise<void> {
    await this.#store.write(({ db }) => answerCall(db, { agent_id: agentId, key }, answer), {
      changes: 'own rows',
    })
  }

  /** The call has changed nothing: it may be made anew. */
  async release({ agentId, key }: KeyedCall): Promise<void> {
    await this.#store.write(({ db }) => releaseCall(db, { agent_id: agentId, key }), { changes: 'own rows' })
  }
}
