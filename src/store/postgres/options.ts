import type { ClientConfig, PoolConfig } from 'pg'
import { types } from 'pg'

/** How to reach the server. `url` wins over the single parts. */
export interface PostgresOptions {
  readonly url?: string | undefined
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password?: string | undefined
  readonly ssl: boolean
  readonly sslRejectUnauthorized: boolean
  readonly poolMin: number
  readonly poolMax: number
  readonly idleTimeoutMs: number
  readonly connectionTimeoutMs: number
  readonly statementTimeoutMs: number
  /** How long a transaction may rest before the server ends it; 0: for ever. */
  readonly idleInTransactionMs?: number
}

/** The server as an error or health may name it: never with a password. */
export function addressOf(options: PostgresOptions): string {
  if (options.url === undefined) return `${options.host}:${options.port}/${options.database}`
  try {
    const { hostname, port, pathname } = new URL(options.url)
    return `${hostname || 'localhost'}:${port || 5432}${pathname}`
  } catch {
    return 'the address in AGENT_MEMORY_PG_URL'
  }
}

const INT8 = 20
/** A process that froze in the middle of a write holds up all writers for so long at most. */
const IDLE_IN_TRANSACTION_MS = 3_000
/** How much longer than the server's own limit an answer may take before the connection counts as dead. */
const ANSWER_GRACE_MS = 2_000

export function clientConfig(options: PostgresOptions): ClientConfig {
  return {
    ...addressConfig(options),
    connectionTimeoutMillis: options.connectionTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    query_timeout: options.statementTimeoutMs + ANSWER_GRACE_MS,
    idle_in_transaction_session_timeout: options.idleInTransactionMs ?? IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'agent-memory',
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : types.getTypeParser(oid, format)) },
  }
}

export function poolConfig(options: PostgresOptions): PoolConfig {
  const { poolMin: min, poolMax: max, idleTimeoutMs: idleTimeoutMillis } = options
  return { ...clientConfig(options), min, max, idleTimeoutMillis }
}

function addressConfig(options: PostgresOptions): ClientConfig {
  const {
    url,
    host,
    port,
    database,
    user,
    password,
    ssl,
    sslRejectUnauthorized: rejectUnauthorized,
  } = options
  const tls = ssl ? { ssl: { rejectUnauthorized } } : {}
  if (url === undefined) return { host, port, database, user, password, ...tls }
  const connectionString = withPassword(url, password)
  if (rejectUnauthorized) return { connectionString, ...tls }
  return {
    connectionString: withoutSslMode(connectionString),
    ...(ssl || asksForTls(url) ? { ssl: { rejectUnauthorized } } : {}),
  }
}

/** An address may leave the password to a setting of its own, which fewer people see. */
function withPassword(url: string, password: string | undefined): string {
  const address = new URL(url)
  if (password === undefined || address.password !== '' || address.searchParams.has('password')) return url
  address.password = encodeURIComponent(password)
  return address.href
}

/** What the address says of TLS would win over the setting. */
function withoutSslMode(url: string): string {
  const address = new URL(url)
  address.searchParams.delete('sslmode')
  return address.href
}

function asksForTls(url: string): boolean {
  const mode = new URL(url).searchParams.get('sslmode')
  return mode !== null && mode !== 'disable'
}
