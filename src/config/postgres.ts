import { z } from 'zod'
import { flag, integer, postgresUrl } from './kinds.ts'
import { type SettingGroup, secret, setting } from './setting.ts'

/** `config.postgres`. The store takes the group as it is. */
export const POSTGRES = {
  url: secret(
    'AGENT_MEMORY_PG_URL',
    'Address of PostgreSQL, with several hosts or a socket too; what it leaves out the single settings fill in',
    '',
    postgresUrl().optional(),
  ),
  host: setting(
    'AGENT_MEMORY_PG_HOST',
    'Host of PostgreSQL, or the folder of its socket; several with commas',
    'localhost',
    z.string().default('localhost'),
  ),
  port: setting('AGENT_MEMORY_PG_PORT', 'Its port', '5432', integer(1, 65_535).default(5432)),
  database: setting(
    'AGENT_MEMORY_PG_DATABASE',
    'Its database',
    'agent_memory',
    z.string().default('agent_memory'),
  ),
  user: setting('AGENT_MEMORY_PG_USER', 'Its user', 'postgres', z.string().default('postgres')),
  password: secret('AGENT_MEMORY_PG_PASSWORD', 'Password of that user', '', z.string().optional()),
  envPassword: secret(
    'PGPASSWORD',
    'Password of PostgreSQL where no setting holds one; before ~/.pgpass',
    '',
    z.string().optional(),
  ),
  passwordFile: setting(
    'PGPASSFILE',
    'File of passwords for PostgreSQL where no setting holds one',
    '~/.pgpass',
    z.string().optional(),
  ),
  ssl: setting('AGENT_MEMORY_PG_SSL', 'Connect with TLS', 'false', flag('false')),
  envSslMode: setting(
    'PGSSLMODE',
    'TLS to PostgreSQL where neither its address nor AGENT_MEMORY_PG_SSL asks for it',
    '',
    z.string().optional(),
  ),
  sslRejectUnauthorized: setting(
    'AGENT_MEMORY_PG_SSL_REJECT_UNAUTHORIZED',
    'Check the certificate of the server',
    'true',
    flag('true'),
  ),
  poolMin: setting('AGENT_MEMORY_PG_POOL_MIN', 'Connections kept open', '2', integer(0, 1000).default(2)),
  poolMax: setting('AGENT_MEMORY_PG_POOL_MAX', 'Connections at most', '10', integer(2, 1000).default(10)),
  idleTimeoutMs: setting(
    'AGENT_MEMORY_PG_IDLE_TIMEOUT_MS',
    'When an idle connection is closed',
    '30000',
    integer(0, 86_400_000).default(30_000),
  ),
  connectionTimeoutMs: setting(
    'AGENT_MEMORY_PG_CONNECTION_TIMEOUT_MS',
    'How long a connection may take',
    '10000',
    integer(1, 600_000).default(10_000),
  ),
  statementTimeoutMs: setting(
    'AGENT_MEMORY_PG_STATEMENT_TIMEOUT_MS',
    'How long a statement may take',
    '30000',
    integer(1, 3_600_000).default(30_000),
  ),
} as const satisfies SettingGroup
