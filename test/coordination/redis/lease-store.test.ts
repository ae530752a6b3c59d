import { setTimeout as sleep } from 'node:timers/promises'
import { describe } from 'vitest'
import { leaseStoreContract } from '../../contract/lease-store.ts'
import { openRedisWorld } from './world.ts'

describe('the contract of lease stores, on Redis', () => {
  // Redis judges time by its own clock: what is said to pass has to pass.
  const times = { shortMs: 1_500, silentMs: 3_000 }
  leaseStoreContract(async () => {
    const world = await openRedisWorld({ silentAfterMs: times.silentMs })
    return { ...world, advance: (ms) => sleep(ms) }
  }, times)
})
