import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { testDatabase } from './database.ts'
import { removeKeys } from './redis.ts'

/** The server over which every App of the whole suite runs when this is set (see on-redis.ts); else there is none. */
const url = process.env['AGENT_MEMORY_TEST_REDIS_URL']

const LONG_MS = 120_000

/** True when what another instance wrote is seen after the delivery of a message, not at once. */
export const testsRunOnRedis = url !== undefined

/** For Apps on that server: it is there, however slowly it answers. */
export const testPatience = url === undefined ? {} : { answerMs: LONG_MS }

/** Where locks and the news of events are, as health names it. */
export const testBackend = testsRunOnRedis ? 'redis' : testDatabase

/** What another instance wrote, or a change of locks: at once on the database alone, soon over Redis. */
export async function expectNews<T>(read: () => Promise<T>, expected: T): Promise<void> {
  if (testsRunOnRedis) await expect.poll(read, { interval: 2 }).toEqual(expected)
  else expect(await read()).toEqual(expected)
}

/** The settings that put all Apps of this data folder on that server, under a prefix of their own. */
export function redisEnv(dataDir: string): Record<string, string> {
  if (url === undefined) return {}
  return {
    AGENT_MEMORY_REDIS_ENABLED: 'true',
    AGENT_MEMORY_REDIS_URL: url,
    AGENT_MEMORY_REDIS_KEY_PREFIX: prefixOf(dataDir),
    // It is there: a start waits for it, as long as that takes.
    AGENT_MEMORY_REDIS_REQUIRED: 'true',
    AGENT_MEMORY_REDIS_CONNECT_TIMEOUT_MS: String(LONG_MS),
  }
}

export async function removeRedisKeys(dataDir: string): Promise<void> {
  if (url !== undefined) await removeKeys(prefixOf(dataDir), url)
}

function prefixOf(folder: string): string {
  return `test:${createHash('sha256').update(folder).digest('hex').slice(0, 16)}:`
}
