import { expect, test } from 'vitest'
import { RedisProbe } from '../../support/redis.ts'
import { openRedisWorld } from './world.ts'

test('versions whose events were forgotten before anybody told them reach Redis all the same', async () => {
  const world = await openRedisWorld()
  const probe = await RedisProbe.connect()
  const change = (key: string) =>
    world.a.database.write(async ({ record }) =>
      record({
        type: 'vote.recorded',
        scope: { type: 'global', id: 'global' },
        scopeKeys: [key],
        agentId: 'test',
      }),
    )
  try {
    await change('forgotten')
    await change('told')
    await world.a.database.write(({ db }) => db.deleteFrom('change_log').where('id', '=', 1).execute())
    await world.open()
    const known = () => probe.send('HMGET', `${world.prefix}versions`, 'forgotten', 'told')
    await expect.poll(known, { interval: 5, timeout: 5_000 }).toEqual(['~1', '~1'])
  } finally {
    probe.close()
    await world.close()
  }
})
