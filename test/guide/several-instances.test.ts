import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { GuideShell, guideSteps, readGuide } from '../support/guide-shell.ts'
import { PATIENT } from '../support/patience.ts'
import { PostgresServer } from '../support/postgres-server.ts'
import { redisBinary } from '../support/redis-binary.ts'
import { RedisServer } from '../support/redis-server.ts'

// The guides for several instances, run as they are written: each on a PostgreSQL and a Redis that are new.

let postgres: PostgresServer
let redis: RedisServer
let shell: GuideShell

beforeEach(async () => {
  postgres = await PostgresServer.start()
  redis = await RedisServer.start()
  await postgres.query('create role agent_memory login')
  await postgres.query('create database agent_memory owner agent_memory')
  shell = new GuideShell({
    project: 'shop',
    commands: { 'redis-cli': [join(dirname(redisBinary()), 'redis-cli'), '-p', String(redis.port)] },
    env: {
      ...PATIENT,
      // A lock, and the sign of life of a database, must outlive the commands that come after it.
      AGENT_MEMORY_REDIS_LOCK_TTL_MS: '3600000',
      AGENT_MEMORY_PG_PORT: String(postgres.port),
      AGENT_MEMORY_REDIS_PORT: String(redis.port),
    },
  })
})
afterEach(async () => {
  shell.close()
  await redis.close()
  await postgres.close()
})

/** No number that is another one in the next run. */
function steady(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]+){4}/g, 'ID')
    .replaceAll(/(?<!exit code |\d)\d+(\.\d+)?/g, 'N')
    .trim()
}

/** A command whose last word fails is shown with what it says. One that finds no server is not to wait for it. */
function run(command: string): string {
  const inTime = command.includes('_PORT=1 ') ? 'NODE_OPTIONS= ' : ''
  return shell.run(`${inTime}${command} || true`)
}

test.each([
  { name: 'redis-distributed.md', commands: 23 },
  { name: 'deployment-modes.md', commands: 10 },
  { name: 'multi-agent.md', commands: 7 },
])('$name shows what its commands print', ({ name, commands }) => {
  const steps = guideSteps(readGuide(name))
  expect(steps).toHaveLength(commands)
  for (const { command, output } of steps) {
    const printed = command.startsWith('export ') ? shell.run(command) : run(command)
    expect(`${command}\n${steady(printed)}`).toBe(`${command}\n${steady(output)}`)
  }
})
