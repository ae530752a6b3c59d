import { describe } from 'vitest'
import { readVersions } from '../../../src/store/change-log.ts'
import {
  type CacheHandle,
  type CacheHandles,
  type CacheOptions,
  cacheContract,
} from '../../contract/cache.ts'
import { openRedisWorld, type RedisInstance } from './world.ts'

function handle({ redis, database }: RedisInstance): CacheHandle {
  return {
    cache: redis.cache,
    write: async (key, value) => {
      await database.write(async ({ db, record }) => {
        await db
          .insertInto('counter')
          .values({ name: key, value })
          .onConflict((c) => c.column('name').doUpdateSet({ value }))
          .execute()
        record({
          type: 'vote.recorded',
          scope: { type: 'global', id: 'global' },
          scopeKeys: [key],
          agentId: 'test',
        })
      })
    },
    read: (keys) =>
      database.snapshot(async (db) => {
        const rows = await db.selectFrom('counter').selectAll().where('name', 'in', keys).execute()
        return {
          values: Object.fromEntries(rows.map((row) => [row.name, row.value])),
          stamp: await readVersions(db, keys),
        }
      }),
  }
}

async function openTwo({ maxBytes, clock }: CacheOptions): Promise<CacheHandles> {
  const world = await openRedisWorld({ cacheMaxBytes: maxBytes, clock })
  return { a: handle(world.a), b: handle(world.b), close: world.close }
}

describe('the contract of caches, on Redis', () => {
  cacheContract(openTwo, { hasSharedLevel: true })
})
