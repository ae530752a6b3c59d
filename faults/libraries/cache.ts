import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis'
import { Redis } from 'ioredis'

type Load<T> = () => Promise<T>

/**
 * Answers kept by a two-level cache library as its guide shows: memory, Redis, and its bus between the
 * instances, which tries lost messages again; the writer deletes the answer after the commit.
 */
export class LibraryCache {
  readonly #client: Redis
  readonly #cache: ReturnType<typeof openStores>

  constructor(address: { host: string; port: number }) {
    this.#client = new Redis({ ...address, commandTimeout: 1_000, maxRetriesPerRequest: 1 })
    this.#client.on('error', () => {})
    this.#cache = openStores(this.#client, address)
  }

  /** The answer, and whether it had to be loaded. */
  async get<T>(key: string, load: Load<T>): Promise<{ value: T; isLoaded: boolean }> {
    let isLoaded = false
    const factory = async () => {
      isLoaded = true
      return load()
    }
    return { value: await this.#cache.getOrSet({ key, factory, ttl: '10m' }), isLoaded }
  }

  /** Must not fail the write that it follows. */
  async forget(key: string): Promise<void> {
    await this.#cache.delete({ key }).catch(() => {})
  }

  async close(): Promise<void> {
    await this.#cache.disconnectAll().catch(() => {})
    this.#client.disconnect()
  }
}

function openStores(connection: Redis, address: { host: string; port: number }) {
  return new BentoCache({
    default: 'both',
    stores: {
      both: bentostore()
        .useL1Layer(memoryDriver({ maxSize: '64mb' }))
        .useL2Layer(redisDriver({ connection }))
        .useBus(redisBusDriver({ connection: address, retryQueue: { enabled: true } })),
    },
  })
}
