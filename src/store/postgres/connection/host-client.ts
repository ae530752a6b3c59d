import { Socket } from 'node:net'
import { Client, type ClientConfig } from 'pg'
import { type PostgresEndpoint, type PostgresSettings, targetOf } from './address.ts'
import { passwordFor } from './password-file.ts'

/** The servers that an address names, one of which is in use. */
export class Endpoints {
  readonly #all: readonly PostgresEndpoint[]
  #at = 0

  constructor(settings: PostgresSettings) {
    this.#all = targetOf(settings).endpoints
  }

  get count(): number {
    return this.#all.length
  }

  get current(): PostgresEndpoint {
    const endpoint = this.#all[this.#at]
    if (!endpoint) throw new Error('an address names at least one server')
    return endpoint
  }

  /** That one is of no use now: the next connection tries the one behind it. */
  skip(endpoint: PostgresEndpoint): void {
    if (endpoint === this.current) this.#at = (this.#at + 1) % this.#all.length
  }
}

/** Clients of the server in use. Pools and feeds make them. */
export function clientClass(settings: PostgresSettings, endpoints: Endpoints) {
  return class HostClient extends Client {
    readonly endpoint: PostgresEndpoint

    constructor(config?: ClientConfig) {
      const endpoint = endpoints.current
      const socket = new Socket()
      super({
        ...config,
        ...endpoint,
        stream: () => socket,
        password: async () => passwordOrEnd(settings, endpoint, socket),
      })
      this.endpoint = endpoint
      let isMade = false
      this.once('connect', () => {
        isMade = true
      })
      this.once('end', () => {
        if (!isMade) endpoints.skip(endpoint)
      })
    }
  }
}

/** The driver would leave the connection open, waiting for a password, and the process alive with it. */
function passwordOrEnd(settings: PostgresSettings, endpoint: PostgresEndpoint, socket: Socket): string {
  try {
    return passwordFor(settings, endpoint)
  } catch (error) {
    socket.destroy()
    throw error
  }
}
