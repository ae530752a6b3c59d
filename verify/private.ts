import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PostgresServer } from '../test/support/postgres-server.ts'
import { RedisServer } from '../test/support/redis-server.ts'
import type { Deployment } from './deployment.ts'

/** Servers of the scripts' own, from the binaries on this machine: one PostgreSQL, and for each deployment an empty Redis. */
export class PrivateServers {
  readonly #postgres: PostgresServer
  #databases = 0

  private constructor(postgres: PostgresServer) {
    this.#postgres = postgres
  }

  static async start(): Promise<PrivateServers> {
    return new PrivateServers(await PostgresServer.start())
  }

  /** A deployment on an empty database and an empty Redis, with the guide's defaults. */
  async deploy(command: string): Promise<Deployment> {
    const database = `verify_${++this.#databases}`
    await this.#postgres.query(`create database ${database}`)
    const redis = await RedisServer.start()
    const home = mkdtempSync(join(tmpdir(), 'agent-memory-verify-home-'))
    return {
      command,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: home,
        AGENT_MEMORY_DB_TYPE: 'postgresql',
        AGENT_MEMORY_PG_URL: this.#postgres.url(database),
        AGENT_MEMORY_REDIS_ENABLED: 'true',
        AGENT_MEMORY_REDIS_HOST: '127.0.0.1',
        AGENT_MEMORY_REDIS_PORT: String(redis.port),
      },
      redisUrl: redis.url(),
      mayDestroy: true,
      power: { off: () => redis.stop(), on: () => redis.resume() },
      async close() {
        await redis.close()
        rmSync(home, { recursive: true, force: true })
      },
    }
  }

  close(): Promise<void> {
    return this.#postgres.close()
  }
}
