import { z } from 'zod'
import { MOST_ANSWER_TOKENS } from '../domain/text/tokens.ts'
import { TOOLSETS, type Toolset } from '../domain/toolsets.ts'
import { EMBEDDINGS } from './embeddings.ts'
import { HTTP } from './http.ts'
import { flag, integer, openFlag } from './kinds.ts'
import { folder, place } from './paths.ts'
import { POSTGRES } from './postgres.ts'
import { REDIS } from './redis.ts'
import { type GroupValues, type Setting, type SettingGroup, setting } from './setting.ts'

const name = z.string().trim().min(1).max(256)

const GENERAL = {
  dataDir: setting(
    'AGENT_MEMORY_DATA_DIR',
    'Folder of the database and its backups',
    '~/.agent-memory',
    place().optional(),
  ),
  dbPath: setting(
    'AGENT_MEMORY_DB_PATH',
    'The database file; relative to the data folder',
    'memory.db',
    place().default('memory.db'),
  ),
  dbType: setting(
    'AGENT_MEMORY_DB_TYPE',
    'Which database',
    'sqlite',
    z.enum(['sqlite', 'postgresql']).default('sqlite'),
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
    `Which tools are listed: ${TOOLSETS.join(', ')}, all`,
    'core,coordination',
    toolsetList(),
  ),
  answerTokens: setting(
    'AGENT_MEMORY_ANSWER_TOKENS',
    'Tokens (bytes / 4) of the largest answer over MCP; the command line may ask for everything',
    '4000',
    integer(500, MOST_ANSWER_TOKENS).default(4_000),
  ),
  cacheMaxBytes: setting(
    'AGENT_MEMORY_CACHE_MAX_BYTES',
    'Memory for cached answers in each process; 0 turns the cache off',
    '33554432',
    integer(0, 2 ** 33).default(32 * 1024 * 1024),
  ),
  root: setting(
    'AGENT_MEMORY_ROOT',
    'Folder of the project that calls without a scope mean, for a server that its client starts elsewhere (mcp --root)',
    'the working directory, or the root that the client names',
    folder().optional(),
  ),
  permissionsMode: setting(
    'AGENT_MEMORY_PERMISSIONS_MODE',
    'strict: agents may only what was granted to them (memory_permission); permissive: everything',
    'strict over HTTP with a key, else permissive',
    z.enum(['permissive', 'strict']).optional(),
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
} as const satisfies SettingGroup

const LOCKS = {
  ttlMs: setting(
    'AGENT_MEMORY_REDIS_LOCK_TTL_MS',
    'How long a file lock lasts without renewal',
    '30000',
    integer(100, 86_400_000).default(30_000),
  ),
  retryCount: setting(
    'AGENT_MEMORY_REDIS_LOCK_RETRY_COUNT',
    'How often a checkout of a held file is tried',
    '3',
    integer(0, 1000).default(3),
  ),
  retryDelayMs: setting(
    'AGENT_MEMORY_REDIS_LOCK_RETRY_DELAY_MS',
    'Time between those tries',
    '200',
    integer(1, 60_000).default(200),
  ),
} as const satisfies SettingGroup

const RATE_LIMIT = {
  enabled: setting(
    'AGENT_MEMORY_RATE_LIMIT',
    'Refuse calls above so many a minute (RATE_LIMITED); counted over all instances with Redis, in each process without',
    'true on HTTP, false on stdio and the command line',
    openFlag(),
  ),
  perAgent: setting(
    'AGENT_MEMORY_RATE_LIMIT_PER_AGENT',
    'Calls of one agent in a minute; 0 for any number',
    '600',
    integer(0, 1_000_000).default(600),
  ),
  global: setting(
    'AGENT_MEMORY_RATE_LIMIT_GLOBAL',
    'Calls of all agents together in a minute; 0 for any number',
    '6000',
    integer(0, 1_000_000).default(6_000),
  ),
} as const satisfies SettingGroup

const HOOKS = {
  keep: setting(
    'AGENT_MEMORY_HOOK_KEEP',
    'How long the hooks keep a lock that they took before an edit: until the turn ends, or the session',
    'turn',
    z.enum(['turn', 'session']).default('turn'),
  ),
  failClosed: setting(
    'AGENT_MEMORY_HOOK_FAIL_CLOSED',
    'Block edits where the hooks cannot tell whether another agent edits the file',
    'false',
    flag('false'),
  ),
  resident: setting(
    'AGENT_MEMORY_HOOK_RESIDENT',
    'Whether a hook starts a process that answers the next ones faster, where no MCP server of ours runs; it ends after a minute without a question',
    'auto',
    z.enum(['auto', 'off']).default('auto'),
  ),
  contextTokens: setting(
    'AGENT_MEMORY_HOOK_CONTEXT_TOKENS',
    'Tokens (bytes / 4) of the context that a session starts with by its hook; 0 for none',
    '1500',
    integer(0, 2_400).default(1_500),
  ),
} as const satisfies SettingGroup

/** Every setting, once: `readConfig`, the reference page and `doctor` are derived from it. */
export const GROUPS = {
  general: GENERAL,
  postgres: POSTGRES,
  redis: REDIS,
  locks: LOCKS,
  http: HTTP,
  rateLimit: RATE_LIMIT,
  hooks: HOOKS,
  embeddings: EMBEDDINGS,
} as const

export const SETTINGS: readonly Setting[] = Object.values<SettingGroup>(GROUPS).flatMap((group) =>
  Object.values(group),
)

type Groups = { readonly [G in keyof typeof GROUPS]: GroupValues<(typeof GROUPS)[G]> }

/** The settings of no part stand at the top. */
export type SettingValues = Groups['general'] & Omit<Groups, 'general'>

function toolsetList() {
  return z
    .string()
    .default('core,coordination')
    .transform((text) => text.split(',').map((word) => word.trim()))
    .pipe(z.array(z.enum([...TOOLSETS, 'all'])).min(1))
    .transform((words): readonly Toolset[] =>
      words.includes('all') ? TOOLSETS : [...new Set(words.filter((word) => word !== 'all'))],
    )
}
