import { isLive, isSilent } from '../../domain/leases/lease.ts'
import type { QueuedRequest } from '../lease-store.ts'
import type { LeaseQueries, LeaseTables } from './lease-tables.ts'

interface Watcher {
  readonly request: QueuedRequest
  readonly wake: () => void
}

/**
 * Tells the waiters of this process when their turn may have come. Own commits say so themselves (`look`);
 * another process' commit is noticed by its change token, read every few milliseconds while there is a
 * waiter, and only then.
 */
export class LeaseWatch {
  readonly #tables: LeaseTables
  readonly #silentAfterMs: number
  readonly #watchers = new Set<Watcher>()
  #timer: NodeJS.Timeout | undefined
  #token: number | null = null
  #looking = false
  #again = false

  constructor(tables: LeaseTables, silentAfterMs: number) {
    this.#tables = tables
    this.#silentAfterMs = silentAfterMs
  }

  add(request: QueuedRequest, wake: () => void): () => void {
    const watcher = { request, wake }
    this.#watchers.add(watcher)
    if (!this.#timer) this.#poll()
    // What was released before it was watched would be missed.
    this.look()
    return () => {
      this.#watchers.delete(watcher)
      if (this.#watchers.size > 0) return
      clearTimeout(this.#timer)
      this.#timer = undefined
    }
  }

  /** Looks now whether a waiter's turn has come. */
  look(): void {
    if (this.#watchers.size === 0) return
    this.#again = true
    if (!this.#looking) void this.#lookWhileAsked()
  }

  #poll(): void {
    this.#timer = setTimeout(() => {
      this.#poll()
      const token = this.#tables.changeToken()
      if (token !== null && token === this.#token) return
      this.#token = token
      this.look()
    }, this.#tables.pollMs)
  }

  async #lookWhileAsked(): Promise<void> {
    this.#looking = true
    while (this.#again) {
      this.#again = false
      await this.#lookOnce()
    }
    this.#looking = false
  }

  async #lookOnce(): Promise<void> {
    const watchers = [...this.#watchers]
    const woken = await this.#tables
      .read((queries) => this.#whoseTurn(queries, watchers))
      // They try for themselves then, and meet the same trouble as an answer.
      .catch(() => watchers)
    for (const { wake } of woken) wake()
  }

  async #whoseTurn(queries: LeaseQueries, watchers: readonly Watcher[]): Promise<Watcher[]> {
    const now = await queries.now()
    const paths = [...new Set(watchers.flatMap(({ request }) => request.paths))]
    const leases = await queries.findLeases(paths)
    const waiters = await queries.listWaiters()
    const live = leases.filter((lease) => isLive(lease, now))
    const queue = waiters.filter((waiter) => !isSilent(waiter, now, this.#silentAfterMs))
    return watchers.filter(({ request }) => {
      const isHeld = live.some(
        (lease) => lease.agentId !== request.agentId && request.paths.includes(lease.path),
      )
      const ticket =
        waiters.find((waiter) => waiter.requestToken === request.requestToken)?.ticket ?? Infinity
      const isBehind = queue.some(
        (waiter) =>
          waiter.agentId !== request.agentId && waiter.ticket < ticket && request.paths.includes(waiter.path),
      )
      return !isHeld && !isBehind
    })
  }
}
