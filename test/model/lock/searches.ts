import { lockModel } from './model.ts'
import type { LockMistake, LockSetup } from './setup.ts'

const PLAIN: LockSetup = {
  agents: 2,
  instances: 1,
  paths: 1,
  sets: [[0]],
  calls: 2,
  waits: true,
  isAtHome: false,
  faults: 0,
  kinds: [],
  mistake: null,
}
const TWO_PATHS = { paths: 2, sets: [[0], [1], [0, 1]] } as const
const TWO_INSTANCES = { instances: 2, calls: 1, waits: false } as const
const AT_HOME = { ...TWO_INSTANCES, isAtHome: true } as const

function after(...kinds: LockSetup['kinds']): Partial<LockSetup> {
  return { faults: kinds.length, kinds }
}

/** What the test run looks at: as many states as a few seconds allow. */
const SEARCHES: Readonly<Record<string, Partial<LockSetup>>> = {
  'two agents': {},
  'three agents': { agents: 3, calls: 1 },
  'two paths': { ...TWO_PATHS, calls: 1 },
  'an answer lost': after('lost'),
  'a lock forced': after('force'),
  'a release that arrives late': { ...after('late'), waits: false },
  'Redis emptied': { ...after('flush'), waits: false },
  'another server takes over': { ...after('takeover', 'cut'), ...AT_HOME },
}

/** What `npm run model -- --deep` looks at besides: millions. */
const DEEP_SEARCHES: Readonly<Record<string, Partial<LockSetup>>> = {
  'two paths, two calls each': TWO_PATHS,
  'three agents on two paths': { ...TWO_PATHS, agents: 3, calls: 1 },
  'a release that arrives late, two instances': { ...after('late'), ...AT_HOME, calls: 2 },
  'Redis emptied, two instances': { ...after('flush'), ...TWO_INSTANCES },
  'Redis emptied, a lock forced': { ...after('flush', 'force'), ...AT_HOME },
  'Redis emptied twice': { ...after('flush', 'flush'), waits: false, calls: 1 },
  'another server takes over, any instance': { ...after('takeover', 'cut'), ...TWO_INSTANCES },
}

/** Where each mistake shows. */
const SHOWN: Readonly<Record<LockMistake, Partial<LockSetup>>> = {
  'a held path is granted': {},
  'a release asks for no owner': {},
  'a late release ends what was asked for after it': { ...after('late'), waits: false },
  'a late release counts the calls of its own instance only': {
    ...after('late'),
    waits: false,
    instances: 2,
  },
  'renew re-creates': {},
  'a renewal asks for no owner': {},
  'a token is given twice': {},
  'tokens begin anew with each epoch': { ...after('flush'), waits: false },
  'barging past the queue': {},
  'a part of the paths is granted': { ...TWO_PATHS, calls: 1 },
  'verify does not look at the time': {},
  'force leaves the lease to its holder': after('force'),
  'a retry is a new request': { ...after('lost'), sets: [[0]], agents: 1, calls: 1 },
  'a silent waiter is waited for': {},
  'who tries again goes to the end of the queue': { agents: 3, calls: 1 },
  'cycles are not looked for': TWO_PATHS,
  'granted without the store': { ...after('cut'), waits: false },
  'granted while recovering': { ...after('flush'), waits: false },
  'extended while recovering': { ...after('flush'), ...TWO_INSTANCES, calls: 2 },
  'no recovery time': { ...after('flush'), waits: false },
  'told before it is noted': { ...after('flush'), waits: false },
  'noted though a later epoch has begun': { ...after('flush'), waits: false },
  'the recovery time is read before the number is taken': { ...after('flush'), waits: false },
  'put back after the recovery': { ...after('cut'), waits: false },
  'the earlier token is put back': { ...after('force', 'flush'), ...TWO_INSTANCES },
}

/** The first steps of a counterexample that is too far away to be found in a test run: the search begins after them. */
const BEGUN: Partial<Readonly<Record<LockMistake, readonly string[]>>> = {
  'extended while recovering': [
    'ann asks I1 to acquire p',
    'ann is granted p by the store',
    'ann is told that it holds p',
    'ann asks I2 to release p',
    'ann is done p by the store',
    'ann is told done',
    'ann asks I1 to acquire p',
    'bob asks I1 to acquire p',
    'bob is granted p by the store',
  ],
  'the earlier token is put back': [
    'ann asks I1 to acquire p',
    'ann is granted p by the store',
    'ann is told that it holds p',
    'ann asks I2 to release p',
    'ann is done p by the store',
    'bob asks I2 to acquire p',
    'bob is granted p by the store',
    'bob is told that it holds p',
  ],
}

export const lockSearches = modelsOf(SEARCHES)
export const deepLockSearches = modelsOf(DEEP_SEARCHES)

export const lockMistakes = Object.entries(SHOWN).map(([mistake, setup]) => ({
  mistake,
  model: lockModel({ ...PLAIN, ...setup, mistake: mistake as LockMistake }),
  begun: BEGUN[mistake as LockMistake] ?? [],
}))

function modelsOf(searches: Readonly<Record<string, Partial<LockSetup>>>) {
  return Object.entries(searches).map(([name, setup]) => ({ name, model: lockModel({ ...PLAIN, ...setup }) }))
}
