import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { PostgresServer } from '../test/support/postgres-server.ts'
import { RedisServer } from '../test/support/redis-server.ts'
import { openClient, type TestClient } from './mcp-client.ts'
import { median, percentile } from './measure.ts'

/** How soon `memory_event wait` on one server answers when a client of another one writes, in milliseconds. */
export interface EventFigures {
  readonly name: string
  /** From sending the write to its own answer. */
  readonly written: number
  /** From sending the write to the answer of the wait. */
  readonly woken: number
  readonly woken99: number
  readonly wokenMax: number
}

type Env = Readonly<Record<string, string>>

const ROUNDS = 1_000
/** So that the wait is listening, and writes don't fall into step with a poll. */
const SETTLE_MS = 5
const STEP_MS = 20

/** Two real servers and two real clients, on each kind of deployment. */
export async function measureEvents(): Promise<EventFigures[]> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-bench-'))
  const postgres = await PostgresServer.start()
  const redis = await RedisServer.start()
  const onRedis = { AGENT_MEMORY_REDIS_ENABLED: 'true', AGENT_MEMORY_REDIS_URL: redis.url() }
  const onPostgres = async (name: string) => {
    await postgres.query(`create database ${name}`)
    return { AGENT_MEMORY_DB_TYPE: 'postgresql', AGENT_MEMORY_PG_URL: postgres.url(name) }
  }
  const deployments: Readonly<Record<string, Env>> = {
    'one SQLite file': { AGENT_MEMORY_DB_PATH: join(folder, 'alone.db') },
    'one SQLite file and Redis': { AGENT_MEMORY_DB_PATH: join(folder, 'shared.db'), ...onRedis },
    PostgreSQL: await onPostgres('alone'),
    'PostgreSQL and Redis': {
      ...(await onPostgres('shared')),
      ...onRedis,
      AGENT_MEMORY_REDIS_KEY_PREFIX: 'shared:',
    },
  }
  try {
    const figures: EventFigures[] = []
    for (const [name, env] of Object.entries(deployments))
      figures.push({ name, ...(await measureOne({ AGENT_MEMORY_DATA_DIR: folder, ...env })) })
    return figures
  } finally {
    await redis.close()
    await postgres.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureOne(env: Env): Promise<Omit<EventFigures, 'name'>> {
  const writer = await openClient(env, 'writer')
  const waiter = await openClient(env, 'waiter')
  try {
    const written: number[] = []
    const woken: number[] = []
    let since = 0
    for (let round = 0; round < ROUNDS; round++) {
      const waiting = waiter.call('memory_event', { action: 'wait', since, types: ['vote.recorded'] })
      await waiter.ping()
      await pause(SETTLE_MS + Math.random() * STEP_MS)
      const started = performance.now()
      const sinceStart = () => performance.now() - started
      const [writtenMs, wokenMs, page] = await Promise.all([
        vote(writer, round).then(sinceStart),
        waiting.then(sinceStart),
        waiting,
      ])
      written.push(writtenMs)
      woken.push(wokenMs)
      since = Number(page['last_seq'])
    }
    return {
      written: median(written),
      woken: median(woken),
      woken99: percentile(woken, 0.99),
      wokenMax: Math.max(...woken),
    }
  } finally {
    await writer.close()
    await waiter.close()
  }
}

function vote(client: TestClient, round: number): Promise<unknown> {
  return client.call('memory_voting', { action: 'record_vote', task_id: 'bench', vote_value: round })
}
