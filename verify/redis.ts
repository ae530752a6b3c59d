import { createClient, type RedisArgument } from '@redis/client'

/** The scripts' own look at Redis: nothing of the product stands between. */
export class Redis {
  readonly #client: ReturnType<typeof createClient>

  private constructor(url: string) {
    this.#client = createClient({ url, RESP: 2 })
    // It connects again by itself.
    this.#client.on('error', () => {})
  }

  static async connect(url: string): Promise<Redis> {
    const redis = new Redis(url)
    await redis.#client.connect()
    return redis
  }

  /** One command, as redis-cli takes it. The caller states what it answers. */
  async send<T = unknown>(...args: readonly (string | number)[]): Promise<T> {
    return (await this.#client.sendCommand(args.map(String) as RedisArgument[])) as T
  }

  /** Keys of that pattern, without holding up a large Redis. */
  async scan(pattern: string): Promise<string[]> {
    const found = new Set<string>()
    let cursor = '0'
    do {
      const [next, keys] = await this.send<[string, string[]]>(
        'SCAN',
        cursor,
        'MATCH',
        pattern,
        'COUNT',
        1_000,
      )
      for (const key of keys) found.add(key)
      cursor = next
    } while (cursor !== '0')
    return [...found].sort()
  }

  async subscribe(channel: string, listener: (message: string) => void): Promise<void> {
    await this.#client.subscribe(channel, listener)
  }

  close(): void {
    if (this.#client.isOpen) this.#client.destroy()
  }
}
