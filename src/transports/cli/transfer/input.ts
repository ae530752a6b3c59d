import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../../domain/errors.ts'

/** A file that can be read several times. */
export interface Input {
  open(): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

export async function fileInput(path: string): Promise<Input> {
  const found = await tried(path, () => stat(path))
  if (!found.isFile()) {
    throw new AppError('INVALID_FILE_PATH', `${path} is not a file.`, {
      suggestion: 'Give a file, or - for stdin.',
    })
  }
  return { open: () => chunksOf(path), close: async () => {} }
}

/** All of stdin, kept in a file that only its owner may read: an import reads twice. */
export async function streamInput(stream: NodeJS.ReadableStream): Promise<Input> {
  const folder = await mkdtemp(join(tmpdir(), 'agent-memory-import-'))
  const close = () => rm(folder, { recursive: true, force: true })
  const path = join(folder, 'stdin')
  try {
    await pipeline(stream, createWriteStream(path, { mode: 0o600, flags: 'wx' }))
  } catch (cause) {
    await close()
    throw new AppError('INVALID_FILE_PATH', `stdin cannot be kept in ${folder}.`, {
      cause,
      suggestion: 'Check the free space there (TMPDIR), or give a file.',
    })
  }
  return { open: () => chunksOf(path), close }
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(path)
  try {
    for await (const chunk of stream) yield Buffer.from(chunk)
  } catch (cause) {
    throw cannotRead(path, cause)
  } finally {
    stream.destroy()
  }
}

export async function tried<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw cannotRead(path, cause)
  }
}

function cannotRead(path: string, cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
  return new AppError('INVALID_FILE_PATH', `${path} cannot be read${code}.`, {
    cause,
    suggestion: 'Check the name and the rights.',
  })
}
