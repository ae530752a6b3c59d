import { accessSync, constants, statfsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

const MEMORY_DISK = '/dev/shm'
const ROOM_WANTED = 2 * 1024 ** 3

// A commit waits for the disk, thousands of them for minutes. What a power cut leaves behind no test here can try; what kills
// leave behind is the same in memory.
if (process.env['TMPDIR'] === undefined && hasRoom(MEMORY_DISK)) process.env['TMPDIR'] = MEMORY_DISK

function hasRoom(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK)
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize >= ROOM_WANTED
  } catch {
    return false
  }
}

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
  'test/transports/mcp/{back-pressure,hint,message-lines,output-gate,young-room}.test.ts',
  // The protocol, the process and the client's side of them: the same whatever lies below.
  'test/transports/mcp/{bad-input,client-root,fuzz,life-cycle,listed-tools,unread,what-clients-need}.test.ts',
  'test/transports/mcp/{answers,progress,slow-client}.test.ts',
  'test/transports/http/{access,away,monitoring,oauth,odd-requests,openapi,outside,proxies,serve}.test.ts',
  'test/sdk/**',
  'test/transports/hook/**',
  'test/transports/cli/**',
  // What four programs of ours do on one database, test/processes/ tries on each.
  'test/transports/mcp/four-servers.test.ts',
  'test/processes/three-agents.test.ts',
  'test/transports/parity.test.ts',
  'test/transports/http/parity.test.ts',
  'test/sdk/package.test.ts',
  'test/transports/http/{schema-fuzz,generated-client,conformance,tracing,slow,whole-events}.test.ts',
  'test/coordination/redis/**',
  'test/app/redis-topologies/**',
  'test/config.*',
  // It starts a server of its own.
  'test/support/session-keeper.test.ts',
]
const ONLY_SQLITE = [
  'test/store/sqlite/**',
  'test/transports/cli/database-file/**',
  'test/store/boot-clock.test.ts',
  // A browser sees no difference; with both servers in two-instances.test.ts.
  'test/page/**',
  // It starts PostgreSQL and Redis of its own.
  'test/processes/balancer.test.ts',
  // The model and what runs it know nothing of the database.
  'test/services/local-model.test.ts',
]
const ONLY_POSTGRES = ['test/store/postgres/**']
/** What a team's deployment has: nothing of one project may reach another by what instances share. */
const ON_BOTH_SERVERS = ['test/transports/http/isolation/*.test.ts']
/** They say themselves whether Redis is enabled. */
const OF_THEIR_OWN_REDIS = [
  'test/coordination/**',
  'test/config.*',
  'test/app/{redis,mixed}*',
  'test/guide/redis*',
]
/**
 * Whether Redis is enabled makes no difference to them, or what they damage lies in Redis then. That an answer from Redis is the
 * one of the database is tried once for all, in cached-reads.test.ts and by the fault runs.
 */
const WITHOUT_REDIS = [
  'test/store/**',
  'test/services/{current-project,embeddings,scope-move,search}.test.ts',
  'test/operations/{names-and-edits,overviews,paging,secrets,similar,tags-and-relations,validity,versions-of-names}.test.ts',
  'test/transports/mcp/{calls,tools}.test.ts',
  'test/services/transfer/**',
  'test/evaluation/**',
  'test/support/**',
  // What processes do to one database at once; with Redis they do it in compare-and-set.test.ts and leases.processes.test.ts.
  'test/processes/{at-once,four-on-one-file,side-by-side}.test.ts',
]

const shared = {
  setupFiles: ['test/support/seed.ts'] as string[],
  environment: 'node',
  pool: 'forks',
  // Files of one worker share the modules that they import: loading them anew took longer than most files run.
  isolate: false,
  // Tests make much and keep little: with the small room that Node gives to new objects about a seventh of their processor time
  // goes into emptying it.
  execArgv: ['--min-semi-space-size=32', '--max-semi-space-size=64'] as string[],
  // They end what hangs. No test may come near them on a machine that is twenty times as busy as it should be.
  testTimeout: 600_000,
  hookTimeout: 600_000,
  expect: { poll: { timeout: 150_000, interval: 10 } },
  // What the developer's own shell has set must not reach the tests.
  env: { NO_COLOR: '1' },
} as const
const SERVERS = ['test/support/provide-redis.ts']

// The whole suite on SQLite, again on PostgreSQL, on SQLite with Redis, and a little on both servers. One of them alone: `vitest run --project sqlite`.
export default defineConfig({
  test: {
    // One more than cores that are mostly there: a test waits for others about a quarter of its time.
    maxWorkers: 3,
    globalSetup: 'test/support/provide-programs.ts',
    projects: [
      {
        test: {
          ...shared,
          name: 'sqlite',
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
            ...ON_BOTH_SERVERS,
            ...ONLY_SQLITE,
            ...ONLY_POSTGRES,
          ],
          globalSetup: SERVERS,
          setupFiles: [...shared.setupFiles, 'test/support/on-redis.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'both',
          include: ON_BOTH_SERVERS,
          globalSetup: [...SERVERS, 'test/support/provide-postgres.ts'],
          setupFiles: [...shared.setupFiles, 'test/support/on-postgres.ts', 'test/support/on-redis.ts'],
        },
      },
    ],
  },
})
