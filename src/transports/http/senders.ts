import { randomBytes } from 'node:crypto'
import type { Config } from '../../config.ts'
import type { Caller } from '../../services/running/caller.ts'
import type { Identity } from './access.ts'

/** Who calls: the key's agent; else the settings' or, where nothing is said, one name for each connection. */
export class Senders {
  readonly #agentId: string | undefined
  readonly #byConnection = new WeakMap<object, string>()

  constructor({ agentId }: Pick<Config, 'agentId'>) {
    this.#agentId = agentId
  }

  callerOf(
    { agentId }: Identity,
    { connection, client }: { connection: object; client: string | undefined },
  ): Caller {
    // Nothing is guessed of where somebody works who comes over a network.
    if (agentId !== undefined) return { agentId, isAuthenticated: true, workspace: null }
    return { agentId: this.#agentId ?? `${shortName(client)}-${this.#mark(connection)}`, workspace: null }
  }

  #mark(connection: object): string {
    const mark = this.#byConnection.get(connection) ?? randomBytes(4).toString('hex')
    this.#byConnection.set(connection, mark)
    return mark
  }
}

/** The program in a User-Agent: what stands before the first slash or blank. */
function shortName(client = ''): string {
  return /^[\w.-]{1,64}/.exec(client)?.[0] ?? 'http'
}
