import type { Model } from '../checker.ts'
import { agentSteps } from './calls.ts'
import { keyOf } from './key.ts'
import { initialState, type LockSetup } from './setup.ts'
import type { State } from './state.ts'
import { faults, instanceSteps, lateRelease, tick, verifies } from './world.ts'

/** The lock protocol as the code has it, or with one mistake planted. */
export function lockModel(setup: LockSetup): Model<State> {
  return {
    name: 'lock model',
    initial: initialState(setup),
    key: keyOf,
    steps(state, emit) {
      const world = { setup, state, emit }
      agentSteps(world)
      instanceSteps(world)
      tick(world)
      faults(world)
      verifies(world)
      lateRelease(world)
    },
  }
}
