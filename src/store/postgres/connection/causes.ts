/** What an error of the driver, the server or a pooler means, and what to do about it. */
export interface Cause {
  readonly message: (address: string, error: unknown) => string
  readonly suggestion: string
  readonly name?: 'INVALID_PARAMETER'
}

export const AWAY = cause(
  (a) => `PostgreSQL is away (${a}).`,
  'Nothing was changed. Try again: the connection is made anew for each call.',
)
export const SILENT = cause(
  (a) => `PostgreSQL did not answer in time (${a}).`,
  'Try again; check the network and the firewall between here and the server if it stays.',
)
const UNKNOWN_HOST = cause(
  (a) => `The host of PostgreSQL is unknown (${a}).`,
  'Correct AGENT_MEMORY_PG_HOST, or the host in AGENT_MEMORY_PG_URL.',
)
export const EXHAUSTED = cause(
  (a) => `Every connection of this process to PostgreSQL stayed busy for too long (${a}).`,
  'Try again; raise AGENT_MEMORY_PG_POOL_MAX if it happens often.',
)
export const TLS = cause(
  (a) => `The TLS connection to PostgreSQL failed its check (${a}).`,
  'Give Node the private CA with NODE_EXTRA_CA_CERTS, or set AGENT_MEMORY_PG_SSL_REJECT_UNAUTHORIZED=false if you accept any certificate.',
)
export const NO_TLS = cause(
  (a) => `The server at ${a} does not speak TLS.`,
  'Turn TLS on there (ssl = on), or set AGENT_MEMORY_PG_SSL=false; what AGENT_MEMORY_PG_URL says (sslmode, ssl) goes before it.',
)
const UNREADABLE_FILE = cause(
  (a) => `A file that the address of PostgreSQL names cannot be read (${a}).`,
  'Correct the path of the certificate (sslrootcert, sslcert, sslkey) or of the socket in it.',
)
export const UNKNOWN_COMMIT = cause(
  (a) => `PostgreSQL went away while it stored the change (${a}): it may be stored or not.`,
  'Read it before you try again.',
)

const MISSING_PART = cause(
  (a) => `A table, column or function of the memory is missing in ${a}.`,
  'Start the server anew; agent-memory doctor names what is missing. Was the database restored in part, or search_path changed?',
)
const DAMAGED = cause(
  (a) => `PostgreSQL found damaged data (${a}).`,
  'Do not go on writing: look into its log, and restore a backup.',
)
const STATEMENT_MODE = cause(
  (a) => `The pooler at ${a} is in statement mode, which allows no transactions.`,
  'Set pool_mode of PgBouncer to session or transaction for this database.',
)
const POOLER_FULL = cause(
  (a) => `The pooler at ${a} takes no more connections, or had no server connection free in time.`,
  'Lower AGENT_MEMORY_PG_POOL_MAX, or raise max_client_conn and default_pool_size of PgBouncer.',
)
export const POOLER_ALONE = cause(
  (a) => `The pooler at ${a} cannot reach PostgreSQL.`,
  'Look into the log of the pooler, and whether the server behind it runs.',
)
const POOLER_PARAMETER = cause(
  (a) => `The pooler at ${a} refuses a parameter of the connection.`,
  'Leave out options= in AGENT_MEMORY_PG_URL and PGOPTIONS, or name it in ignore_startup_parameters of PgBouncer.',
)
const POOLER_LOGIN = cause(
  (a) => `The pooler at ${a} does not know the user or its password.`,
  'Correct AGENT_MEMORY_PG_USER and AGENT_MEMORY_PG_PASSWORD, or user and password in AGENT_MEMORY_PG_URL, or add the user to auth_file of the pooler.',
)
const POOLER_DATABASE = cause(
  (a) => `The pooler has no such database (${a}).`,
  'Correct AGENT_MEMORY_PG_DATABASE, or the database in AGENT_MEMORY_PG_URL, or add it to [databases] of the pooler.',
)

/** What a server says of the user itself; in another language than English the code alone tells. */
export const OF_USERS: readonly (readonly [code: string, pattern: RegExp, cause: Cause])[] = [
  [
    '53300',
    /for role/,
    cause(
      (a) => `PostgreSQL has no connection left for the user (${a}).`,
      'Lower AGENT_MEMORY_PG_POOL_MAX, or raise the limit of the user: ALTER ROLE … CONNECTION LIMIT, -1 for none.',
    ),
  ],
  [
    '53300',
    /for database/,
    cause(
      (a) => `PostgreSQL has no connection left for the database (${a}).`,
      'Lower AGENT_MEMORY_PG_POOL_MAX, or raise the limit of the database: ALTER DATABASE … CONNECTION LIMIT, -1 for none.',
    ),
  ],
  [
    '28000',
    /not permitted to log in/,
    cause(
      (a) => `PostgreSQL does not let the user log in (${a}).`,
      'Allow it (ALTER ROLE … LOGIN), or give another user in AGENT_MEMORY_PG_USER, or in AGENT_MEMORY_PG_URL.',
    ),
  ],
]

/** Poolers have one code for many things. */
export const OF_POOLERS: readonly (readonly [pattern: RegExp, cause: Cause])[] = [
  [/transaction blocks not allowed/, STATEMENT_MODE],
  [/unsupported startup parameter/, POOLER_PARAMETER],
  [/no such database/, POOLER_DATABASE],
  [/no such user|auth failed|password authentication failed|SASL|authentication/i, POOLER_LOGIN],
  [/no more connections allowed|query_wait_timeout|too many clients|client_login_timeout/, POOLER_FULL],
  [/server login|cannot connect|server conn|pooler is|bouncer|server_/, POOLER_ALONE],
]

/** By the first two signs of the code, where nothing closer is known. */
export const CLASSES: Readonly<Record<string, readonly [problem: string, suggestion: string]>> = {
  '08': ['The connection to PostgreSQL failed', 'Try again; look at the server and the network if it stays.'],
  '0A': [
    'PostgreSQL does not support what was asked',
    'Use PostgreSQL 14 or later, not another server that speaks its protocol.',
  ],
  '22': [
    'PostgreSQL refused a value',
    'Change the value that was given last, and tell us: it should have been refused before.',
  ],
  '23': [
    'PostgreSQL refused a row that contradicts another',
    'Read what is there and try again; agent-memory doctor looks for broken rows.',
  ],
  '25': [
    'PostgreSQL ended the transaction',
    'Try again; look at the time limits of this user on the server (idle_in_transaction_session_timeout, transaction_timeout).',
  ],
  '28': [
    'PostgreSQL refused the login',
    'Correct AGENT_MEMORY_PG_USER and AGENT_MEMORY_PG_PASSWORD, user and password in AGENT_MEMORY_PG_URL, or pg_hba.conf.',
  ],
  '2D': ['PostgreSQL ended the transaction', 'Try again.'],
  '40': ['The transaction was rolled back', 'Try again.'],
  '42': [
    'PostgreSQL refused a statement',
    'Are the tables those of this version? agent-memory doctor tells.',
  ],
  '53': ['PostgreSQL has not enough resources', 'Look at disk, memory and connections of the server.'],
  '54': [
    'A limit of PostgreSQL is exceeded',
    'Make what is stored smaller, or raise the limit on the server.',
  ],
  '55': ['PostgreSQL cannot do that in its present state', 'Look into its log, and try again.'],
  '57': ['An operator or PostgreSQL itself ended the statement', 'Try again; look into its log if it stays.'],
  '58': ['PostgreSQL met an error of its system', 'Look into its log and at its disk.'],
  F0: ['PostgreSQL found its configuration in error', 'Look into its log.'],
  P0: [
    'A function of PostgreSQL failed',
    'Look into its log; agent-memory doctor names functions and triggers that are gone.',
  ],
  XX: ['PostgreSQL met an internal error', 'Look into its log.'],
}

// SQLSTATE and Node's error codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
export const CAUSES: Readonly<Record<string, Cause>> = {
  ECONNREFUSED: cause(
    (a, error) => `PostgreSQL refused the connection (connect ECONNREFUSED ${endpointOf(error) ?? a}).`,
    'Start the server, or correct AGENT_MEMORY_PG_HOST and AGENT_MEMORY_PG_PORT, or host and port in AGENT_MEMORY_PG_URL.',
  ),
  ENOENT: UNREADABLE_FILE,
  EACCES: UNREADABLE_FILE,
  ENOTFOUND: UNKNOWN_HOST,
  EAI_AGAIN: UNKNOWN_HOST,
  ETIMEDOUT: SILENT,
  '28P01': cause(
    (a) => `PostgreSQL refused the password (${a}).`,
    'Correct AGENT_MEMORY_PG_USER and AGENT_MEMORY_PG_PASSWORD, or user and password in AGENT_MEMORY_PG_URL.',
  ),
  '28000': cause(
    (a) => `PostgreSQL refused the user (${a}).`,
    'Correct AGENT_MEMORY_PG_USER, or the user in AGENT_MEMORY_PG_URL, or allow it in pg_hba.conf; some servers need AGENT_MEMORY_PG_SSL=true.',
  ),
  '3D000': cause(
    (a) => `The database does not exist (${a}).`,
    'Create it (createdb), or correct AGENT_MEMORY_PG_DATABASE, or the database in AGENT_MEMORY_PG_URL.',
  ),
  '42501': cause(
    (a) => `The user lacks rights in ${a}.`,
    'Let it create tables in the schema that search_path names first (public unless it was set): GRANT USAGE, CREATE ON SCHEMA … TO the user; on restored tables also all rights on them.',
  ),
  '53200': cause(
    (a) => `PostgreSQL has no memory left (${a}).`,
    'Look at the memory of the server and at work_mem and shared_buffers, and try again.',
  ),
  '53300': cause(
    (a) => `PostgreSQL has no connection left (${a}).`,
    'Lower AGENT_MEMORY_PG_POOL_MAX or raise max_connections on the server.',
  ),
  '57014': cause(
    (a) => `A statement took too long and was ended (${a}).`,
    'Try again; raise AGENT_MEMORY_PG_STATEMENT_TIMEOUT_MS if it stays.',
  ),
  '53100': cause(
    (a) => `The disk of PostgreSQL is full (${a}).`,
    'Free some space on the server and try again.',
  ),
  '25006': cause(
    (a) => `PostgreSQL is read-only (${a}).`,
    'Connect to the primary, not to a standby. Where the user or the database is set to read only, ALTER ROLE … RESET default_transaction_read_only takes it off (ALTER DATABASE likewise); where it is only for a while (a full disk, a failover), writes go on by themselves after it.',
  ),
  '25P03': cause(
    (a) => `PostgreSQL ended a transaction that this process did not go on with in time (${a}).`,
    'Nothing was changed. The machine of this process is overloaded, or the process stood still: try again; raise idle_in_transaction_session_timeout in AGENT_MEMORY_PG_URL if it stays.',
  ),
  '25P04': cause(
    (a) => `A transaction took longer than the server allows (${a}).`,
    'Raise transaction_timeout of this user on the server, and try again.',
  ),
  '42P01': MISSING_PART,
  '42703': MISSING_PART,
  '42883': MISSING_PART,
  '3F000': MISSING_PART,
  '55000': cause(
    (a) => `PostgreSQL cannot do that in its present state (${a}).`,
    'Look into its log: a table in a publication may lack a replica identity, or the server may be in recovery.',
  ),
  '55P03': cause(
    (a) => `Another connection kept what is needed locked (${a}).`,
    'Try again when it is done: pg_stat_activity shows it.',
  ),
  '23505': cause(
    (a) =>
      `A number or name that PostgreSQL gave out is taken already (${a}): a sequence may be behind its table.`,
    'Start the server anew, which raises the sequences, or call agent-memory doctor --mend.',
  ),
  '57P04': cause(
    (a) => `The database was dropped while it was in use (${a}).`,
    'Restore it, or correct AGENT_MEMORY_PG_DATABASE, or the database in AGENT_MEMORY_PG_URL, and start again.',
  ),
  '58030': cause(
    (a) => `PostgreSQL could not read or write a file of its own (${a}).`,
    'Look into its log and at its disk.',
  ),
  XX001: DAMAGED,
  XX002: DAMAGED,
  '08P01': cause(
    (a) => `PostgreSQL or a pooler in front of it broke the conversation off (${a}).`,
    'Look into the log of the pooler (PgBouncer, pgpool).',
  ),
  '22021': {
    ...cause(() => 'A text holds a NUL, which PostgreSQL cannot store.', 'Take the NUL out and call again.'),
    name: 'INVALID_PARAMETER',
  },
}

function endpointOf(error: unknown): string | undefined {
  const first = firstOf(error)
  if (!(first instanceof Error && 'address' in first)) return undefined
  return 'port' in first ? `${first.address}:${first.port}` : String(first.address)
}

export function cause(message: Cause['message'], suggestion: string): Cause {
  return { message, suggestion }
}

/** `localhost` on two addresses gives an AggregateError: its first part says why. */
export function firstOf(error: unknown): unknown {
  return error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error
}
