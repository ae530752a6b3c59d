import { AsyncLocalStorage } from 'node:async_hooks'

/** The right of one call to act under an idempotency key. It ends when no sign of life comes, and goes to the next that asks. */
export interface CallClaim {
  readonly agentId: string
  readonly key: string
  /** Of this try alone: the next one with that key has another. */
  readonly id: string
}

const running = new AsyncLocalStorage<{ claim: CallClaim | undefined }>()

/** Runs a call whose writes are made only while the claim holds. What it leaves running is bound by it no longer. */
export async function underClaim<T>(claim: CallClaim, run: () => Promise<T>): Promise<T> {
  const call: { claim: CallClaim | undefined } = { claim }
  try {
    return await running.run(call, run)
  } finally {
    call.claim = undefined
  }
}

/** The claim of the call that is under way; undefined for one without a key. */
export function claimUnderWay(): CallClaim | undefined {
  return running.getStore()?.claim
}
