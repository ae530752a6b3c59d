import { setTimeout as sleep } from 'node:timers/promises'
import { describe } from 'vitest'
import { leaseStoreContract } from '../../contract/lease-store.ts'
import { openRedisWorld } from './world.ts'

describe('the contract of lease stores, on Redis', () => {
  leaseStoreContract(async () => {
    const world = await openRedisWorld()
    return {
      ...world,
      // Redis judges time by its own clock: what is said to pass has to pass.
      advance: (ms) => sleep(ms),
    }
  })
})
