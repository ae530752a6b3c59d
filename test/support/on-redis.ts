import { inject } from 'vitest'

// Loaded before each test file of the project that runs over Redis; see redis-env.ts.
process.env['AGENT_MEMORY_TEST_REDIS_URL'] = inject('redisUrl')
