import type { Agent, Instance, Server, State } from './state.ts'

/** The mistakes that can be planted. */
export const LOCK_MISTAKES = [
  'a held path is granted',
  'a release asks for no owner',
  'a late release ends what was asked for after it',
  'a late release counts the calls of its own instance only',
  'renew re-creates',
  'a renewal asks for no owner',
  'a token is given twice',
  'tokens begin anew with each epoch',
  'barging past the queue',
  'a part of the paths is granted',
  'verify does not look at the time',
  'force leaves the lease to its holder',
  'a retry is a new request',
  'a silent waiter is waited for',
  'who tries again goes to the end of the queue',
  'cycles are not looked for',
  'granted without the store',
  'granted while recovering',
  'extended while recovering',
  'no recovery time',
  'told before it is noted',
  'noted though a later epoch has begun',
  'the recovery time is read before the number is taken',
  'put back after the recovery',
  'the earlier token is put back',
] as const
export type LockMistake = (typeof LOCK_MISTAKES)[number]

const FAULTS = ['flush', 'takeover', 'cut', 'lost', 'force', 'news', 'late'] as const

/** How much of the protocol one search looks at. */
export interface LockSetup {
  readonly agents: number
  readonly instances: number
  readonly paths: number
  /** What an agent may check out in one call. */
  readonly sets: readonly (readonly number[])[]
  /** Checkouts and renewals of each agent. */
  readonly calls: number
  readonly waits: boolean
  /** Each agent checks out through an instance of its own; it gives back and renews through any. */
  readonly isAtHome: boolean
  readonly faults: number
  readonly kinds: readonly (typeof FAULTS)[number][]
  readonly mistake: LockMistake | null
}

/** How long a lease lasts, in ticks. */
export const TTL = 2

function nothing(paths: number): readonly null[] {
  return Array.from({ length: paths }, () => null)
}

export function emptyServer(paths: number): Server {
  return {
    epoch: 0,
    isOther: false,
    beginner: -1,
    count: 0,
    recovery: 0,
    leases: nothing(paths),
    waiters: [],
  }
}

/** Every instance is connected, and no agent has asked for anything. */
export function initialState({ agents, instances, paths, calls, faults }: LockSetup): State {
  const agent: Agent = { call: null, calls, holds: nothing(paths) }
  const instance: Instance = {
    server: 0,
    stage: 'linked',
    epoch: 1,
    recovery: null,
    granted: nothing(paths),
    until: 0,
    untilEpoch: 0,
    inbox: [],
  }
  return {
    agents: Array.from({ length: agents }, () => agent),
    instances: Array.from({ length: instances }, () => instance),
    servers: [{ ...emptyServer(paths), epoch: 1 }],
    database: { latest: 1, noted: 0 },
    tokens: Array.from({ length: paths }, () => 0),
    owners: Array.from({ length: paths }, () => 0),
    late: null,
    faultsLeft: faults,
  }
}
