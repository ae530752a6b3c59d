import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Server } from '@modelcontextprotocol/server'
import { z } from 'zod'

const ANSWER_MS = 2_000

/**
 * Looser than the protocol's own schema, which refuses the whole list for one root that is no `file://` (of a remote
 * workspace) or whose name is null: the project was then the folder that the server stands in.
 */
const namedRoots = z.looseObject({ roots: z.array(z.unknown()) })
const fileRoot = z.looseObject({ uri: z.string() })

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
      const asked = { method: 'roots/list' } as const
      const { roots } = await this.#server.request(asked, namedRoots, { timeout: ANSWER_MS })
      return roots.map(folderOf).find((folder) => folder !== undefined)
    } catch {
      // A client that does not answer, or names no path of this machine, is taken to work where the server
      // was started.
      return undefined
    }
  }
}

/** The folder of a root, if it is one here: a workspace may hold folders that are gone or of another machine before those. */
function folderOf(root: unknown): string | undefined {
  const { uri = '' } = fileRoot.safeParse(root).data ?? {}
  if (!/^file:\//i.test(uri)) return undefined
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
