import { masked, maskedJson } from './text/secrets.ts'

/** One row of the error table: the public code, the HTTP status, whether a retry can help, and what to do next. */
interface ErrorRow {
  readonly code: string
  readonly http: number
  readonly retryable: boolean
  readonly hint: string
}

/** Every error a caller can see. The reference page and the mappers of all transports are derived from it. */
export const ERRORS = {
  MISSING_FIELD: row('E1000', 400, 'Give the missing argument and call again.'),
  INVALID_SCOPE: row(
    'E1001',
    400,
    'Use scope_type global, org, project or session; all but global need a scope_id.',
  ),
  INVALID_ACTION: row('E1002', 400, 'Use one of the actions that the message lists.'),
  INVALID_FILE_PATH: row('E1003', 400, 'Give an absolute path, or a path relative to the project root.'),
  INVALID_PARAMETER: row('E1004', 400, 'Correct the named argument and call again.'),
  UNKNOWN_PARAMETER: row('E1005', 400, 'Remove the argument or use the name that the message suggests.'),
  TOO_LARGE: row('E1006', 413, 'Send less at once: shorten the text or split the call.'),
  NOT_FOUND: row('E2000', 404, 'Check the id or name; list or search finds what exists.'),
  ALREADY_EXISTS: row('E2001', 409, 'Update the existing one, or add with upsert: true.'),
  CONFLICT: row(
    'E2002',
    409,
    'Read the current version, merge your change into it and update with its version as base_version.',
  ),
  SECRET_REFUSED: row('E2003', 422, 'Take the secret out of the text; refer to where it is kept instead.'),
  FILE_LOCKED: row(
    'E3000',
    409,
    'Work on something else, call again after expires_at, or wait with wait_ms.',
  ),
  LOCK_NOT_FOUND: row('E3001', 404, 'Check out the file first; status shows who holds what.'),
  LOCK_EXPIRED: row('E3002', 409, 'Check the file out again and read it anew: others may have changed it.'),
  NOT_LOCK_OWNER: row('E3003', 403, 'Only the holder can do this; status shows the holder.'),
  DEADLOCK: row('E3004', 409, 'Check in one of the files you hold, then try again.'),
  LOCK_STORE_UNAVAILABLE: row('E3005', 503, 'Nothing was locked. Try again shortly.', true),
  LOCK_RECOVERING: row('E3006', 503, 'Nothing was locked. Try again after retry_after_ms.', true),
  DATABASE_ERROR: row(
    'E4000',
    503,
    'Nothing was changed. Try again; `agent-memory doctor` names the cause if it stays.',
    true,
  ),
  MIGRATION_ERROR: row('E4001', 500, 'The data is untouched. `agent-memory doctor` says what to do.'),
  INTERNAL_ERROR: row('E5001', 500, 'Look for the id in the log (stderr) and report it.'),
  PERMISSION_DENIED: row('E6000', 403, 'Ask an administrator for the right.'),
  UNAUTHENTICATED: row('E6001', 401, 'Send a valid key.'),
  RATE_LIMITED: row('E6002', 429, 'Wait for retry_after_ms and call again.', true),
} as const satisfies Record<string, ErrorRow>

export type ErrorName = keyof typeof ERRORS

/** What a caller gets to see of an error: `{error: …}` in every transport. */
export interface ErrorBody {
  readonly error: {
    readonly code: string
    readonly name: ErrorName
    readonly message: string
    readonly details?: Readonly<Record<string, unknown>>
    readonly suggestion?: string
  }
}

interface AppErrorOptions {
  readonly details?: Readonly<Record<string, unknown>>
  /** Replaces the table's hint where the case knows better. */
  readonly suggestion?: string
  readonly cause?: unknown
}

/**
 * The only error that reaches callers. `message` is written for them: no stored text, no secret, no driver text. What a server
 * said of its own accord may repeat a secret of the settings: that is masked here, where every error is made.
 */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly errorName: ErrorName
  readonly details: Readonly<Record<string, unknown>> | undefined
  readonly suggestion: string

  constructor(errorName: ErrorName, message: string, options: AppErrorOptions = {}) {
    super(masked(message), options.cause === undefined ? undefined : { cause: options.cause })
    this.errorName = errorName
    this.details = options.details && maskedJson(options.details)
    this.suggestion = masked(options.suggestion ?? ERRORS[errorName].hint)
  }

  get code(): string {
    return ERRORS[this.errorName].code
  }

  toBody(): ErrorBody {
    const { code, errorName: name, message, details, suggestion } = this
    return { error: { code, name, message, ...(details && { details }), suggestion } }
  }
}

function row(code: string, http: number, hint: string, retryable = false): ErrorRow {
  return { code, http, retryable, hint }
}
