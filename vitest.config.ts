import { defineConfig } from 'vitest/config'

/** Nothing in them depends on the database, or they are about one alone: these run once. */
const WITHOUT_A_DATABASE = [
  'test/domain/**',
  'test/repo/**',
  'test/faults/**',
  'test/attack/**',
  'test/model/**',
  'test/guide/**',
  'test/operations/{arguments,routes}.test.ts',
  // These import neither the store nor an App.
  'test/services/{health,secret-forms,secret-guard,stored-spelling}.test.ts',
  'test/coordination/known-versions.test.ts',
  'test/transports/log.test.ts',
  'test/transports/mcp/{back-pressure,hint,message-lines}.test.ts',
  'test/transports/cli/**',
  'test/processes/three-agents.test.ts',
  'test/transports/parity.test.ts',
  'test/transports/http/parity.test.ts',
  'test/coordination/redis/**',
  'test/app/redis-topologies/**',
  'test/config.*',
]
const ONLY_SQLITE = [
  'test/store/sqlite/**',
  'test/transports/cli/database-file/**',
  'test/store/boot-clock.test.ts',
]
const ONLY_POSTGRES = ['test/store/postgres/**']
/** They say themselves whether Redis is enabled. */
const OF_THEIR_OWN_REDIS = [
  'test/coordination/**',
  'test/config.*',
  'test/app/{redis,mixed}*',
  'test/guide/redis*',
]
/** Whether Redis is enabled makes no difference to them, or what they damage lies in Redis then. */
const WITHOUT_REDIS = [
  'test/store/doctor.test.ts',
  'test/services/transfer/**',
  'test/support/**',
  'test/transports/mcp/{bad-input,client-root,fuzz,listed-tools,unread}.test.ts',
]

const shared = {
  setupFiles: ['test/support/seed.ts'] as string[],
  environment: 'node',
  pool: 'forks',
  // They end what hangs. No test may come near them on a machine that is twenty times as busy as it should be.
  testTimeout: 180_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: 60_000 } },
  // What the developer's own shell has set must not reach the tests.
  env: { NO_COLOR: '1' },
} as const
const SERVERS = ['test/support/provide-redis.ts']

// The whole suite on SQLite, again on PostgreSQL, and on SQLite with Redis. One of them alone: `vitest run --project sqlite`.
export default defineConfig({
  test: {
    maxWorkers: 2,
    globalSetup: 'test/support/provide-programs.ts',
    projects: [
      {
        test: {
          ...shared,
          name: 'sqlite',
          // Files of one worker share the modules that they import: loading them anew took longer than most files run.
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: ONLY_POSTGRES,
          globalSetup: SERVERS,
        },
      },
      {
        test: {
          ...shared,
          name: 'postgresql',
          include: ['test/**/*.test.ts'],
          exclude: [...WITHOUT_A_DATABASE, ...ONLY_SQLITE],
          globalSetup: [...SERVERS, 'test/support/provide-postgres.ts'],
          setupFiles: [...shared.setupFiles, 'test/support/on-postgres.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'redis',
          include: ['test/**/*.test.ts'],
          exclude: [
            ...WITHOUT_A_DATABASE,
            ...OF_THEIR_OWN_REDIS,
            ...WITHOUT_REDIS,
            ...ONLY_SQLITE,
            ...ONLY_POSTGRES,
          ],
          globalSetup: SERVERS,
          setupFiles: [...shared.setupFiles, 'test/support/on-redis.ts'],
        },
      },
    ],
  },
})
