import { z } from 'zod'
import {
  addressList,
  certificateFile,
  flag,
  hostName,
  integer,
  keyFile,
  keyText,
  redisAddress,
} from './kinds.ts'
import { type SettingGroup, secret, setting } from './setting.ts'

/** `config.redis`. The coordination takes the group as it is. */
export const REDIS = {
  enabled: setting(
    'AGENT_MEMORY_REDIS_ENABLED',
    'Share cache, file locks and events through Redis',
    'false',
    flag('false'),
  ),
  url: secret(
    'AGENT_MEMORY_REDIS_URL',
    'Address of Redis (redis, rediss, valkey, valkeys, unix); overrides host, port, user, password and database number',
    '',
    redisAddress().optional(),
  ),
  host: setting('AGENT_MEMORY_REDIS_HOST', 'Host of Redis', 'localhost', hostName().default('localhost')),
  port: setting('AGENT_MEMORY_REDIS_PORT', 'Its port', '6379', integer(1, 65_535).default(6379)),
  username: setting('AGENT_MEMORY_REDIS_USERNAME', 'ACL user', '', z.string().optional()),
  password: secret('AGENT_MEMORY_REDIS_PASSWORD', 'Its password', '', z.string().optional()),
  db: setting('AGENT_MEMORY_REDIS_DB', 'Database number', '0', integer(0, 1_000_000).default(0)),
  tls: setting('AGENT_MEMORY_REDIS_TLS', 'Connect with TLS', 'false', flag('false')),
  tlsCa: setting(
    'AGENT_MEMORY_REDIS_TLS_CA',
    'File with the certificate of a private CA',
    '',
    certificateFile().optional(),
  ),
  tlsCert: setting(
    'AGENT_MEMORY_REDIS_TLS_CERT',
    'File with our own certificate, where Redis asks clients for one',
    '',
    certificateFile().optional(),
  ),
  tlsKey: setting(
    'AGENT_MEMORY_REDIS_TLS_KEY',
    'File with the private key of that certificate',
    '',
    keyFile().optional(),
  ),
  tlsRejectUnauthorized: setting(
    'AGENT_MEMORY_REDIS_TLS_REJECT_UNAUTHORIZED',
    'Check the certificate of the server',
    'true',
    flag('true'),
  ),
  keyPrefix: setting(
    'AGENT_MEMORY_REDIS_KEY_PREFIX',
    'Every key begins so: keeps environments apart',
    'agentmem:',
    keyText().default('agentmem:'),
  ),
  cacheTtlMs: setting(
    'AGENT_MEMORY_REDIS_CACHE_TTL_MS',
    'How long an answer may stay in Redis',
    '3600000',
    integer(1000, 604_800_000).default(3_600_000),
  ),
  eventChannel: setting(
    'AGENT_MEMORY_REDIS_EVENT_CHANNEL',
    'Channel of the events',
    'agentmem:events',
    keyText().default('agentmem:events'),
  ),
  connectTimeoutMs: setting(
    'AGENT_MEMORY_REDIS_CONNECT_TIMEOUT_MS',
    'How long a connection may take, and how long a start waits for a Redis that is required',
    '10000',
    integer(1, 600_000).default(10_000),
  ),
  maxRetries: setting(
    'AGENT_MEMORY_REDIS_MAX_RETRIES',
    'How often a command is tried again when the connection breaks',
    '3',
    integer(0, 100).default(3),
  ),
  required: setting('AGENT_MEMORY_REDIS_REQUIRED', 'Refuse to start without Redis', 'false', flag('false')),
  sentinels: setting('AGENT_MEMORY_REDIS_SENTINELS', 'Sentinels as host:port,host:port', '', addressList()),
  sentinelName: setting(
    'AGENT_MEMORY_REDIS_SENTINEL_NAME',
    "The master's name in Sentinel",
    '',
    z.string().optional(),
  ),
  cluster: setting(
    'AGENT_MEMORY_REDIS_CLUSTER',
    'Redis is a cluster; the key prefix needs a hash tag such as {agentmem}:',
    'false',
    flag('false'),
  ),
} as const satisfies SettingGroup
