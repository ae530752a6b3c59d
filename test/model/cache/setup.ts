import type { Instance, Redis, State, Vector } from './state.ts'

/** The mistakes that can be planted. */
export const CACHE_MISTAKES = [
  'rows before their stamp',
  'stamp and rows in two statements',
  'no R2: an answer is served whatever is known',
  'no R3: the last message wins',
  'no R4: a version that Redis lacks counts as 0',
  'no R5: what a read finds is not merged',
  'no R6: L1 is trusted without a heartbeat',
  'no R7: a new epoch keeps the versions',
  'a joiner takes what it gets',
  'put lowers what Redis knows',
  'put of what was read before the versions were lost',
  'a told version counts where none was known',
  'a write is not merged before its answer',
  'answers are deleted instead of compared',
  'a new connection counts as caught up',
  'the event goes out before the commit',
  'no relay',
  'the relay begins where the log ends',
  'strong asks nobody',
  'only the first dependency is compared',
] as const
export type CacheMistake = (typeof CACHE_MISTAKES)[number]

const FAULTS = ['cut', 'flush', 'failover', 'evict', 'crash'] as const
export type Fault = (typeof FAULTS)[number]

/** How much of the protocol one search looks at. */
export interface CacheSetup {
  readonly keys: number
  readonly writes: number
  /** Which of the instances write. */
  readonly writers: readonly number[]
  /**
   * For each instance, how many reads it may have under way. One with none stands for all others: it writes, relays, and puts
   * answers that it loads whenever it likes; what it would serve itself is another search.
   */
  readonly reads: readonly number[]
  readonly isStrong: boolean
  /** Seconds pass. */
  readonly hasTime: boolean
  /** What Redis answers may be on its way while other things happen. */
  readonly hasLateReplies: boolean
  readonly faults: number
  readonly kinds: readonly Fault[]
  readonly mistake: CacheMistake | null
}

function vector(keys: number, version: number): Vector {
  return Array.from({ length: keys }, () => version)
}

export function newInstance(keys: number, startedAt: number): Instance {
  const none = vector(keys, -1)
  return {
    known: none,
    l1: null,
    isLinked: false,
    isFed: false,
    epoch: 0,
    isCaughtUp: false,
    isProven: false,
    inbox: [],
    startedAt,
    relayed: -1,
    looked: 0,
    round: null,
    load: null,
    put: null,
    write: null,
    reads: [],
    own: none,
    shown: none,
    heard: none,
  }
}

/** Every instance is connected, and nothing was written or asked yet. */
export function initialState({ keys, reads, faults }: CacheSetup): State {
  const connected = { isLinked: true, isFed: true, epoch: 1, isCaughtUp: true, isProven: true, relayed: 0 }
  const redis: Redis = {
    epoch: 1,
    isOther: false,
    versions: vector(keys, -1),
    hints: vector(keys, -1),
    answer: null,
    told: [],
  }
  return {
    log: [],
    published: [],
    due: vector(keys, 0),
    epochs: 1,
    redis,
    instances: reads.map((most) => ({ ...newInstance(keys, 0), ...connected, isFed: most > 0 })),
    faultsLeft: faults,
  }
}
