import type { RedisAddress, RedisSettings } from './address.ts'
import { createNodeClient, type RawClient, type RedisNode } from './client.ts'
import type { RedisLink } from './link.ts'
import { type Locator, MasterLocator, slotLocator } from './locate.ts'
import { locatedClient } from './located-client.ts'

/** How the connections of one link are made, and where the last one went. */
export interface Connector {
  readonly createClient: () => RawClient
  readonly node: () => RedisNode | undefined
}

const LOOK_EVERY_MS = 500

/**
 * Connections to the one server that has our keys now. In Sentinel and Cluster that may be another one each time: so every
 * change of servers is a new connection, with its handshake, and never happens unseen beneath one.
 */
export class RedisServers {
  readonly #settings: RedisSettings
  readonly #address: RedisAddress
  /** None where there is only one server. */
  readonly #locator: Locator | undefined
  #shown: RedisNode
  #watch: NodeJS.Timeout | undefined

  constructor(settings: RedisSettings, address: RedisAddress, anyKey: string) {
    this.#settings = settings
    this.#address = address
    this.#locator = {
      standalone: () => undefined,
      sentinel: () => new MasterLocator(settings, address),
      cluster: () => slotLocator(settings, address, anyKey),
    }[address.mode]()
    // Until the sentinels have named a server, the one shown is the address that we ask.
    this.#shown = settings.sentinels[0] ?? { host: address.host, port: address.port }
  }

  /** The server that was found last, for health. */
  get shown(): RedisNode {
    return this.#shown
  }

  connector(): Connector {
    const options = { settings: this.#settings, address: this.#address }
    const locator = this.#locator
    if (!locator)
      return { createClient: () => createNodeClient(this.#address, options), node: () => undefined }
    let node: RedisNode | undefined
    const locate = async () => {
      node = await locator.find()
      this.#shown = node
      return node
    }
    const mustBeMaster = this.#address.mode === 'sentinel'
    return { createClient: () => locatedClient({ locate, options, mustBeMaster }), node: () => node }
  }

  /**
   * Lets links leave a server as soon as the sentinels name another one. The one before may live on for ten seconds and
   * more, take writes and know nothing of it; nodes of a cluster say so themselves.
   */
  watch(links: readonly (readonly [RedisLink, Connector])[]): void {
    const locator = this.#locator
    if (!(locator instanceof MasterLocator)) return
    let isLooking = false
    const look = async () => {
      if (isLooking) return
      isLooking = true
      // While no sentinel answers, the master that we have is the best we know.
      const master = await locator.find().catch(() => undefined)
      for (const [link, { node }] of master ? links : [])
        if (link.status().connected && !isSame(node(), master))
          link.renew(new Error('another server is master now'))
      isLooking = false
    }
    this.#watch = setInterval(() => void look(), LOOK_EVERY_MS).unref()
  }

  close(): void {
    clearInterval(this.#watch)
    this.#locator?.close()
  }
}

function isSame(one: RedisNode | undefined, other: RedisNode | undefined): boolean {
  return one?.host === other?.host && one?.port === other?.port
}
