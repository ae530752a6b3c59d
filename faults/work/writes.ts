import { setTimeout as sleep } from 'node:timers/promises'
import type { HistoryWriter } from '../history.ts'
import type { Random } from '../random.ts'
import type { Call } from './calls.ts'
import type { SharedEntry } from './settings.ts'
import type { Tally } from './tally.ts'

export interface WriteParts {
  readonly call: Call
  readonly history: HistoryWriter
  readonly random: Random
  readonly tally: Tally
  readonly entries: readonly SharedEntry[]
  readonly by: string
}

/** Changes entries. All instances do it in one name, so that no change counts as a clash of agents. */
export class Writes {
  readonly #parts: WriteParts
  #count = 0

  constructor(parts: WriteParts) {
    this.#parts = parts
  }

  async round(perSecond: number): Promise<void> {
    const { call, history, random, tally, entries, by } = this.#parts
    await sleep(random.between(0, 2_000 / perSecond))
    const { id, word } = random.pick(entries)
    const content = `${word} as ${by} has it for the ${++this.#count}. time`
    const answer = await call<{ version: number }>('writer', 'memory_knowledge update', { id, content })
    if ('error' in answer) {
      history.add({ op: 'failed', what: 'write', ...answer })
      return
    }
    history.add({ op: 'wrote', entry: id, version: answer.result.version, sent: answer.sent })
    tally.add('writes')
  }
}
