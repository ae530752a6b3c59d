import { statSync } from 'node:fs'
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
      const folders = roots.map(({ uri }) => folderOf(uri))
      return folders.find((folder) => folder !== undefined)
    } catch {
      // A client that does not answer, or names no path of this machine, is taken to work where the server
      // was started.
      return undefined
    }
  }
}

/** The folder of a root, if it is one here: a workspace may hold folders that are gone or of another machine before those. */
function folderOf(uri: string): string | undefined {
  if (!uri.startsWith('file://')) return undefined
  try {
    const path = pathOf(uri)
    return statSync(path).isDirectory() ? path : undefined
  } catch {
    return undefined
  }
}

/** Some clients put a path behind `file://` as it is, with a percent sign that encodes nothing. */
function pathOf(uri: string): string {
  try {
    return fileURLToPath(uri)
  } catch (error) {
    if (error instanceof URIError) return uri.slice('file://'.length)
    throw error
  }
}
