import { ensure } from './claim.ts'
import type { Instance } from './instance.ts'

interface Place {
  readonly scope: string
  readonly agent_id: string
  /** Found by this word, which nothing else holds. */
  readonly word: string
}

export interface Reading {
  readonly number: number
  readonly servedFrom: string
}

/** A guideline whose text ends in a number: how old an answer is can be seen in it. */
export class Note {
  readonly id: string
  readonly #place: Place
  #number = 0

  private constructor(id: string, place: Place) {
    this.id = id
    this.#place = place
  }

  static async add(instance: Instance, place: Place): Promise<Note> {
    const { scope: scope_id, agent_id, word } = place
    const entry = { scope_type: 'project', scope_id, agent_id, name: word, content: `${word} 0` }
    const { id } = await instance.call<{ id: string }>('memory_guideline', { action: 'add', ...entry })
    return new Note(id, place)
  }

  /** Stores the next number, and answers it after the instance has answered. */
  async write(instance: Instance): Promise<number> {
    const { agent_id, word } = this.#place
    const number = ++this.#number
    const change = { id: this.id, content: `${word} ${number}` }
    await instance.call('memory_guideline', { action: 'update', agent_id, ...change })
    return number
  }

  async read(instance: Instance, consistency: 'eventual' | 'strong' = 'eventual'): Promise<Reading> {
    const { scope: scope_id, agent_id, word } = this.#place
    const query = { query: word, scope_type: 'project', scope_id, agent_id, consistency }
    const answer = await instance.call<{ results: { content: string }[]; served_from: string }>(
      'memory_query',
      {
        action: 'search',
        ...query,
      },
    )
    const content = answer.results[0]?.content
    ensure(content !== undefined, `${instance.name} does not find ${word}`)
    return { number: Number(content.split(' ')[1]), servedFrom: answer.served_from }
  }
}
