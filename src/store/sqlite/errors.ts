import { AppError } from '../../domain/errors.ts'
import { obstacleOf } from './file/obstacle.ts'

// Primary result codes of SQLite: https://www.sqlite.org/rescode.html
const NO_RIGHT = 3
const BUSY = 5
const LOCKED = 6
const CORRUPT = 11
const READ_ONLY = 8
const DISK = 10
const FULL = 13
const CANNOT_OPEN = 14
const NOT_A_DATABASE = 26
/** "no such table", among others. */
const SQL_ERROR = 1
/** Of a full disk, of a read-only one and of a broken one SQLite may say the same. */
const VAGUE: ReadonlySet<number> = new Set([DISK, CANNOT_OPEN])
const UNREADABLE = new Set([SQL_ERROR, CORRUPT, NOT_A_DATABASE])

interface Cause {
  readonly message: (path: string) => string
  readonly suggestion: string
}

const CAUSES: ReadonlyMap<number, Cause> = new Map([
  [
    NO_RIGHT,
    {
      message: (p) => `No permission for ${p}.`,
      suggestion: 'Give the user that runs agent-memory read and write rights.',
    },
  ],
  [
    BUSY,
    {
      message: (p) => `${p} stayed busy for too long.`,
      suggestion: 'Look for a process that holds the database in a long transaction, then try again.',
    },
  ],
  [
    READ_ONLY,
    {
      message: (p) => `${p} or its folder is read-only; nothing was written.`,
      suggestion:
        'Make the file and its folder writable, or point AGENT_MEMORY_DATA_DIR at a folder that is.',
    },
  ],
  [
    DISK,
    {
      message: (p) => `The disk failed while ${p} was in use; the transaction was rolled back.`,
      suggestion:
        'Check the disk, its free space and limits on the size of files (ulimit -f), then try again.',
    },
  ],
  [
    CORRUPT,
    {
      message: (p) => `${p} is damaged. It was not changed.`,
      suggestion: 'Restore a backup with `agent-memory restore <file>`; keep the damaged file.',
    },
  ],
  [
    FULL,
    {
      message: (p) => `The disk that holds ${p} is full; the transaction was rolled back.`,
      suggestion: 'Free some space and try again.',
    },
  ],
  [
    CANNOT_OPEN,
    {
      message: (p) => `${p} cannot be opened.`,
      suggestion: 'Check that the folder exists and that the user may read and write it.',
    },
  ],
  [
    NOT_A_DATABASE,
    {
      message: (p) => `${p} is not a SQLite database. It was not touched.`,
      suggestion: 'Point AGENT_MEMORY_DB_PATH at another file, or move this one away.',
    },
  ],
])

/** True when another connection is writing: the same transaction can succeed a moment later. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error)
  return code === BUSY || code === LOCKED
}

/** The caller's view of an error of the driver or the file system. Never repeats the driver's text. */
export function toAppError(error: unknown, path: string): AppError {
  if (error instanceof AppError) return error
  const code = causeCode(error)
  const cause = (VAGUE.has(code) ? causeAt(path) : undefined) ?? CAUSES.get(code)
  if (!cause) return new AppError('DATABASE_ERROR', 'The database refused the operation.', { cause: error })
  return new AppError('DATABASE_ERROR', cause.message(path), { suggestion: cause.suggestion, cause: error })
}

const CODES = { 'read-only': READ_ONLY, 'no right': NO_RIGHT, full: FULL } as const

function causeAt(path: string): Cause | undefined {
  const obstacle = obstacleOf(path)
  if (obstacle?.kind !== 'path') return obstacle && CAUSES.get(CODES[obstacle.kind])
  return {
    message: () => `${obstacle.path} is ${obstacle.is}, not a folder.`,
    suggestion: 'Name another folder, or move that one away.',
  }
}

/** True where the file or its folder may not be written to. */
export function isReadOnly(error: unknown): boolean {
  return causeCode(error) === READ_ONLY
}

/** True when there is no space left to write to. */
export function isFull(error: unknown): boolean {
  return causeCode(error) === FULL
}

/** True for a file in which SQLite does not find what it should: pages, or whole tables. */
export function isUnreadable(error: unknown): boolean {
  return UNREADABLE.has(primaryCode(error) ?? -1)
}

/** True for the troubles of the table above: their own message says more than what was being done. */
export function isKnown(error: unknown): boolean {
  return CAUSES.has(causeCode(error))
}

function causeCode(error: unknown): number {
  return primaryCode(error) ?? fileSystemCode(error) ?? -1
}

function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined
  return error.errcode & 0xff
}

const UNUSABLE_PATHS: ReadonlySet<unknown> = new Set([
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EEXIST',
  'ELOOP',
  'ENAMETOOLONG',
])

function fileSystemCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  if (error.code === 'EACCES' || error.code === 'EPERM') return NO_RIGHT
  if (error.code === 'EROFS') return READ_ONLY
  if (error.code === 'ENOSPC') return FULL
  return UNUSABLE_PATHS.has(error.code) ? CANNOT_OPEN : undefined
}
