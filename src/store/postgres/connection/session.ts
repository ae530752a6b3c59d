import { type ClientBase, DatabaseError, type Pool } from 'pg'
import { AppError } from '../../../domain/errors.ts'
import type { PostgresEndpoint } from './address.ts'
import { DatabaseClock } from './database-clock.ts'
import type { Endpoints } from './host-client.ts'

/** pgpool would send a question to a standby otherwise, also one in the middle of a transaction. */
export const ON_PRIMARY = '/*NO LOAD BALANCE*/ '

/** What a session goes by. */
export interface SessionLimits {
  /** Null before it is known where the tables are. */
  readonly searchPath: string | null
  /** 0: for ever, whatever the role's own limit is. */
  readonly statementTimeoutMs: number
  readonly idleInTransactionMs: number
}

/** What a connection turned out to be when it was made. */
interface Session {
  /** Something stands in between that may give the next statement another server process. */
  readonly isPooled: boolean
  readonly isStandby: boolean
  /** Nothing can be written on it. It began so, and would stay so when the server has long changed. */
  readonly isReadOnly: boolean
  readonly madeAt: number
}

/** A reader may use a read-only connection for so long; then another one may be better. */
const READ_ONLY_MS = 1_000
const STANDBYS_IN_A_ROW = 10
/** A standby that takes over needs about so long at most; until then what it has may be older than what was read on the primary. */
const SWITCH_OVER_MS = 30_000
/** How long a standby that was met is spoken of. */
const STANDBY_SEEN_MS = 60_000

const sessions = new WeakMap<object, Session>()

/** Only a standby was found where a server that can be written to is needed; the next try may find another. */
export class StandbyError extends Error {
  override readonly name = 'StandbyError'
  /** As a server says it. */
  readonly code = '25006'
}

/** A commit that a crash may take back would give the same fencing token twice: where the server has it so, ours wait for the disk. */
const SYNCHRONOUS = `case current_setting('synchronous_commit') when 'off' then 'local' else current_setting('synchronous_commit') end`

/** So a number comes back as the one that was stored; a role or database may be set to round it. */
const FLOAT_DIGITS = 1

/** The time in ms as text: before a connection is set up, a role's extra_float_digits would round a float to years. */
const NOW = '(extract(epoch from clock_timestamp()) * 1000)::text'

/** What a transaction says itself where a pooler may give it any server process. Its last row tells whether that is a standby's. */
export function pooledLimits({ searchPath, statementTimeoutMs, idleInTransactionMs }: SessionLimits): string {
  const path = searchPath === null ? '' : `set local search_path to ${searchPath}; `
  return `${path}set local statement_timeout = ${statementTimeoutMs}; set local idle_in_transaction_session_timeout = ${idleInTransactionMs}; set local extra_float_digits = ${FLOAT_DIGITS}; select set_config('synchronous_commit', ${SYNCHRONOUS}, true), pg_is_in_recovery() as standby`
}

/**
 * One statement tells what the connection is, and sets its limits where they stay: poolers refuse them as
 * parameters of the start, and SET would reach the server process's next client. The number of that process
 * is the pooler's own then.
 */
const GREETING = `${ON_PRIMARY}select not direct as pooled, pg_is_in_recovery() as standby,
    pg_is_in_recovery() or current_setting('default_transaction_read_only')::boolean as fixed,
    set_config('statement_timeout', $2, not direct), set_config('idle_in_transaction_session_timeout', $3, not direct),
    set_config('search_path', coalesce($4, current_setting('search_path')), not direct),
    set_config('synchronous_commit', ${SYNCHRONOUS}, not direct), set_config('extra_float_digits', '${FLOAT_DIGITS}', not direct),
    current_setting('session_replication_role') = 'replica' as quiet, ${NOW} as now
  from (select pg_backend_pid() = $1 as direct) as found`

interface Greeted {
  readonly pooled: boolean
  readonly standby: boolean
  readonly fixed: boolean
  /** Triggers do not fire. */
  readonly quiet: boolean
  readonly now: string
}

/** A role may be set to end statements sooner than a new connection has warmed up: then the limit is put off first. */
const PATIENT_TRIES = 50

async function greeting(client: ClientBase, values: readonly unknown[]): Promise<Greeted[]> {
  const ask = async () => (await client.query<Greeted>(GREETING, [...values])).rows
  try {
    return await ask()
  } catch (error) {
    if (!isTimeout(error)) throw error
  }
  for (let tries = 0; tries < PATIENT_TRIES; tries++) {
    try {
      await client.query('begin; set local statement_timeout = 0')
      const rows = await ask()
      await client.query('commit')
      return rows
    } catch (error) {
      if (!isTimeout(error)) throw error
      await client.query('rollback').catch(() => {})
    }
  }
  throw new AppError(
    'DATABASE_ERROR',
    'PostgreSQL ends the statements of the user before a connection is set up.',
    {
      suggestion:
        'Raise its limit: ALTER ROLE … SET statement_timeout, or RESET it (ALTER DATABASE likewise).',
    },
  )
}

function isTimeout(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '57014'
}

/** Triggers put entries into the index: without them what is written is not found. Only a superuser may say that they fire. */
async function fireTriggers(client: ClientBase, { pooled }: Greeted): Promise<void> {
  try {
    if (!pooled)
      return void (await client.query(`select set_config('session_replication_role', 'origin', false)`))
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === '42501')) throw error
  }
  throw new AppError(
    'DATABASE_ERROR',
    'For the user session_replication_role is replica: no triggers fire, and no entry would be found.',
    {
      suggestion:
        'Take it off: ALTER ROLE … RESET session_replication_role (ALTER DATABASE likewise), or give another user in AGENT_MEMORY_PG_USER.',
    },
  )
}

/** The connections of one pool. */
export class Sessions {
  /** Set by each new connection. */
  readonly clock = new DatabaseClock()
  #limits: SessionLimits
  readonly #endpoints: Endpoints
  #standbysInARow = 0
  #primaryLeftAt = -Infinity
  #standbySeenAt = -Infinity
  #isPooled = false

  constructor(limits: SessionLimits, endpoints: Endpoints) {
    this.#limits = limits
    this.#endpoints = endpoints
  }

  /** Through a pooler that may give each transaction another server process. */
  get isPooled(): boolean {
    return this.#isPooled
  }

  get limits(): SessionLimits {
    return this.#limits
  }

  /** Where the tables are has been found: so it is on the one connection that the pool has, and on every later one. */
  async settleIn(pool: Pool, searchPath: string): Promise<void> {
    this.#limits = { ...this.#limits, searchPath }
    await pool.query(`select set_config('search_path', $1, $2)`, [searchPath, this.#isPooled])
  }

  /** Connections may be old: asks for the time again. */
  async askClock(pool: Pool): Promise<void> {
    const askedAt = performance.now()
    const { rows } = await pool.query<{ now: string }>(`select ${NOW} as now`)
    if (rows[0]) this.clock.told(Number(rows[0].now), askedAt)
  }

  /** Lately a connection led to a standby: what is read there may be old. */
  get hasMetStandby(): boolean {
    return performance.now() - this.#standbySeenAt < STANDBY_SEEN_MS
  }

  /** Looks at a new connection. Throws for one that is of no use: it is closed, and the next try makes another. */
  async greet(client: ClientBase & { readonly endpoint?: PostgresEndpoint }): Promise<void> {
    const { searchPath, statementTimeoutMs, idleInTransactionMs } = this.#limits
    const limits = [String(statementTimeoutMs), String(idleInTransactionMs), searchPath]
    const askedAt = performance.now()
    const rows = await greeting(client, [processOf(client), ...limits])
    if (rows[0]) this.clock.told(Number(rows[0].now), askedAt)
    if (rows[0]?.quiet) await fireTriggers(client, rows[0])
    const { pooled: isPooled = false, standby: isStandby = false, fixed: isReadOnly = false } = rows[0] ?? {}
    if (isStandby) this.#meetStandby(client.endpoint)
    this.#isPooled = isPooled
    sessions.set(client, { isPooled, isStandby, isReadOnly, madeAt: performance.now() })
    if (!isStandby) this.#standbysInARow = 0
  }

  /** A connection was closed. */
  left(client: object): void {
    if (sessions.get(client)?.isStandby === false) this.#primaryLeftAt = performance.now()
  }

  /** A transaction of a pooler was begun on a standby. */
  standbyMet(): StandbyError {
    this.#standbySeenAt = performance.now()
    return new StandbyError('the pooler led to a standby')
  }

  /**
   * The next try may lead to the primary: to another server, or past a balancer that knows nothing of
   * standbys. One that is met again and again is all there is, and old answers are better than none; but not
   * right after the primary was there, when a caller that wrote a moment ago would not find its write.
   */
  #meetStandby(endpoint: PostgresEndpoint | undefined): void {
    if (this.#endpoints.count === 1) this.#standbySeenAt = performance.now()
    else if (endpoint) this.#endpoints.skip(endpoint)
    const isSwitching = performance.now() - this.#primaryLeftAt < SWITCH_OVER_MS
    if (++this.#standbysInARow < STANDBYS_IN_A_ROW * this.#endpoints.count || isSwitching)
      throw new StandbyError('this server is a standby')
  }
}

export function isPooled(client: object): boolean {
  return sessions.get(client)?.isPooled === true
}

/** Writers have no use for it, unless it is brand-new: then the server is so. */
export function isReadOnlySince(client: object, moment: number): boolean {
  const session = sessions.get(client)
  return session?.isReadOnly === true && session.madeAt < moment
}

export function isOnStandby(client: object): boolean {
  return sessions.get(client)?.isStandby === true
}

/** It is of no more use: the pool closes it when it comes back. */
export function isSpent(client: object): boolean {
  const session = sessions.get(client)
  return session?.isReadOnly === true && performance.now() - session.madeAt > READ_ONLY_MS
}

/** The same for a connection of no pool. */
export async function isPooledClient(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>(`${ON_PRIMARY}select pg_backend_pid() as pid`)
  return rows[0]?.pid !== processOf(client)
}

/** Of the server process that the server, or a pooler in its place, has named when the connection was made. */
function processOf(client: object): number {
  return 'processID' in client && typeof client.processID === 'number' ? client.processID : 0
}
