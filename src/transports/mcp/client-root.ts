import { fileURLToPath } from 'node:url'
import type { Server } from '@modelcontextprotocol/server'

const ANSWER_MS = 2_000

/** The folder that a client works in, where it says so: many clients start their servers somewhere else. */
export class ClientRoot {
  readonly #server: Server
  #found: Promise<string | undefined> | undefined

  constructor(server: Server) {
    this.#server = server
    server.setNotificationHandler('notifications/roots/list_changed', () => {
      this.#found = undefined
    })
  }

  /** Asked once, and again after the client has said that its roots have changed. */
  find(): Promise<string | undefined> {
    if (!this.#server.getClientCapabilities()?.roots) return Promise.resolve(undefined)
    this.#found ??= this.#ask()
    return this.#found
  }

  async #ask(): Promise<string | undefined> {
    try {
      const { roots } = await this.#server.listRoots(undefined, { timeout: ANSWER_MS })
      const uri = roots.find((root) => root.uri.startsWith('file://'))?.uri
      return uri === undefined ? undefined : fileURLToPath(uri)
    } catch {
      // A client that does not answer, or names no path of this machine, is taken to work where the server
      // was started.
      return undefined
    }
  }
}
