import { DatabaseError } from 'pg'
import { AppError } from '../../../domain/errors.ts'
import {
  AWAY,
  CAUSES,
  type Cause,
  CLASSES,
  cause,
  EXHAUSTED,
  firstOf,
  NO_TLS,
  OF_POOLERS,
  OF_USERS,
  POOLER_ALONE,
  SILENT,
  TLS,
  UNKNOWN_COMMIT,
} from './causes.ts'
import { StandbyError } from './session.ts'

/** A commit whose answer never came: the change may be stored or not, so it must not be tried again blindly. */
export class CommitUnknownError extends Error {
  override readonly name = 'CommitUnknownError'
}

/** The tables are not those that the writer began with: nothing was committed, and it begins anew. */
export class OtherTablesError extends Error {
  override readonly name = 'OtherTablesError'
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

/** PostgreSQL ended the transaction, of which it had heard nothing for too long: whatever was sent since then it has not read. */
export function isRestedTooLong(error: unknown): boolean {
  return codeOf(error) === '25P03'
}

/** Two transactions got in each other's way: the same one may succeed a moment later. */
export function isCollision(error: unknown): boolean {
  return COLLISIONS.has(codeOf(error))
}

const CONSTRAINTS = new Set(['23503', '23505'])

/** A row that another writer has just written, or deleted, is in the way: what was looked at before is no longer so. */
export function isConstraint(error: unknown): boolean {
  return CONSTRAINTS.has(codeOf(error))
}

/** What this connection had prepared is gone, or no longer fits the tables: another connection prepares it anew. */
export function isStalePlan(error: unknown): boolean {
  const code = codeOf(error)
  if (code === '26000') return true
  return code === '0A000' && error instanceof Error && /cached plan/.test(error.message)
}

/** The server itself said so, in its place among the answers. */
export function isRefusal(error: unknown): boolean {
  return error instanceof DatabaseError
}

/** A text was to be read as a number. */
export function isNoNumber(error: unknown): boolean {
  return codeOf(error) === '22P02'
}

/** An earlier statement of the transaction has failed. */
export function isAborted(error: unknown): boolean {
  return codeOf(error) === '25P02'
}

/** What was asked would have changed something, and this connection does not allow it. */
export function isReadOnly(error: unknown): boolean {
  return codeOf(error) === '25006'
}

/** The server restarts, fails over, or the connection to it broke: nothing was committed, unless COMMIT was sent. */
export function isAway(error: unknown): boolean {
  if (error instanceof StandbyError || AWAY_CODES.has(codeOf(error)) || isPoolerAlone(error)) return true
  return error instanceof Error && AWAY_MESSAGES.test(error.message)
}

function isPoolerAlone(error: unknown): boolean {
  return error instanceof Error && codeOf(error) === '08P01' && causeOf(error) === POOLER_ALONE
}

/** The caller's view of an error of the driver. Never repeats the driver's text, which may hold values. */
export function toAppError(error: unknown, address: string): AppError {
  if (error instanceof AppError) return error
  const known = causeOf(error) ?? classOf(error)
  if (!known) return new AppError('DATABASE_ERROR', 'The database refused the operation.', { cause: error })
  const { message, suggestion, name = 'DATABASE_ERROR' } = known
  return new AppError(name, message(address, error), { suggestion, cause: error })
}

function causeOf(error: unknown): Cause | undefined {
  if (error instanceof CommitUnknownError) return UNKNOWN_COMMIT
  const code = codeOf(error)
  const message = error instanceof Error ? error.message : ''
  const ofUser = OF_USERS.find(([each, pattern]) => code === each && pattern.test(message))
  if (ofUser) return ofUser[2]
  if (ROLE_LIMIT.test(message)) return CAUSES['53300']
  const ofPooler = code === '08P01' ? OF_POOLERS.find(([pattern]) => pattern.test(message)) : undefined
  if (ofPooler) return ofPooler[1]
  if (CAUSES[code]) return CAUSES[code]
  if (/timeout exceeded when trying to connect/.test(message)) return EXHAUSTED
  if (/due to connection timeout|^Query read timeout/.test(message)) return SILENT
  if (/does not support SSL/.test(message)) return NO_TLS
  if (/CERT|TLS|SSL|UNABLE_TO_(GET|VERIFY)/.test(code)) return TLS
  return isAway(error) ? AWAY : undefined
}

/** With the code, by which an operator finds the rest. It says nothing of what was stored. */
function classOf(error: unknown): Cause | undefined {
  const code = codeOf(error)
  const [problem, suggestion] = (/^[0-9A-Z]{5}$/.test(code) && CLASSES[code.slice(0, 2)]) || []
  if (problem === undefined || suggestion === undefined) return undefined
  return cause((a) => `${problem} (SQLSTATE ${code}, ${a}).`, suggestion)
}

function codeOf(error: unknown): string {
  const first = firstOf(error)
  return first instanceof Error && 'code' in first && typeof first.code === 'string' ? first.code : ''
}
