import { cacheModel } from './model.ts'
import type { CacheMistake, CacheSetup } from './setup.ts'

const PLAIN: CacheSetup = {
  keys: 1,
  writes: 1,
  writers: [1],
  reads: [1, 0],
  isStrong: false,
  hasTime: false,
  hasLateReplies: false,
  faults: 0,
  kinds: [],
  mistake: null,
}
const LATE = { hasLateReplies: true } as const
const ALONE = { reads: [2], writers: [0] } as const
const TWO_READS = { reads: [2, 0], writers: [0, 1] } as const
const TWO_READERS = { reads: [1, 1], writers: [1] } as const
const TWO_KEYS = { keys: 2, writes: 2 } as const

function after(fault: CacheSetup['kinds'][number]): Partial<CacheSetup> {
  return { faults: 1, kinds: [fault], hasTime: true }
}

/** What the test run looks at: as many states as a few seconds allow. */
const SEARCHES: Readonly<Record<string, Partial<CacheSetup>>> = {
  'one instance, two reads at once, two writes': { ...ALONE, writes: 2 },
  'another instance, replies on their way': { ...LATE, writers: [0, 1] },
  'another instance, two reads at once': TWO_READS,
  'another instance, two writes': { writes: 2 },
  'strong reads': { isStrong: true, writers: [0, 1] },
  'connections lost': after('cut'),
  'an instance killed': after('crash'),
  'versions evicted': after('evict'),
  'Redis emptied': { ...after('flush'), hasTime: false },
}

/** What `npm run model -- --deep` looks at besides: millions. */
const DEEP_SEARCHES: Readonly<Record<string, Partial<CacheSetup>>> = {
  'two instances that both read': { ...TWO_READERS, ...LATE },
  'three instances': { reads: [1, 0, 0], writers: [1, 2], writes: 2 },
  'two scope keys': TWO_KEYS,
  'one instance, two reads at once, replies on their way': { ...ALONE, ...LATE, writes: 2, isStrong: true },
  'connections lost, two writes': { ...after('cut'), writes: 2 },
  'Redis emptied, seconds pass': after('flush'),
  'another server takes over': after('failover'),
  'versions evicted, two writes': { ...after('evict'), writes: 2 },
  'an instance killed and versions evicted': { ...after('crash'), faults: 2, kinds: ['crash', 'evict'] },
  'a connection lost twice': { ...after('cut'), faults: 2 },
}

/** Where each mistake shows. */
const SHOWN: Readonly<Record<CacheMistake, Partial<CacheSetup>>> = {
  'rows before their stamp': {},
  'stamp and rows in two statements': {},
  'no R2: an answer is served whatever is known': { writers: [0, 1] },
  'no R3: the last message wins': { writers: [0, 1] },
  'no R4: a version that Redis lacks counts as 0': after('cut'),
  'no R5: what a read finds is not merged': TWO_READS,
  'no R6: L1 is trusted without a heartbeat': after('cut'),
  'no R7: a new epoch keeps the versions': after('failover'),
  'a joiner takes what it gets': TWO_READS,
  'put lowers what Redis knows': { hasTime: true },
  'put of what was read before the versions were lost': after('flush'),
  'a told version counts where none was known': { ...after('evict'), writes: 2, writers: [0, 1] },
  'a write is not merged before its answer': { writers: [0, 1] },
  'answers are deleted instead of compared': { writers: [0, 1] },
  'a new connection counts as caught up': after('cut'),
  'the event goes out before the commit': {},
  'no relay': after('cut'),
  'the relay begins where the log ends': after('crash'),
  'strong asks nobody': { isStrong: true },
  'only the first dependency is compared': TWO_KEYS,
}

/** The first steps of a counterexample that is too far away to be found in a test run: the search begins after them. */
const BEGUN: Partial<Readonly<Record<CacheMistake, readonly string[]>>> = {
  'a told version counts where none was known': [
    'B commits event 1',
    'B reads rows and stamp 1',
    'A commits event 2',
    'B puts 1',
  ],
}

export const cacheSearches = modelsOf(SEARCHES)
export const deepCacheSearches = modelsOf(DEEP_SEARCHES)

export const cacheMistakes = Object.entries(SHOWN).map(([mistake, setup]) => ({
  mistake,
  model: cacheModel({ ...PLAIN, ...setup, mistake: mistake as CacheMistake }),
  begun: BEGUN[mistake as CacheMistake] ?? [],
}))

function modelsOf(searches: Readonly<Record<string, Partial<CacheSetup>>>) {
  return Object.entries(searches).map(([name, setup]) => ({
    name,
    model: cacheModel({ ...PLAIN, ...setup }),
  }))
}
