import type { Random } from '../faults/random.ts'
import type { Tally } from './tally.ts'

/** What every kind of attack works with. */
export interface Attack {
  readonly tally: Tally
  readonly random: Random
  /** How many messages, kills or rounds. */
  readonly count: number
  /** An empty folder for all that it needs. */
  readonly folder: string
  /** False when the time that was given is over. */
  readonly hasTime: () => boolean
}
