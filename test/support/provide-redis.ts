import type { TestProject } from 'vitest/node'
import { RedisServer } from './redis-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    redisUrl: string
  }
}

/** Once for a run: the server that tests share, TEST_REDIS_URL or a private one. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_REDIS_URL']
  if (given) {
    project.provide('redisUrl', given)
    return async () => {}
  }
  const server = await RedisServer.start()
  project.provide('redisUrl', server.url())
  return () => server.close()
}
