import { type CallClaim, underClaim } from '../../domain/call-claim.ts'
import { type Clock, isoTime } from '../../domain/clock.ts'
import { newId } from '../../domain/ids.ts'
import { claimCall, forgetCalls, releaseCall, setCall } from '../../store/answered-calls.ts'
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
  /** True where the database does not hold all that it does: then nothing says whether a call without an answer took effect. */
  readonly isElsewhere: boolean
}

/** What becomes of a call that comes with a key. */
export type Claim =
  | { readonly kind: 'first'; readonly claim: CallClaim }
  | { readonly kind: 'answered'; readonly answer: CallAnswer }
  /** The same call is still at work somewhere. */
  | { readonly kind: 'running' }
  /** Its process ended after it changed something, and before the answer. */
  | { readonly kind: 'done' }
  /** Its process ended before the answer: it is unknown whether the call took effect. */
  | { readonly kind: 'lost' }
  /** The key was given to another call. */
  | { readonly kind: 'other' }

const KEPT_MS = 24 * 60 * 60 * 1_000
/** A process that is at work on a call says so this often; one that has not for so long counts as gone. */
const SIGN_MS = 3_000
const GONE_MS = 10_000

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

  /** A call that changed nothing before its process was gone is `first` again: its own writes are refused from then on. */
  async claim({ agentId, key, requestHash, isElsewhere }: KeyedCall): Promise<Claim> {
    const now = this.#clock.now()
    const claim = { agentId, key, id: newId() }
    const row = {
      agent_id: agentId,
      key,
      request_hash: requestHash,
      instance_id: this.#instanceId,
      status: null,
      body: null,
      created_at: isoTime(now),
      claim_id: claim.id,
      claimed_until: now + GONE_MS,
      effect: isElsewhere ? ('unknown' as const) : ('none' as const),
    }
    const earlier = await this.#store.write(
      async ({ db }) => {
        await forgetCalls(db, isoTime(now - KEPT_MS))
        return (await claimCall(db, row, now)) ?? null
      },
      { changes: 'own rows' },
    )
    if (earlier === null) return { kind: 'first', claim }
    if (earlier.request_hash !== requestHash) return { kind: 'other' }
    const { status, body, claimed_until: until, effect } = earlier
    if (status !== null && body !== null) return { kind: 'answered', answer: { status, body } }
    if (until >= now) return { kind: 'running' }
    return { kind: effect === 'done' ? 'done' : 'lost' }
  }

  /** Does the work of a call; meanwhile every instance knows that it is at work. */
  async run<T>(claim: CallClaim, work: () => Promise<T>): Promise<T> {
    const sign = () => this.#set(claim, { claimed_until: this.#clock.now() + GONE_MS }).catch(() => {})
    const timer = setInterval(() => void sign(), SIGN_MS)
    try {
      return await underClaim(claim, work)
    } finally {
      clearInterval(timer)
    }
  }

  async answer(claim: CallClaim, answer: CallAnswer): Promise<void> {
    await this.#set(claim, answer)
  }

  /** The call was refused, and is to be made anew unless it has changed something before. */
  async release(claim: CallClaim): Promise<void> {
    await this.#store.write(({ db }) => releaseCall(db, claim), { changes: 'own rows' })
    await this.giveUp(claim)
  }

  /** The call is not at work any more, and has no answer. */
  async giveUp(claim: CallClaim): Promise<void> {
    await this.#set(claim, { claimed_until: 0 })
  }

  async #set(claim: CallClaim, values: Parameters<typeof setCall>[2]): Promise<void> {
    await this.#store.write(({ db }) => setCall(db, claim, values), { changes: 'own rows' })
  }
}
