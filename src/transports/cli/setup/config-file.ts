import { createHash, randomUUID } from 'node:crypto'
import { lstat, mkdir, open, readFile, readlink, realpath, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { AppError } from '../../../domain/errors.ts'
import { makeFolder } from '../../../make-folder.ts'
import { decodeConfig } from './editing/editor.ts'

/** A client's configuration file as it was read. */
export interface ConfigFile {
  /** The path that the client knows. */
  readonly path: string
  /** The file that is written: where a symbolic link leads. */
  readonly target: string
  /** Undefined: there is none yet. */
  readonly text: string | undefined
  readonly mode: number
  readonly owner: { readonly uid: number; readonly gid: number } | undefined
}

/** Two kinds of change to one file have a backup each. */
type BackupKind = 'setup' | 'hooks'

export function backupPath(path: string, kind: BackupKind = 'setup'): string {
  return `${path}.agent-memory${kind === 'setup' ? '' : `-${kind}`}.bak`
}

/** Reads the file that a client would read; `newMode` is for one that is not there yet. */
export async function readConfigFile(path: string, newMode: number): Promise<ConfigFile> {
  return describeFailure('read', path, async () => {
    const target = await followLinks(path)
    const found = await stat(target).catch(ignoreMissing)
    if (found === undefined) return { path, target, text: undefined, mode: newMode, owner: undefined }
    if (!found.isFile()) throw refused(path, 'is not a file', 'Move it away and run the command again.')
    const text = decodeConfig(await readFile(target), path)
    return { path, target, text, mode: found.mode & 0o7777, owner: { uid: found.uid, gid: found.gid } }
  })
}

/** The text of before our first change, if there is one. */
export async function readBackup(path: string, kind?: BackupKind): Promise<string | undefined> {
  const backup = backupPath(path, kind)
  return describeFailure('read', backup, async () => {
    const found = await lstat(backup).catch(ignoreMissing)
    if (found === undefined) return undefined
    // A pipe would be waited on for ever, and what a link leads to is nothing that we wrote.
    if (!found.isFile()) throw refused(backup, 'is not a file', 'Move it away and run the command again.')
    return decodeConfig(await readFile(backup), backup)
  })
}

interface NewContent {
  /** Undefined: the file goes. */
  readonly text: string | undefined
  /** Undefined: the backup beside the file stays as it is. */
  readonly backup: string | undefined
  readonly kind?: BackupKind
}

/**
 * Puts the new text in the place of the old in one step, unless the file has changed since it was read. The backup is
 * first: a failure between the two leaves a copy too many, not one too few. It may hold secrets, so it is as private as the file.
 */
export async function writeConfigFile(file: ConfigFile, content: NewContent): Promise<void> {
  const { text, backup, kind } = content
  await withFileLock(file.target, () =>
    describeFailure('write', file.path, async () => {
      const now = await readConfigFile(file.path, file.mode)
      if (now.text !== file.text || now.target !== file.target) throw changedMeanwhile(file.path)
      if (backup !== undefined) await replaceFile(file, backupPath(file.path, kind), backup)
      if (text === undefined) return await rm(file.target)
      makeFolder(dirname(file.target), 0o777)
      await replaceFile(file, file.target, text)
    }),
  )
}

export async function removeBackup(path: string, kind?: BackupKind): Promise<void> {
  await rm(backupPath(path, kind), { force: true })
}

/** No write of a settings file takes longer: the process that left the lock behind has died. */
const STALE_MS = 10_000
const PAUSE_MS = 20

/** Between the look at the file and the write no other of us may write: two that run at once lose nothing. */
async function withFileLock<T>(target: string, work: () => Promise<T>): Promise<T> {
  const name = createHash('sha256').update(target).digest('hex').slice(0, 32)
  const lock = join(tmpdir(), `agent-memory-edit-${name}`)
  for (;;) {
    const isOurs = await mkdir(lock).then(() => true, ignoreExisting)
    if (isOurs) break
    const found = await stat(lock).catch(ignoreMissing)
    if (found && Date.now() - found.mtimeMs > STALE_MS) await rm(lock, { recursive: true, force: true })
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  try {
    return await work()
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}

/** Where no lock can be made at all, the write goes on without it. */
function ignoreExisting(error: unknown): boolean {
  return !(isSystemError(error) && error.code === 'EEXIST')
}

/** Writes a neighbour first and renames it, so that no program ever reads half a file. */
async function replaceFile({ mode, owner }: ConfigFile, path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.agent-memory-${randomUUID()}.tmp`)
  try {
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(text)
      const own = await handle.stat()
      if (owner !== undefined && (own.uid !== owner.uid || own.gid !== owner.gid))
        await handle.chown(owner.uid, owner.gid)
      await handle.chmod(mode)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Where a link leads, also one whose end is not there yet. */
async function followLinks(path: string, depth = 0): Promise<string> {
  const found = await lstat(path).catch(ignoreMissing)
  if (!found?.isSymbolicLink()) return path
  const whole = await realpath(path).catch(ignoreMissing)
  if (whole !== undefined) return whole
  if (depth > 40)
    throw refused(
      path,
      'is a symbolic link that leads back to itself',
      'Remove it and run the command again.',
    )
  return followLinks(resolve(dirname(path), await readlink(path)), depth + 1)
}

/** A rename would succeed on a read-only file, but the person who made it read-only meant it. */
export function refuseReadOnly({ path, mode, text }: ConfigFile): void {
  if (text !== undefined && (mode & 0o222) === 0) {
    throw refused(path, 'is read-only', 'Make it writable and run the command again.')
  }
}

function refused(file: string, why: string, suggestion: string): AppError {
  return new AppError('PERMISSION_DENIED', `${file} ${why}. Nothing was changed.`, {
    details: { file },
    suggestion,
  })
}

function changedMeanwhile(file: string): AppError {
  return new AppError(
    'CONFLICT',
    `${file} was changed by another program just now; that change was left as it is.`,
    {
      details: { file },
      suggestion: 'Run the command again.',
    },
  )
}

/** The operating system's errors in words; its texts stay out. */
async function describeFailure<Result>(
  verb: string,
  file: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof AppError || !isSystemError(cause)) throw cause
    throw new AppError('PERMISSION_DENIED', `Cannot ${verb} ${file} (${cause.code}). Nothing was changed.`, {
      cause,
      details: { file, reason: cause.code },
      suggestion:
        'See that the file and its folder are yours to write and the disk has room, then run the command again.',
    })
  }
}

function ignoreMissing(error: unknown): undefined {
  if (isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined
  throw error
}

function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}
