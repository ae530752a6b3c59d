import type { Model } from '../checker.ts'
import { hear } from './events.ts'
import { connectionSteps, redisFaults } from './faults.ts'
import { keyOf, symmetricKeyOf } from './key.ts'
import { readSteps } from './reads.ts'
import { relaySteps } from './relay.ts'
import { type CacheSetup, initialState } from './setup.ts'
import type { State } from './state.ts'
import { seconds } from './time.ts'
import { writeSteps } from './writes.ts'

/** The cache protocol as the code has it, or with one mistake planted. */
export function cacheModel(setup: CacheSetup): Model<State> {
  return {
    name: 'cache model',
    initial: initialState(setup),
    key: isSymmetric(setup) ? symmetricKeyOf : keyOf,
    steps(state, emit) {
      state.instances.forEach((self, at) => {
        const turn = { setup, state, at, self, emit }
        readSteps(turn)
        writeSteps(turn)
        relaySteps(turn)
        for (const seq of self.inbox) hear(turn, seq)
        connectionSteps(turn)
      })
      redisFaults({ setup, state, emit })
      if (setup.hasTime) seconds({ setup, state, emit })
    },
  }
}

function isSymmetric({ reads, writers }: CacheSetup): boolean {
  const isAlike = (at: number) => reads[at] === reads[0] && writers.includes(at) === writers.includes(0)
  return reads.every((_, at) => isAlike(at))
}
