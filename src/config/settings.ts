import { z } from 'zod'
import {
  addressList,
  certificateFile,
  flag,
  folder,
  hostName,
  integer,
  keyText,
  openFlag,
  postgresUrl,
  redisAddress,
} from './kinds.ts'

const TOOLSETS = ['core', 'coordination', 'admin', 'all'] as const
export type Toolset = 'core' | 'coordination' | 'admin'

export interface Setting {
  readonly variable: string
  readonly description: string
  /** Shown in the reference; the schema holds the real default. */
  readonly defaultText: string
  readonly schema: z.ZodType
  readonly isSecret: boolean
}

const name = z.string().trim().min(1).max(256)

/** Every setting, once: `readConfig`, the reference page and `doctor` are derived from it. */
export const SETTINGS = {
  dataDir: setting(
    'AGENT_MEMORY_DATA_DIR',
    'Folder of the database and its backups',
    '~/.agent-memory',
    z.string().min(1).optional(),
  ),
  dbPath: setting(
    'AGENT_MEMORY_DB_PATH',
    'The database file; relative to the data folder',
    'memory.db',
    z.string().min(1).default('memory.db'),
  ),
  dbType: setting(
    'AGENT_MEMORY_DB_TYPE',
    'Which database',
    'sqlite',
    z.enum(['sqlite', 'postgresql']).default('sqlite'),
  ),
  pgUrl: secret(
    'AGENT_MEMORY_PG_URL',
    'Address of PostgreSQL; overrides the single parts',
    '',
    postgresUrl().optional(),
  ),
  pgHost: setting('AGENT_MEMORY_PG_HOST', 'Host of PostgreSQL', 'localhost', z.string().default('localhost')),
  pgPort: setting('AGENT_MEMORY_PG_PORT', 'Its port', '5432', integer(1, 65_535).default(5432)),
  pgDatabase: setting(
    'AGENT_MEMORY_PG_DATABASE',
    'Its database',
    'agent_memory',
    z.string().default('agent_memory'),
  ),
  pgUser: setting('AGENT_MEMORY_PG_USER', 'Its user', 'postgres', z.string().default('postgres')),
  pgPassword: secret('AGENT_MEMORY_PG_PASSWORD', 'Password of that user', '', z.string().optional()),
  pgSsl: setting('AGENT_MEMORY_PG_SSL', 'Connect with TLS', 'false', flag('false')),
  pgSslRejectUnauthorized: setting(
    'AGENT_MEMORY_PG_SSL_REJECT_UNAUTHORIZED',
    'Check the certificate of the server',
    'true',
    flag('true'),
  ),
  pgPoolMin: setting('AGENT_MEMORY_PG_POOL_MIN', 'Connections kept open', '2', integer(0, 1000).default(2)),
  pgPoolMax: setting('AGENT_MEMORY_PG_POOL_MAX', 'Connections at most', '10', integer(2, 1000).default(10)),
  pgIdleTimeoutMs: setting(
    'AGENT_MEMORY_PG_IDLE_TIMEOUT_MS',
    'When an idle connection is closed',
    '30000',
    integer(0, 86_400_000).default(30_000),
  ),
  pgConnectionTimeoutMs: setting(
    'AGENT_MEMORY_PG_CONNECTION_TIMEOUT_MS',
    'How long a connection may take',
    '10000',
    integer(1, 600_000).default(10_000),
  ),
  pgStatementTimeoutMs: setting(
    'AGENT_MEMORY_PG_STATEMENT_TIMEOUT_MS',
    'How long a statement may take',
    '30000',
    integer(1, 3_600_000).default(30_000),
  ),
  agentId: setting(
    'AGENT_MEMORY_AGENT_ID',
    'Who calls, where the call does not say',
    '<client name>-<8 characters>',
    name.optional(),
  ),
  project: setting(
    'AGENT_MEMORY_PROJECT',
    'The current project (name or id) instead of the Git root of the working directory',
    '',
    name.optional(),
  ),
  toolsets: setting(
    'AGENT_MEMORY_TOOLSETS',
    'Which tools are listed: core, coordination, admin, all',
    'core,coordination',
    toolsetList(),
  ),
  cacheMaxBytes: setting(
    'AGENT_MEMORY_CACHE_MAX_BYTES',
    'Memory for cached answers in each process; 0 turns the cache off',
    '33554432',
    integer(0, 2 ** 33).default(32 * 1024 * 1024),
  ),
  redisEnabled: setting(
    'AGENT_MEMORY_REDIS_ENABLED',
    'Share cache, file locks and events through Redis',
    'false',
    flag('false'),
  ),
  redisUrl: secret(
    'AGENT_MEMORY_REDIS_URL',
    'Address of Redis; overrides host, port, user, password and database number',
    '',
    redisAddress().optional(),
  ),
  redisHost: setting(
    'AGENT_MEMORY_REDIS_HOST',
    'Host of Redis',
    'localhost',
    hostName().default('localhost'),
  ),
  redisPort: setting('AGENT_MEMORY_REDIS_PORT', 'Its port', '6379', integer(1, 65_535).default(6379)),
  redisUsername: setting('AGENT_MEMORY_REDIS_USERNAME', 'ACL user', '', z.string().optional()),
  redisPassword: secret('AGENT_MEMORY_REDIS_PASSWORD', 'Its password', '', z.string().optional()),
  redisDb: setting('AGENT_MEMORY_REDIS_DB', 'Database number', '0', integer(0, 1_000_000).default(0)),
  redisTls: setting('AGENT_MEMORY_REDIS_TLS', 'Connect with TLS', 'false', flag('false')),
  redisTlsCa: setting(
    'AGENT_MEMORY_REDIS_TLS_CA',
    'File with the certificate of a private CA',
    '',
    certificateFile().optional(),
  ),
  redisTlsRejectUnauthorized: setting(
    'AGENT_MEMORY_REDIS_TLS_REJECT_UNAUTHORIZED',
    'Check the certificate of the server',
    'true',
    flag('true'),
  ),
  redisKeyPrefix: setting(
    'AGENT_MEMORY_REDIS_KEY_PREFIX',
    'Every key begins so: keeps environments apart',
    'agentmem:',
    keyText().default('agentmem:'),
  ),
  redisCacheTtlMs: setting(
    'AGENT_MEMORY_REDIS_CACHE_TTL_MS',
    'How long an answer may stay in Redis',
    '3600000',
    integer(1000, 604_800_000).default(3_600_000),
  ),
  redisEventChannel: setting(
    'AGENT_MEMORY_REDIS_EVENT_CHANNEL',
    'Channel of the events',
    'agentmem:events',
    keyText().default('agentmem:events'),
  ),
  redisConnectTimeoutMs: setting(
    'AGENT_MEMORY_REDIS_CONNECT_TIMEOUT_MS',
    'How long a connection may take',
    '10000',
    integer(1, 600_000).default(10_000),
  ),
  redisMaxRetries: setting(
    'AGENT_MEMORY_REDIS_MAX_RETRIES',
    'How often a command is tried again when the connection breaks',
    '3',
    integer(0, 100).default(3),
  ),
  redisRequired: setting(
    'AGENT_MEMORY_REDIS_REQUIRED',
    'Refuse to start without Redis',
    'false',
    flag('false'),
  ),
  redisSentinels: setting(
    'AGENT_MEMORY_REDIS_SENTINELS',
    'Sentinels as host:port,host:port',
    '',
    addressList(),
  ),
  redisSentinelName: setting(
    'AGENT_MEMORY_REDIS_SENTINEL_NAME',
    "The master's name in Sentinel",
    '',
    z.string().optional(),
  ),
  redisCluster: setting(
    'AGENT_MEMORY_REDIS_CLUSTER',
    'Redis is a cluster; the key prefix needs a hash tag such as {agentmem}:',
    'false',
    flag('false'),
  ),
  lockTtlMs: setting(
    'AGENT_MEMORY_REDIS_LOCK_TTL_MS',
    'How long a file lock lasts without renewal',
    '30000',
    integer(100, 86_400_000).default(30_000),
  ),
  lockRetryCount: setting(
    'AGENT_MEMORY_REDIS_LOCK_RETRY_COUNT',
    'How often a checkout of a held file is tried',
    '3',
    integer(0, 1000).default(3),
  ),
  lockRetryDelayMs: setting(
    'AGENT_MEMORY_REDIS_LOCK_RETRY_DELAY_MS',
    'Time between those tries',
    '200',
    integer(1, 60_000).default(200),
  ),
  rateLimit: setting(
    'AGENT_MEMORY_RATE_LIMIT',
    'Refuse calls above so many a minute (RATE_LIMITED); counted over all instances with Redis, in each process without',
    'true on HTTP, false on stdio and the command line',
    openFlag(),
  ),
  rateLimitPerAgent: setting(
    'AGENT_MEMORY_RATE_LIMIT_PER_AGENT',
    'Calls of one agent in a minute; 0 for any number',
    '600',
    integer(0, 1_000_000).default(600),
  ),
  rateLimitGlobal: setting(
    'AGENT_MEMORY_RATE_LIMIT_GLOBAL',
    'Calls of all agents together in a minute; 0 for any number',
    '6000',
    integer(0, 1_000_000).default(6_000),
  ),
  root: setting(
    'AGENT_MEMORY_ROOT',
    'Folder of the project that calls without a scope mean, for a server that its client starts elsewhere (mcp --root)',
    'the working directory, or the root that the client names',
    folder().optional(),
  ),
  secrets: setting(
    'AGENT_MEMORY_SECRETS',
    'What becomes of likely secrets in texts that are to be stored: refuse them (SECRET_REFUSED), mask them, or allow them',
    'refuse',
    z.enum(['refuse', 'mask', 'allow']).default('refuse'),
  ),
  logLevel: setting(
    'AGENT_MEMORY_LOG_LEVEL',
    'debug, info, warn, error or silent; JSON lines on stderr',
    'info',
    z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  ),
} as const satisfies Record<string, Setting>

export type SettingValues = Readonly<{
  [K in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[K]['schema']>
}>

function setting<S extends z.ZodType>(variable: string, description: string, defaultText: string, schema: S) {
  return { variable, description, defaultText, schema, isSecret: false }
}

/** A value that no error, log or report may show. */
function secret<S extends z.ZodType>(variable: string, description: string, defaultText: string, schema: S) {
  return { variable, description, defaultText, schema, isSecret: true }
}

function toolsetList() {
  return z
    .string()
    .default('core,coordination')
    .transform((text) => text.split(',').map((word) => word.trim()))
    .pipe(z.array(z.enum(TOOLSETS)).min(1))
    .transform((words): readonly Toolset[] =>
      words.includes('all')
        ? ['core', 'coordination', 'admin']
        : [...new Set(words.filter((word) => word !== 'all'))],
    )
}
