import { randomBytes } from 'node:crypto'
import { link, lstat, open, rename, rm } from 'node:fs/promises'
import { AppError } from '../../../domain/errors.ts'

/** Where an export goes. */
export interface Output {
  write(text: string): Promise<void>
  /** Makes what was written last, under its name. */
  finish(): Promise<void>
  /** Takes away what was left unfinished. Fine after `finish`. */
  close(): Promise<void>
}

const PIECE = 64 * 1024

/** The reader has closed the pipe, as `| head` does. */
export class ReaderGone extends AppError {
  constructor() {
    super('INVALID_PARAMETER', 'Nobody reads the output any more.')
  }
}

/** Lines gathered to pieces that are worth a system call. */
function inPieces(write: (text: string) => Promise<void>): {
  write: Output['write']
  flush: () => Promise<void>
} {
  let kept = ''
  const flush = async () => {
    const text = kept
    kept = ''
    if (text !== '') await write(text)
  }
  return {
    flush,
    async write(text) {
      kept += text
      if (kept.length >= PIECE) await flush()
    },
  }
}

export function streamOutput(stream: NodeJS.WritableStream): Output {
  const { write, flush } = inPieces(
    (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error) => (error ? reject(new ReaderGone()) : resolve()))
      }),
  )
  return { write, finish: flush, close: async () => {} }
}

/** A new file for its owner only; it appears under its name when it is whole. */
export async function fileOutput(path: string): Promise<Output> {
  if (await isTaken(path)) throw taken(path)
  // A name of its own: two exports to one name at once do not write into each other.
  const part = `${path}.${randomBytes(4).toString('hex')}.part`
  const file = await tried(path, () => open(part, 'wx', 0o600))
  const { write, flush } = inPieces((text) => tried(path, () => file.writeFile(text)))
  return {
    write,
    async finish() {
      await flush()
      await tried(path, () => file.sync())
      await putInPlace(part, path)
    },
    async close() {
      await file.close()
      await rm(part, { force: true })
    },
  }
}

/** A link is made only where nothing has the name; file systems without links get the next best. */
async function putInPlace(part: string, path: string): Promise<void> {
  try {
    await link(part, path)
  } catch (error) {
    if (isCode(error, 'EEXIST')) throw taken(path)
    if (await isTaken(path)) throw taken(path)
    await tried(path, () => rename(part, path))
  }
}

function taken(path: string): AppError {
  return new AppError('ALREADY_EXISTS', `${path} exists; an export never replaces a file.`, {
    suggestion: 'Name another file, or move that one away; - writes to stdout, for a pipe or a device.',
  })
}

/** Something of any kind: a folder, a pipe, a link that leads nowhere. */
async function isTaken(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return false
    throw error
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

export async function tried<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
    throw new AppError('INVALID_FILE_PATH', `${path} cannot be written${code}.`, {
      cause,
      suggestion: 'Check the folder, its rights and its free space.',
    })
  }
}
