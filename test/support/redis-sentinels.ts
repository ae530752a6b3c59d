import { RedisServer } from './redis-server.ts'
import { until } from './until.ts'

export const MASTER_NAME = 'memory'

export interface SentinelOptions {
  readonly replicas?: number
  readonly sentinels?: number
  /** Servers and sentinels ask for it. */
  readonly password?: string
}

/** What a sentinel takes for the end of a server: no silence of a busy machine, or any. */
const [NEVER_MS, SOON_MS] = [600_000, 500]

/** A master with replicas, and sentinels that take no silence for its end but in `untilReplaced`. */
export class RedisSentinels {
  readonly servers: readonly RedisServer[]
  readonly sentinels: readonly RedisServer[]

  private constructor(servers: readonly RedisServer[], sentinels: readonly RedisServer[]) {
    this.servers = servers
    this.sentinels = sentinels
  }

  static async start(options: SentinelOptions = {}): Promise<RedisSentinels> {
    const { replicas = 2, sentinels: count = 3, password } = options
    const auth = password === undefined ? [] : [`requirepass ${password}`]
    const login = password === undefined ? {} : { login: `:${password}` }
    const masterAuth = password === undefined ? [] : [`masterauth ${password}`]
    const base = [...auth, ...masterAuth, 'repl-diskless-sync-delay 0', 'repl-ping-replica-period 1']
    const master = await RedisServer.start({ ...login, config: base })
    const replicaOf = [...base, `replicaof 127.0.0.1 ${master.port}`]
    const watch = [
      ...auth,
      `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${master.port} ${Math.floor(count / 2) + 1}`,
      `sentinel down-after-milliseconds ${MASTER_NAME} ${NEVER_MS}`,
      `sentinel failover-timeout ${MASTER_NAME} 3000`,
      ...(password === undefined ? [] : [`sentinel auth-pass ${MASTER_NAME} ${password}`]),
    ]
    const servers = await startAll(replicas, { ...login, config: replicaOf })
    const sentinels = await startAll(count, { ...login, config: watch, isSentinel: true })
    const all = new RedisSentinels([master, ...servers], sentinels)
    await all.#untilComplete()
    return all
  }

  /** As AGENT_MEMORY_REDIS_SENTINELS takes them. */
  get addresses(): string {
    return this.sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')
  }

  /** The server that the sentinels name now. */
  async master(): Promise<RedisServer> {
    const [, port] = (await this.sentinels[0]?.send<[string, string]>(
      ...['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', MASTER_NAME],
    )) ?? ['', '']
    const found = this.servers.find((server) => server.port === Number(port))
    if (!found) throw new Error(`the sentinels name a strange master: ${port}`)
    return found
  }

  /** The sentinels notice that this master is silent, and name another. */
  async untilReplaced(old: RedisServer): Promise<void> {
    await this.#takeForEnd(SOON_MS)
    await until('the sentinels name another master', async () => (await this.master()).port !== old.port)
    await this.#takeForEnd(NEVER_MS)
  }

  /** The sentinels put the master down in favour of another. */
  async failOver(): Promise<void> {
    const [first] = this.sentinels
    await until('a replica may take its place', () =>
      first?.send('SENTINEL', 'FAILOVER', MASTER_NAME).then(
        () => true,
        (error: Error) => {
          if (!error.message.startsWith('NOGOODSLAVE')) throw error
        },
      ),
    )
  }

  async #takeForEnd(silenceMs: number): Promise<void> {
    for (const sentinel of this.sentinels)
      await sentinel.send('SENTINEL', 'SET', MASTER_NAME, 'down-after-milliseconds', silenceMs)
  }

  async close(): Promise<void> {
    for (const server of [...this.sentinels, ...this.servers]) await server.close()
  }

  /** Sentinels find each other, and the replicas, after a while; before that nothing fails over. */
  async #untilComplete(): Promise<void> {
    for (const sentinel of this.sentinels) {
      const probe = await sentinel.probe()
      await until('the sentinel knows the others', async () => {
        const fields = await probe.send<string[]>('SENTINEL', 'MASTER', MASTER_NAME)
        const field = (name: string) => Number(fields[fields.indexOf(name) + 1])
        const isComplete = field('num-slaves') === this.servers.length - 1
        return isComplete && field('num-other-sentinels') === this.sentinels.length - 1
      })
      probe.close()
    }
  }
}

function startAll(count: number, options: Parameters<typeof RedisServer.start>[0]): Promise<RedisServer[]> {
  return Promise.all(Array.from({ length: count }, () => RedisServer.start(options)))
}
