import { AppError } from '../../domain/errors.ts'

interface Cause {
  readonly message: (address: string, error: unknown) => string
  readonly suggestion: string
  readonly name?: 'INVALID_PARAMETER'
}

/** A commit whose answer never came: the change may be stored or not, so it must not be tried again blindly. */
export class CommitUnknownError extends Error {
  override readonly name = 'CommitUnknownError'
}

const AWAY = cause(
  (a) => `PostgreSQL is away (${a}).`,
  'Nothing was changed. Try again: the connection is made anew for each call.',
)
const SILENT = cause(
  (a) => `PostgreSQL did not answer in time (${a}).`,
  'Try again; check the network and the firewall between here and the server if it stays.',
)
const UNKNOWN_HOST = cause(
  (a) => `The host of PostgreSQL is unknown (${a}).`,
  'Correct AGENT_MEMORY_PG_HOST or AGENT_MEMORY_PG_URL.',
)
const EXHAUSTED = cause(
  (a) => `Every connection of this process to PostgreSQL stayed busy for too long (${a}).`,
  'Try again; raise AGENT_MEMORY_PG_POOL_MAX if it happens often.',
)
const TLS = cause(
  (a) => `The TLS connection to PostgreSQL failed its check (${a}).`,
  'Give Node the private CA with NODE_EXTRA_CA_CERTS, or set AGENT_MEMORY_PG_SSL_REJECT_UNAUTHORIZED=false if you accept any certificate.',
)
const NO_TLS = cause(
  (a) => `The server at ${a} does not speak TLS.`,
  'Turn TLS on there (ssl = on), or set AGENT_MEMORY_PG_SSL=false.',
)
const UNREADABLE_FILE = cause(
  (a) => `A file that the address of PostgreSQL names cannot be read (${a}).`,
  'Correct the path of the certificate (sslrootcert, sslcert, sslkey) or of the socket in it.',
)
const UNKNOWN_COMMIT = cause(
  (a) => `PostgreSQL went away while it stored the change (${a}): it may be stored or not.`,
  'Read it before you try again.',
)

// SQLSTATE and Node's error codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
const CAUSES: Readonly<Record<string, Cause>> = {
  ECONNREFUSED: cause(
    (a, error) => `PostgreSQL refused the connection (connect ECONNREFUSED ${endpointOf(error) ?? a}).`,
    'Start the server, or correct AGENT_MEMORY_PG_HOST and AGENT_MEMORY_PG_PORT.',
  ),
  ENOENT: UNREADABLE_FILE,
  EACCES: UNREADABLE_FILE,
  ENOTFOUND: UNKNOWN_HOST,
  EAI_AGAIN: UNKNOWN_HOST,
  ETIMEDOUT: SILENT,
  '28P01': cause(
    (a) => `PostgreSQL refused the password (${a}).`,
    'Correct AGENT_MEMORY_PG_USER and AGENT_MEMORY_PG_PASSWORD.',
  ),
  '28000': cause(
    (a) => `PostgreSQL refused the user (${a}).`,
    'Correct AGENT_MEMORY_PG_USER, or allow it in pg_hba.conf; some servers need AGENT_MEMORY_PG_SSL=true.',
  ),
  '3D000': cause(
    (a) => `The database does not exist (${a}).`,
    'Create it (createdb), or correct AGENT_MEMORY_PG_DATABASE.',
  ),
  '42501': cause(
    (a) => `The user lacks rights in ${a}.`,
    'Let it create tables there: GRANT USAGE, CREATE ON SCHEMA public TO the user; on restored tables also all rights on them.',
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
  '25006': cause((a) => `PostgreSQL is read-only (${a}).`, 'Connect to the primary, not to a standby.'),
  '22021': {
    ...cause(() => 'A text holds a NUL, which PostgreSQL cannot store.', 'Take the NUL out and call again.'),
    name: 'INVALID_PARAMETER',
  },
}

const ROLE_LIMIT = /too many connections/
const AWAY_CODES = new Set(
  'ECONNRESET EPIPE ECONNREFUSED ECONNABORTED EHOSTUNREACH ENETUNREACH ETIMEDOUT EAI_AGAIN 25P03 57P01 57P02 57P03 57P05 08000 08001 08003 08004 08006'.split(
    ' ',
  ),
)
/** What pg says without a code. */
const AWAY_MESSAGES =
  /^Connection terminated|^Client has encountered a connection error|^Query read timeout|^Client was closed/
const COLLISIONS = new Set(['40001', '40P01', '55P03'])

/** Two transactions got in each other's way: the same one may succeed a moment later. */
export function isCollision(error: unknown): boolean {
  return COLLISIONS.has(codeOf(error))
}

/** The server restarts, fails over, or the connection to it broke: nothing was committed, unless COMMIT was sent. */
export function isAway(error: unknown): boolean {
  if (AWAY_CODES.has(codeOf(error))) return true
  return error instanceof Error && AWAY_MESSAGES.test(error.message)
}

/** The caller's view of an error of the driver. Never repeats the driver's text, which may hold values. */
export function toAppError(error: unknown, address: string): AppError {
  if (error instanceof AppError) return error
  const known = causeOf(error)
  if (!known) return new AppError('DATABASE_ERROR', 'The database refused the operation.', { cause: error })
  const { message, suggestion, name = 'DATABASE_ERROR' } = known
  return new AppError(name, message(address, error), { suggestion, cause: error })
}

function causeOf(error: unknown): Cause | undefined {
  if (error instanceof CommitUnknownError) return UNKNOWN_COMMIT
  const code = codeOf(error)
  const message = error instanceof Error ? error.message : ''
  if (ROLE_LIMIT.test(message)) return CAUSES['53300']
  if (CAUSES[code]) return CAUSES[code]
  if (/timeout exceeded when trying to connect/.test(message)) return EXHAUSTED
  if (/due to connection timeout|^Query read timeout/.test(message)) return SILENT
  if (/does not support SSL/.test(message)) return NO_TLS
  if (/CERT|TLS|SSL|UNABLE_TO_(GET|VERIFY)/.test(code)) return TLS
  return isAway(error) ? AWAY : undefined
}

/** `localhost` on two addresses gives an AggregateError: its first part says why. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error
}

function codeOf(error: unknown): string {
  const first = firstOf(error)
  return first instanceof Error && 'code' in first && typeof first.code === 'string' ? first.code : ''
}

function endpointOf(error: unknown): string | undefined {
  const first = firstOf(error)
  if (!(first instanceof Error && 'address' in first)) return undefined
  return 'port' in first ? `${first.address}:${first.port}` : String(first.address)
}

function cause(message: Cause['message'], suggestion: string): Cause {
  return { message, suggestion }
}
