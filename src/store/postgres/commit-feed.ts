import type { Client } from 'pg'

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 2_000

/**
 * Tells when another process has committed, by LISTEN on a connection of its own, which is made when somebody first
 * asks and made again whenever it breaks. What is said meanwhile is lost: who waits also looks by itself.
 */
export class CommitFeed {
  readonly #newClient: () => Client
  readonly #channel: string
  readonly #ownName: string
  readonly #listeners = new Set<() => void>()
  #client: Client | undefined
  #timer: NodeJS.Timeout | undefined
  #pauseMs = FIRST_PAUSE_MS
  #isClosed = false

  /** News that carry `ownName` are this process' own. */
  constructor(newClient: () => Client, { channel, ownName }: { channel: string; ownName: string }) {
    this.#newClient = newClient
    this.#channel = channel
    this.#ownName = ownName
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener)
    if (!this.#client && !this.#timer) void this.#connect()
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#client?.end().catch(() => {})
  }

  async #connect(): Promise<void> {
    this.#timer = undefined
    const client = this.#newClient()
    this.#client = client
    client.on('error', () => this.#again(client))
    client.on('end', () => this.#again(client))
    client.on('notification', ({ payload }) => {
      if (payload !== this.#ownName) this.#tell()
    })
    try {
      await client.connect()
      await client.query(`listen ${this.#channel}`)
    } catch {
      this.#again(client)
      return
    }
    if (this.#isClosed) await client.end().catch(() => {})
    this.#pauseMs = FIRST_PAUSE_MS
    // Something may have been said while nobody listened.
    this.#tell()
  }

  #again(client: Client): void {
    if (client !== this.#client) return
    this.#client = undefined
    client.end().catch(() => {})
    if (this.#isClosed) return
    this.#timer = setTimeout(() => void this.#connect(), this.#pauseMs * (0.5 + Math.random())).unref()
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
