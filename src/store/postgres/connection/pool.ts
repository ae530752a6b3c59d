import { type Client, Pool } from 'pg'
import type { PoolState } from '../../database.ts'
import { clientClass, Endpoints } from './host-client.ts'
import { clientConfig, type PostgresOptions } from './options.ts'
import { type SessionLimits, Sessions } from './session.ts'

/** A pool, and what is known of its connections. */
export interface PostgresPool {
  readonly pool: Pool
  /** A client beside the pool, of the server that the pool uses. */
  readonly newClient: () => Client
  readonly sessions: Sessions
}

/** No limit of a role or a server stops what such a pool does: a migration is one long statement after the other. */
const UNLIMITED: SessionLimits = { searchPath: null, statementTimeoutMs: 0, idleInTransactionMs: 0 }

export function openPool(options: PostgresOptions, limits: SessionLimits): PostgresPool {
  const { poolMin: min, poolMax: max, idleTimeoutMs: idleTimeoutMillis } = options
  return newPool(options, { limits, config: { min, max, idleTimeoutMillis } })
}

/** One connection that may take its time. */
export function openPatientPool(options: PostgresOptions): PostgresPool {
  return newPool(options, { limits: UNLIMITED, config: { max: 1, query_timeout: 0 } })
}

function newPool(
  options: PostgresOptions,
  {
    limits,
    config,
  }: { readonly limits: SessionLimits; readonly config: ConstructorParameters<typeof Pool>[0] },
): PostgresPool {
  const endpoints = new Endpoints(options)
  const sessions = new Sessions(limits, endpoints)
  const HostClient = clientClass(options, endpoints)
  const pool = new Pool({
    ...clientConfig(options),
    ...config,
    // What goes together leaves together (batch.ts).
    pipeline: true,
    Client: HostClient,
    onConnect: (client) => {
      // Between the pool and the borrower of a connection there is a moment in which neither listens.
      client.on('error', () => {})
      return sessions.greet(client)
    },
  })
  // An idle connection that the server closes is no error of a call; the next call makes a new one.
  pool.on('error', () => {})
  return { pool, sessions, newClient: () => new HostClient(clientConfig(options)) }
}

/** `inLine` calls wait for a connection that they may write on, though one may be free to read. */
export function poolState({ totalCount, idleCount, waitingCount, options }: Pool, inLine: number): PoolState {
  return { open: totalCount, idle: idleCount, most: options.max, waiting: waitingCount + inLine }
}
