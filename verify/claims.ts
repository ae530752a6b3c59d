import { counter } from './v1-counter.ts'
import { guide } from './v2-guide.ts'
import { propagation } from './v3-propagation.ts'
import { frozen } from './v4-frozen.ts'
import { redisAway } from './v5-redis-away.ts'
import { deadlock } from './v6-deadlock.ts'
import { bulk } from './v7-bulk.ts'
import type { Claim } from './world.ts'

export const CLAIMS: readonly Claim[] = [counter, guide, propagation, frozen, redisAway, deadlock, bulk]
