import { randomUUID } from 'node:crypto'
import { createClient, type RedisArgument } from '@redis/client'
import { inject } from 'vitest'

/** The server that tests share (see provide-redis.ts). Each test has a key prefix of its own. */
export function sharedRedisUrl(): string {
  return inject('redisUrl')
}

/** A client for looking at what the product does to Redis, and for meddling with it. */
export class RedisProbe {
  readonly #client: ReturnType<typeof createClient>

  private constructor(url: string) {
    this.#client = createClient({ url, RESP: 2 })
    this.#client.on('error', () => {})
  }

  static async connect(url = sharedRedisUrl()): Promise<RedisProbe> {
    const probe = new RedisProbe(url)
    await probe.#client.connect()
    return probe
  }

  /** One command, as redis-cli takes it. The caller states what it answers. */
  async send<T = unknown>(...args: readonly (string | number)[]): Promise<T> {
    return (await this.#client.sendCommand(args.map(String) as RedisArgument[])) as T
  }

  async keys(pattern: string): Promise<string[]> {
    return (await this.send<string[]>('KEYS', pattern)).sort()
  }

  async subscribe(channel: string, listener: (message: string) => void): Promise<void> {
    await this.#client.subscribe(channel, listener)
  }

  /** Hears of all commands, as `redis-cli monitor` does. */
  async monitor(listener: (line: string) => void): Promise<void> {
    await this.#client.MONITOR((line) => listener(String(line)))
  }

  close(): void {
    if (this.#client.isOpen) this.#client.destroy()
  }
}

export function newPrefix(): string {
  return `test:${randomUUID()}:`
}

/** Removes what a test wrote under its prefix. */
export async function removeKeys(prefix: string, url = sharedRedisUrl()): Promise<void> {
  const probe = await RedisProbe.connect(url)
  try {
    const keys = await probe.keys(`${prefix}*`)
    if (keys.length > 0) await probe.send('DEL', ...keys)
  } finally {
    probe.close()
  }
}
