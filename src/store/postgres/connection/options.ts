import type { ClientConfig } from 'pg'
import { types } from 'pg'
import { type PostgresSettings, targetOf, tlsOf } from './address.ts'
import type { SessionLimits } from './session.ts'

export interface PostgresOptions extends PostgresSettings {
  readonly poolMin: number
  readonly poolMax: number
  readonly idleTimeoutMs: number
  readonly connectionTimeoutMs: number
  readonly statementTimeoutMs: number
  /** How long a transaction may rest before the server ends it; 0: for ever. */
  readonly idleInTransactionMs?: number
}

const INT8 = 20
/** A process that froze in the middle of a write holds up all writers for so long at most. */
const IDLE_IN_TRANSACTION_MS = 3_000
/** How much longer than the server's own limit an answer may take before the connection counts as dead. */
const ANSWER_GRACE_MS = 2_000

/** What a client needs beside its server and password, which host-client.ts gives it. */
export function clientConfig(options: PostgresOptions): ClientConfig {
  const { parameters } = targetOf(options)
  return {
    ...addressConfig(options),
    connectionTimeoutMillis: options.connectionTimeoutMs,
    query_timeout: Number(parameters['query_timeout'] ?? statementTimeoutOf(options) + ANSWER_GRACE_MS),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : types.getTypeParser(oid, format)) },
  }
}

export function limitsOf(options: PostgresOptions, searchPath: string): SessionLimits {
  const asked = targetOf(options).parameters['idle_in_transaction_session_timeout']
  const idleInTransactionMs = options.idleInTransactionMs ?? Number(asked ?? IDLE_IN_TRANSACTION_MS)
  return { searchPath, statementTimeoutMs: statementTimeoutOf(options), idleInTransactionMs }
}

function statementTimeoutOf(options: PostgresOptions): number {
  return Number(targetOf(options).parameters['statement_timeout'] ?? options.statementTimeoutMs)
}

/** Every part is given: what is left out the driver would take from libpq's variables, or from its own ideas. */
function addressConfig(options: PostgresOptions): ClientConfig {
  const { database, user, parameters } = targetOf(options)
  return {
    database,
    user,
    ssl: tlsOf(options),
    sslnegotiation: parameters['sslnegotiation'] === 'direct' ? 'direct' : 'postgres',
    enableChannelBinding: /prefer|require/.test(parameters['channel_binding'] ?? ''),
    application_name: parameters['application_name'] ?? 'agent-memory',
    ...(parameters['options'] !== undefined && { options: parameters['options'] }),
  }
}
