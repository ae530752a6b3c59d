import { randomBytes } from 'node:crypto'
import type { Config } from '../../../config.ts'
import type { Caller } from '../../../services/running/caller.ts'
import type { Identity } from './access.ts'

/**
 * The calling agent: the key's; else that of the settings or, without one, a name of its own for each
 * connection.
 */
export class Senders {
  readonly #agentId: string | undefined
  readonly #byConnection = new WeakMap<object, string>()

  constructor({ agentId }: Pick<Config, 'agentId'>) {
    this.#agentId = agentId
  }

  callerOf(
    { agentId, isAdministrator }: Identity,
    { connection, client }: { connection: object; client: string | undefined },
  ): Caller {
    // The project of a caller from the network is unknown, and not guessed.
    if (agentId !== undefined)
      return { agentId, isAuthenticated: true, ...(isAdministrator && { isAdministrator }), workspace: null }
    const own = this.#agentId ?? `${shortName(client)}-${this.#mark(connection)}`
    return { agentId: own, isAuthenticated: false, workspace: null }
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
