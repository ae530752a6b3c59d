import type { Client } from 'pg'
import { isPooledClient } from '../connection/session.ts'

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 2_000
/** A pooler that gives each transaction another server process passes nothing on; it may be set up otherwise some day. */
const PROOF_MS = 3_000
const ANOTHER_PROOF_MS = 60_000

const SWALLOWED = 'The pooler before PostgreSQL does not pass on what LISTEN hears (transaction mode).'

interface FeedOptions {
  readonly channel: string
  /** News that carry it are this process' own. */
  readonly ownName: string
  /** Says something on that channel, over another connection. */
  readonly announce: (text: string) => Promise<void>
}

/**
 * Reports when another process has committed, by LISTEN on a connection of its own, which is made when a
 * waiter first asks and made again whenever it breaks. What is said meanwhile is lost: so a waiter also looks
 * by itself.
 */
export class CommitFeed {
  readonly #newClient: () => Client
  readonly #options: FeedOptions
  readonly #listeners = new Set<() => void>()
  #client: Client | undefined
  #timer: NodeJS.Timeout | undefined
  #pauseMs = FIRST_PAUSE_MS
  #isClosed = false
  #pollingReason: string | null = null

  constructor(newClient: () => Client, options: FeedOptions) {
    this.#newClient = newClient
    this.#options = options
  }

  get pollingReason(): string | null {
    return this.#pollingReason
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
      if (payload !== this.#options.ownName) this.#tell()
    })
    try {
      await client.connect()
      const isPooled = await isPooledClient(client)
      await client.query(`listen ${this.#options.channel}`)
      if (isPooled && !(await this.#isHeard(client))) return this.#giveUp(client)
    } catch {
      this.#again(client)
      return
    }
    if (this.#isClosed) await client.end().catch(() => {})
    this.#pauseMs = FIRST_PAUSE_MS
    this.#pollingReason = null
    // A commit may have been announced while no connection listened.
    this.#tell()
  }

  /** Whether what another connection says arrives here. */
  async #isHeard(client: Client): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const text = `${this.#options.ownName}?`
    const listener = ({ payload }: { payload?: string | undefined }) => payload === text && resolve(true)
    client.on('notification', listener)
    const timer = setTimeout(() => resolve(false), PROOF_MS).unref()
    await this.#options.announce(text)
    const isHeard = await promise
    clearTimeout(timer)
    client.off('notification', listener)
    return isHeard
  }

  /** A pooler's next client of this server process must not get our announcements. */
  async #giveUp(client: Client): Promise<void> {
    this.#pollingReason = SWALLOWED
    await client.query(`unlisten ${this.#options.channel}`).catch(() => {})
    this.#pauseMs = ANOTHER_PROOF_MS
    this.#again(client)
    this.#pauseMs = FIRST_PAUSE_MS
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
