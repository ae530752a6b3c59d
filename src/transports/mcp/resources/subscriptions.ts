import { ResourceNotFoundError, type Server } from '@modelcontextprotocol/server'
import { AppError } from '../../../domain/errors.ts'
import type { Instance } from '../../../operations/instance.ts'
import type { Delivery, Unsubscribe } from '../../../services/events.ts'
import { protocolError } from '../errors.ts'
import type { McpRequest } from '../request.ts'
import type { Calls } from '../tools/calls.ts'
import { isAffected, isListAffected, type ReachOf } from './affected.ts'
import { type NamedResource, parseResourceUri } from './resource-uri.ts'
import { Resources } from './resources.ts'

/** Names one subscription of a connection: the id of a listening request, or the URI. */
export type SubscriptionKey = string | number

interface Wish {
  readonly uris: readonly string[]
  /** True where the client is notified when resources come or go. */
  readonly isListWatched: boolean
}

interface Subscription extends Wish {
  readonly resources: ReadonlyMap<string, NamedResource>
  /** The request that subscribed: it determines the current project, and what the client may see. */
  readonly request: McpRequest
}

/** Where notifications are sent. */
export type Told = Pick<Server, 'sendResourceListChanged' | 'sendResourceUpdated'>

interface SubscriptionParts {
  readonly app: Instance
  readonly calls: Calls
  /** Resolves when the client has taken what was sent to it. */
  readonly flushed: () => Promise<void>
}

/** URIs of one connection. */
const MOST = 1_000
/** A person or an agent reads what has changed: looking more often would only keep an idle machine awake. */
const PATIENCE_MS = 100

/**
 * What one connection subscribes to, and its notifications. The database's log is its queue: while the client
 * does not read, nothing is sent, and one that has fallen too far behind is notified that everything has
 * changed.
 */
export class Subscriptions {
  readonly #parts: SubscriptionParts
  readonly #resources: Resources
  readonly #open = new Map<SubscriptionKey, Subscription>()
  #following: Promise<Unsubscribe> | undefined
  #server: Told | undefined

  constructor(parts: SubscriptionParts) {
    this.#parts = parts
    this.#resources = new Resources(parts.calls)
  }

  /** Where to tell. The one that was made last serves the connection. */
  tellOver(server: Told): void {
    this.#server = server
  }

  /** From now on, unless it was closed meanwhile: then the answer is false. What cannot be read cannot be subscribed to. */
  async open(key: SubscriptionKey, wish: Wish, request: McpRequest): Promise<boolean> {
    this.#refuseTooMany(key, wish)
    const resources = new Map(wish.uris.map((uri) => [uri, named(uri)]))
    const subscription = { ...wish, resources, request }
    this.#open.set(key, subscription)
    try {
      await this.#follow()
      for (const uri of resources.keys()) await this.#resources.read(uri, request)
      return this.#open.get(key) === subscription
    } catch (error) {
      if (this.#open.get(key) === subscription) this.close(key)
      throw protocolError(error)
    }
  }

  close(key: SubscriptionKey): void {
    this.#open.delete(key)
    if (this.#open.size === 0) this.#unfollow()
  }

  closeAll(): void {
    this.#open.clear()
    this.#unfollow()
  }

  #refuseTooMany(key: SubscriptionKey, wish: Wish): void {
    const others = [...this.#open].filter(([other]) => other !== key).map(([, subscription]) => subscription)
    const count = [...others, wish].reduce((sum, { uris }) => sum + uris.length, 0)
    if (count <= MOST) return
    throw protocolError(
      new AppError(
        'TOO_LARGE',
        `A connection may subscribe to ${MOST} resources, and these would be ${count}.`,
        {
          suggestion:
            'Unsubscribe from some, or subscribe to memory://context: it changes with every memory in reach.',
        },
      ),
    )
  }

  async #follow(): Promise<void> {
    const { events } = this.#parts.app.services
    this.#following ??= events.subscribe((delivery) => this.#tell(delivery), { patienceMs: PATIENCE_MS })
    await this.#following
  }

  #unfollow(): void {
    this.#following?.then((unsubscribe) => unsubscribe()).catch(() => {})
    this.#following = undefined
  }

  async #tell(delivery: Delivery): Promise<void> {
    const uris = new Set<string>()
    let isListAnother = false
    for (const { resources, isListWatched, request } of this.#open.values()) {
      const seen = { ...delivery, events: await this.#parts.calls.seen(request, delivery.events) }
      const reachOf = this.#reachFor(request)
      for (const [uri, resource] of resources) {
        if (!uris.has(uri) && (await isAffected(resource, seen, reachOf))) uris.add(uri)
      }
      isListAnother ||= isListWatched && (await isListAffected(seen, reachOf))
    }
    if (uris.size === 0 && !isListAnother) return
    await this.#send([...uris], isListAnother).catch(() => {})
    await this.#parts.flushed()
  }

  async #send(uris: readonly string[], isListAnother: boolean): Promise<void> {
    if (isListAnother) await this.#server?.sendResourceListChanged()
    for (const uri of uris) await this.#server?.sendResourceUpdated({ uri })
  }

  /** Asks for each scope once. A deleted scope's subscribers still get the notification of its deletion. */
  #reachFor(request: McpRequest): ReachOf {
    const { scopes } = this.#parts.app.services
    const find = async (scopeId?: string) => {
      const caller = await this.#parts.calls.callerOf(request)
      const chain = await scopes
        .chainForRead(caller, { scope_id: scopeId })
        .catch(() => (scopeId === undefined ? [] : [{ id: scopeId }]))
      return new Set(chain.map(({ id }) => id))
    }
    const known = new Map<string | undefined, Promise<ReadonlySet<string>>>()
    return (scopeId) => {
      const reach = known.get(scopeId) ?? find(scopeId)
      known.set(scopeId, reach)
      return reach
    }
  }
}

function named(uri: string): NamedResource {
  const resource = parseResourceUri(uri)
  if (!resource) throw new ResourceNotFoundError(uri)
  return resource
}
